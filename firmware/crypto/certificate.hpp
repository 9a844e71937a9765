// An X.509 certificate of an ECDSA P-256 key, perhaps followed by intermediates. Validity is judged against a
// time that the caller gives: mbedTLS reads the system clock, which a gateway without network cannot trust,
// so its expired and not-yet flags are replaced. One thread at a time (mbedTLS caches inside a key).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "crypto/agreement_key.hpp"
#include "crypto/hash.hpp"
#include "crypto/purpose.hpp"

struct mbedtls_x509_crt;

namespace camgate::crypto {

class Certificate {
  public:
    /// The first certificate is the leaf, what follows are intermediates. InvalidArgument: not PEM, or any of
    /// them cannot be read.
    [[nodiscard]] static Result<Certificate> fromPem(std::string_view pem);
    Certificate(Certificate&&) noexcept;
    Certificate& operator=(Certificate&&) noexcept;
    ~Certificate();

    /// ECDSA P-256 over SHA-256 of the message, DER. PermissionDenied: not this key's signature;
    /// InvalidArgument: the key is of another kind.
    [[nodiscard]] Status verifySignature(ByteView message, ByteView signature) const;
    /// Lower-case hex SHA-256 of the leaf's DER.
    const std::string& fingerprint() const { return fingerprint_; }
    /// Those of the leaf and of the intermediates that came with it.
    std::vector<std::string> chainFingerprints() const;
    /// Of the subject; empty if it has none.
    const std::string& commonName() const { return common_name_; }
    WallTime notBefore() const;
    WallTime notAfter() const;
    /// Of its P-256 key; InvalidArgument: it is of another kind.
    [[nodiscard]] Result<PublicPoint> publicPoint() const;
    /// The extended key usage is named (any-usage does not count) and the key may sign, or, of a release,
    /// receive or unwrap key, agree on secrets.
    bool hasPurpose(Purpose purpose) const;
    /// Of the leaf, lower-case hex.
    std::string serial() const;
    /// The leaf's name as it is written in it.
    Bytes subjectDer() const;
    /// The leaf and its intermediates in PEM, as they were read.
    const std::string& pem() const { return pem_; }

  private:
    friend Status verifyChain(const Certificate& certificate, const Certificate& authority, WallTime at);
    friend class Identity;
    friend class CertificateIssuer;
    struct Free {
        void operator()(mbedtls_x509_crt* certificate) const;
    };
    using Handle = std::unique_ptr<mbedtls_x509_crt, Free>;

    Certificate(Handle handle, std::string pem);

    Handle handle_;
    std::string pem_;
    std::string fingerprint_;
    std::string common_name_;
};

/// The certificate leads to one of the authority's, and all on the way are valid at `at`. PermissionDenied
/// says what is wrong. Says nothing about purposes.
[[nodiscard]] Status verifyChain(const Certificate& certificate, const Certificate& authority, WallTime at);

/// Each certificate of a PEM text as a text of its own.
std::vector<std::string> splitPem(std::string_view pem);

}  // namespace camgate::crypto
