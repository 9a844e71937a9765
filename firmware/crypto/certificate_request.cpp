#include "crypto/certificate_request.hpp"

#include <mbedtls/oid.h>
#include <mbedtls/x509_csr.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "crypto/hash.hpp"
#include "crypto/mbedtls_error.hpp"
#include "crypto/mbedtls_random.hpp"

namespace camgate::crypto {
namespace {

constexpr std::size_t kLongestRequestPem_bytes = 4096;

bool isPlain(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || c == ' ';
}

Status checkSignature(mbedtls_pk_context& key, const Digest& digest, ByteView signature) {
    const int code = mbedtls_pk_verify(&key, MBEDTLS_MD_SHA256, digest.data(), digest.size(),
                                       signature.data(), signature.size());
    if (code != 0) return failMbedtls(ErrorKind::PermissionDenied, code, "signature");
    return {};
}

}  // namespace

bool isPlainName(std::string_view text) {
    return !text.empty() && text.size() <= 64 && text.front() != ' ' && text.back() != ' ' &&
           std::ranges::all_of(text, isPlain);
}

void CertificateRequest::Free::operator()(mbedtls_x509_csr* request) const {
    mbedtls_x509_csr_free(request);
    delete request;
}

CertificateRequest::CertificateRequest(CertificateRequest&&) noexcept = default;
CertificateRequest& CertificateRequest::operator=(CertificateRequest&&) noexcept = default;
CertificateRequest::~CertificateRequest() = default;

Result<std::string> CertificateRequest::make(const PrivateKey& key, std::string_view common_name) {
    if (!isPlainName(common_name)) {
        return fail(ErrorKind::InvalidArgument, "\"" + std::string(common_name) + "\" is no plain name");
    }
    mbedtls_x509write_csr draft;
    mbedtls_x509write_csr_init(&draft);
    mbedtls_x509write_csr_set_md_alg(&draft, MBEDTLS_MD_SHA256);
    mbedtls_x509write_csr_set_key(&draft, key.handle_.get());
    const std::string subject = "O=camgate,CN=" + std::string(common_name);
    int code = mbedtls_x509write_csr_set_subject_name(&draft, subject.c_str());
    std::array<unsigned char, kLongestRequestPem_bytes> pem{};
    if (code == 0)
        code = mbedtls_x509write_csr_pem(&draft, pem.data(), pem.size(), randomForMbedtls, nullptr);
    mbedtls_x509write_csr_free(&draft);
    if (code != 0) return failMbedtls(ErrorKind::Internal, code, "writing a certificate request");
    return std::string(reinterpret_cast<const char*>(pem.data()));
}

Result<CertificateRequest> CertificateRequest::fromPem(std::string_view pem) {
    CertificateRequest request{Handle(new mbedtls_x509_csr)};
    mbedtls_x509_csr& csr = *request.handle_;
    mbedtls_x509_csr_init(&csr);
    const std::string text(pem);
    // The parser wants the terminating zero counted.
    const int code =
        mbedtls_x509_csr_parse(&csr, reinterpret_cast<const unsigned char*>(text.c_str()), text.size() + 1);
    if (code != 0) return failMbedtls(ErrorKind::InvalidArgument, code, "certificate request");
    if (mbedtls_pk_can_do(&csr.pk, MBEDTLS_PK_ECDSA) == 0 ||
        mbedtls_pk_ec(csr.pk)->grp.id != MBEDTLS_ECP_DP_SECP256R1 || csr.sig_md != MBEDTLS_MD_SHA256) {
        return fail(ErrorKind::InvalidArgument, "certificate request: not of an ECDSA P-256 key");
    }
    const auto proven = checkSignature(csr.pk, sha256({csr.cri.p, csr.cri.len}), {csr.sig.p, csr.sig.len});
    if (!proven) return passOn(proven.error(), "certificate request");
    for (const mbedtls_x509_name* name = &csr.subject; name != nullptr; name = name->next) {
        if (MBEDTLS_OID_CMP(MBEDTLS_OID_AT_CN, &name->oid) == 0)
            request.common_name_ = asText({name->val.p, name->val.len});
    }
    if (!isPlainName(request.common_name_))
        return fail(ErrorKind::InvalidArgument, "certificate request: without a plain common name");
    return request;
}

Status CertificateRequest::verifySignature(ByteView message, ByteView signature) const {
    return checkSignature(handle_->pk, sha256(message), signature);
}

}  // namespace camgate::crypto
