// An ECDSA P-256 private key in memory; wiped when it goes. One thread at a time (mbedTLS caches inside a
// key).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

struct mbedtls_pk_context;

namespace camgate::crypto {

class PrivateKey {
  public:
    [[nodiscard]] static Result<PrivateKey> generate();
    /// PKCS #8 or SEC 1, not encrypted. InvalidArgument: unreadable or another kind of key.
    [[nodiscard]] static Result<PrivateKey> fromPem(std::string_view pem);
    PrivateKey(PrivateKey&&) noexcept;
    PrivateKey& operator=(PrivateKey&&) noexcept;
    ~PrivateKey();

    /// SEC 1. Whoever holds it wipes it.
    [[nodiscard]] Result<std::string> toPem() const;
    /// ECDSA over SHA-256 of the message, DER, deterministic (RFC 6979): the same message gives the same
    /// bytes.
    [[nodiscard]] Result<Bytes> sign(ByteView message) const;

  private:
    friend class Identity;
    friend class CertificateRequest;
    friend class CertificateIssuer;
    struct Free {
        void operator()(mbedtls_pk_context* key) const;
    };
    using Handle = std::unique_ptr<mbedtls_pk_context, Free>;

    explicit PrivateKey(Handle handle);

    Handle handle_;
};

}  // namespace camgate::crypto
