#include "crypto/identity.hpp"

#include <mbedtls/x509_crt.h>

namespace camgate::crypto {

Result<Identity> Identity::fromPem(std::string_view key_pem, std::string_view certificate_pem) {
    auto key = PrivateKey::fromPem(key_pem);
    if (!key) return std::unexpected(key.error());
    auto certificate = Certificate::fromPem(certificate_pem);
    if (!certificate) return std::unexpected(certificate.error());
    if (mbedtls_pk_check_pair(&certificate->handle_->pk, key->handle_.get()) != 0) {
        return fail(
            ErrorKind::FailedPrecondition,
            "the private key does not belong to the certificate of \"" + certificate->commonName() + "\"");
    }
    return Identity(std::move(*key), std::move(*certificate));
}

}  // namespace camgate::crypto
