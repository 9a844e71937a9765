// SHA-1, for WS-UsernameToken of ONVIF cameras and for the names of authorities' keys (RFC 5280, 4.2.1.2): it
// protects nothing of camgate's own. Any thread.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.hpp"

namespace camgate::crypto {

[[nodiscard]] std::array<std::uint8_t, 20> sha1(ByteView bytes);

}  // namespace camgate::crypto
