// PKCS #10: the wish for a certificate, signed by the key that it is for. One thread (see PrivateKey).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "crypto/private_key.hpp"

struct mbedtls_x509_csr;

namespace camgate::crypto {

/// Letters, digits, dot, dash, underscore and space, 1 to 64: what may stand in a name without being quoted.
bool isPlainName(std::string_view text);

class CertificateRequest {
  public:
    /// PEM. InvalidArgument: no plain name.
    [[nodiscard]] static Result<std::string> make(const PrivateKey& key, std::string_view common_name);
    /// InvalidArgument: not PEM, of another kind of key, or with another kind of name; PermissionDenied: its
    /// maker does not hold the key.
    [[nodiscard]] static Result<CertificateRequest> fromPem(std::string_view pem);
    CertificateRequest(CertificateRequest&&) noexcept;
    CertificateRequest& operator=(CertificateRequest&&) noexcept;
    ~CertificateRequest();

    const std::string& commonName() const { return common_name_; }
    /// As Certificate::verifySignature, by the request's key.
    [[nodiscard]] Status verifySignature(ByteView message, ByteView signature) const;

  private:
    friend class CertificateIssuer;
    struct Free {
        void operator()(mbedtls_x509_csr* request) const;
    };
    using Handle = std::unique_ptr<mbedtls_x509_csr, Free>;
    explicit CertificateRequest(Handle handle) : handle_(std::move(handle)) {}

    Handle handle_;
    std::string common_name_;
};

}  // namespace camgate::crypto
