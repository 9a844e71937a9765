// HKDF with SHA-256 (RFC 5869), extract and expand in one. Any thread.
#pragma once

#include "base/bytes.hpp"

namespace camgate::crypto {

/// InvalidArgument: more than 255 x 32 bytes asked for.
[[nodiscard]] Result<Bytes> hkdfSha256(ByteView salt, ByteView key_material, ByteView info,
                                       std::size_t length_bytes);

}  // namespace camgate::crypto
