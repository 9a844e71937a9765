// ChaCha20-Poly1305 (RFC 8439): many gateway chips have no AES instructions. A nonce must never be used twice
// under one key; that is the caller's rule to keep. Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"

namespace camgate::crypto {

using AeadKey = std::array<std::uint8_t, 32>;
using AeadNonce = std::array<std::uint8_t, 12>;
constexpr std::size_t kAeadTag_bytes = 16;
using AeadTag = std::array<std::uint8_t, kAeadTag_bytes>;

/// Ciphertext, then the tag. `clear` is authenticated, not hidden.
[[nodiscard]] Result<Bytes> aeadSeal(const AeadKey& key, const AeadNonce& nonce, ByteView clear,
                                     ByteView plain);

/// Corruption: key, nonce, `clear` or `sealed` is not what was sealed.
[[nodiscard]] Result<Bytes> aeadOpen(const AeadKey& key, const AeadNonce& nonce, ByteView clear,
                                     ByteView sealed);

/// The same without a copy: `text` becomes ciphertext, or plain again.
[[nodiscard]] Result<AeadTag> aeadSealInPlace(const AeadKey& key, const AeadNonce& nonce, ByteView clear,
                                              std::span<std::uint8_t> text);
/// What `text` holds after a failure is wiped.
[[nodiscard]] Status aeadOpenInPlace(const AeadKey& key, const AeadNonce& nonce, ByteView clear,
                                     std::span<std::uint8_t> text, const AeadTag& tag);

}  // namespace camgate::crypto
