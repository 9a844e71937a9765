// Hybrid public key encryption, base mode (RFC 9180): DHKEM(P-256, HKDF-SHA-256), HKDF-SHA-256,
// ChaCha20-Poly1305. Who has the receiver's public key seals, who has its private key opens; nothing says who
// sealed. The caller numbers its messages: a number is sealed once, or again with the same bytes only.
// Any thread, one at a time.
#pragma once

#include "crypto/aead.hpp"
#include "crypto/agreement_key.hpp"

namespace camgate::crypto {

class HpkeContext {
  public:
    /// What the receiver needs of it is `ephemeral.publicPoint()`. InvalidArgument: `receiver` is no point.
    [[nodiscard]] static Result<HpkeContext> toReceiver(const PublicPoint& receiver, ByteView info,
                                                        const AgreementKey& ephemeral);
    /// InvalidArgument: `ephemeral` is no point.
    [[nodiscard]] static Result<HpkeContext> ofReceiver(const AgreementKey& receiver, ByteView info,
                                                        const PublicPoint& ephemeral);
    HpkeContext(const HpkeContext&) = delete;
    HpkeContext& operator=(const HpkeContext&) = delete;
    HpkeContext(HpkeContext&&) noexcept = default;
    HpkeContext& operator=(HpkeContext&&) noexcept = default;
    ~HpkeContext();

    /// Ciphertext, then the tag. `clear` is authenticated, not hidden.
    [[nodiscard]] Result<Bytes> seal(std::uint64_t number, ByteView clear, ByteView plain) const;
    /// Corruption: not what was sealed under this number.
    [[nodiscard]] Result<Bytes> open(std::uint64_t number, ByteView clear, ByteView sealed) const;

  private:
    HpkeContext() = default;
    static Result<HpkeContext> fromShared(SharedSecret& agreed, const PublicPoint& ephemeral,
                                          const PublicPoint& receiver, ByteView info);
    AeadNonce nonceOf(std::uint64_t number) const;

    AeadKey key_{};
    AeadNonce base_nonce_{};
};

}  // namespace camgate::crypto
