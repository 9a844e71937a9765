#include "crypto/private_key.hpp"

#include <mbedtls/pk.h>
#include <mbedtls/platform_util.h>

#include <array>
#include <string>

#include "crypto/hash.hpp"
#include "crypto/mbedtls_error.hpp"
#include "crypto/mbedtls_random.hpp"

namespace camgate::crypto {

void PrivateKey::Free::operator()(mbedtls_pk_context* key) const {
    mbedtls_pk_free(key);
    delete key;
}

PrivateKey::PrivateKey(Handle handle) : handle_(std::move(handle)) {}
PrivateKey::PrivateKey(PrivateKey&&) noexcept = default;
PrivateKey& PrivateKey::operator=(PrivateKey&&) noexcept = default;
PrivateKey::~PrivateKey() = default;

Result<PrivateKey> PrivateKey::generate() {
    Handle handle(new mbedtls_pk_context);
    mbedtls_pk_init(handle.get());
    int code = mbedtls_pk_setup(handle.get(), mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY));
    if (code == 0) {
        code =
            mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(*handle), randomForMbedtls, nullptr);
    }
    if (code != 0) return failMbedtls(ErrorKind::Internal, code, "making a key");
    return PrivateKey(std::move(handle));
}

Result<std::string> PrivateKey::toPem() const {
    std::array<unsigned char, 1024> text{};
    const int code = mbedtls_pk_write_key_pem(handle_.get(), text.data(), text.size());
    if (code != 0) return failMbedtls(ErrorKind::Internal, code, "writing a private key");
    std::string pem(reinterpret_cast<const char*>(text.data()));
    mbedtls_platform_zeroize(text.data(), text.size());
    return pem;
}

Result<PrivateKey> PrivateKey::fromPem(std::string_view pem) {
    Handle handle(new mbedtls_pk_context);
    mbedtls_pk_init(handle.get());
    std::string text(pem);
    // The parser wants the terminating zero counted.
    const int code = mbedtls_pk_parse_key(handle.get(), reinterpret_cast<const unsigned char*>(text.c_str()),
                                          text.size() + 1, nullptr, 0);
    mbedtls_platform_zeroize(text.data(), text.size());
    if (code != 0) return failMbedtls(ErrorKind::InvalidArgument, code, "private key");
    if (mbedtls_pk_can_do(handle.get(), MBEDTLS_PK_ECDSA) == 0 ||
        mbedtls_pk_ec(*handle)->grp.id != MBEDTLS_ECP_DP_SECP256R1) {
        return fail(ErrorKind::InvalidArgument, "private key: not an ECDSA P-256 key");
    }
    return PrivateKey(std::move(handle));
}

Result<Bytes> PrivateKey::sign(ByteView message) const {
    const Digest digest = sha256(message);
    Bytes signature(MBEDTLS_PK_SIGNATURE_MAX_SIZE);
    std::size_t length = 0;
    const int code = mbedtls_pk_sign(handle_.get(), MBEDTLS_MD_SHA256, digest.data(), digest.size(),
                                     signature.data(), &length, randomForMbedtls, nullptr);
    if (code != 0) return failMbedtls(ErrorKind::Internal, code, "signing");
    signature.resize(length);
    return signature;
}

}  // namespace camgate::crypto
