// mbedTLS's return codes as errors. Inside crypto/ only. Any thread.
#pragma once

#include <string_view>

#include "base/result.hpp"

namespace camgate::crypto {

/// "doing: what mbedTLS says (-0x1234)".
[[nodiscard]] std::unexpected<Error> failMbedtls(ErrorKind kind, int code, std::string_view doing);

}  // namespace camgate::crypto
