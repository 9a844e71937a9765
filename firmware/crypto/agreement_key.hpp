// A P-256 key pair that agrees on secrets (ECDH); wiped when it goes. Any thread, one at a time.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

struct mbedtls_pk_context;

namespace camgate::crypto {

/// Uncompressed, as SEC 1 writes it: 4, x, y.
using PublicPoint = std::array<std::uint8_t, 65>;
using SharedSecret = std::array<std::uint8_t, 32>;

class AgreementKey {
  public:
    [[nodiscard]] static Result<AgreementKey> generate();
    /// The same seed gives the same key: DeriveKeyPair of RFC 9180, 7.1.3. InvalidArgument: fewer than 32
    /// bytes.
    [[nodiscard]] static Result<AgreementKey> fromSeed(ByteView seed);
    /// PKCS #8 or SEC 1, not encrypted. InvalidArgument: unreadable or another kind of key.
    [[nodiscard]] static Result<AgreementKey> fromPem(std::string_view pem);
    AgreementKey(AgreementKey&&) noexcept;
    AgreementKey& operator=(AgreementKey&&) noexcept;
    ~AgreementKey();

    /// SEC 1. Whoever holds it wipes it.
    [[nodiscard]] Result<std::string> toPem() const;
    const PublicPoint& publicPoint() const { return public_point_; }
    /// The x coordinate of what both sides find. InvalidArgument: `other` is no point of the curve.
    [[nodiscard]] Result<SharedSecret> agree(const PublicPoint& other) const;

  private:
    struct Free {
        void operator()(mbedtls_pk_context* key) const;
    };
    using Handle = std::unique_ptr<mbedtls_pk_context, Free>;

    static Handle empty();
    static Result<AgreementKey> fromHandle(Handle handle);
    AgreementKey(Handle handle, const PublicPoint& public_point);

    Handle handle_;
    PublicPoint public_point_{};
};

}  // namespace camgate::crypto
