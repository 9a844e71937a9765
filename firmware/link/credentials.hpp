// Looks at the PEM texts before Paho does, which fails without a word on any of them. Any thread.
#pragma once

#include <string>

#include "base/result.hpp"
#include "ipc/link_messages.hpp"

namespace camgate::link {

/// InvalidArgument says which of CA, certificate and key is missing, unreadable or does not fit the others.
/// Certificate and key may both be missing, as while a gateway is enrolled; then the CA may be too.
[[nodiscard]] Status checkCredentials(const ipc::LinkSettings& settings);

/// "has expired" or "is not valid yet" by this machine's clock, else empty. For what a broker does not say:
/// with TLS 1.3 its reason is often lost when it hangs up.
std::string validityFault(const std::string& certificate_pem);

}  // namespace camgate::link
