// The labelled key derivation of HPKE (RFC 9180, 4), of its key encapsulation and of the whole suite. Inside
// crypto/ only. Any thread.
#pragma once

#include <string_view>

#include "crypto/hkdf.hpp"

namespace camgate::crypto {

/// "KEM", 0x0010: DHKEM(P-256, HKDF-SHA-256).
inline constexpr std::string_view kHpkeKem{"KEM\0\x10", 5};
/// "HPKE", that, 0x0001 HKDF-SHA-256, 0x0003 ChaCha20-Poly1305.
inline constexpr std::string_view kHpkeSuite{"HPKE\0\x10\0\x01\0\x03", 10};

[[nodiscard]] Result<Digest> labeledExtract(std::string_view suite, ByteView salt, std::string_view label,
                                            ByteView key_material);
[[nodiscard]] Result<Bytes> labeledExpand(std::string_view suite, const Digest& key, std::string_view label,
                                          ByteView info, std::size_t length_bytes);

}  // namespace camgate::crypto
