// A slow hash of what people type: PBKDF2 with HMAC-SHA-256, 20,000 rounds (10-100 ms). It makes guessing
// dearer, not impossible: a PIN of six digits is safe only as long as its hash is not read. Any thread.
#pragma once

#include "base/bytes.hpp"
#include "crypto/hash.hpp"

namespace camgate::crypto {

[[nodiscard]] Digest passwordHash(std::string_view password, ByteView salt);

}  // namespace camgate::crypto
