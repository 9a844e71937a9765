// HKDF with SHA-256 (RFC 5869), whole and in its two steps. Any thread.
#pragma once

#include "base/bytes.hpp"
#include "crypto/hash.hpp"

namespace camgate::crypto {

/// InvalidArgument: more than 255 x 32 bytes asked for.
[[nodiscard]] Result<Bytes> hkdfSha256(ByteView salt, ByteView key_material, ByteView info,
                                       std::size_t length_bytes);

[[nodiscard]] Result<Digest> hkdfExtract(ByteView salt, ByteView key_material);
[[nodiscard]] Result<Bytes> hkdfExpand(const Digest& key, ByteView info, std::size_t length_bytes);

}  // namespace camgate::crypto
