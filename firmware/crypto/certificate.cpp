#include "crypto/certificate.hpp"

#include <mbedtls/oid.h>
#include <mbedtls/x509_crt.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "crypto/mbedtls_error.hpp"
#include "crypto/x509_time.hpp"

namespace camgate::crypto {
namespace {

ByteView viewOf(const mbedtls_asn1_buf& buffer) {
    return {buffer.p, buffer.len};
}

std::string commonNameOf(const mbedtls_x509_crt& certificate) {
    for (const mbedtls_x509_name* name = &certificate.subject; name != nullptr; name = name->next) {
        if (MBEDTLS_OID_CMP(MBEDTLS_OID_AT_CN, &name->oid) == 0)
            return std::string(asText(viewOf(name->val)));
    }
    return {};
}

/// mbedTLS calls this for each certificate of the chain, so that intermediates and the root are judged too.
int judgeValidity(void* at_pointer, mbedtls_x509_crt* certificate, int /*depth*/, std::uint32_t* flags) {
    const WallTime at = *static_cast<const WallTime*>(at_pointer);
    *flags &= ~static_cast<std::uint32_t>(MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE);
    if (at < wallTimeOf(certificate->valid_from)) *flags |= MBEDTLS_X509_BADCERT_FUTURE;
    if (at > wallTimeOf(certificate->valid_to)) *flags |= MBEDTLS_X509_BADCERT_EXPIRED;
    return 0;
}

std::string describeFlags(std::uint32_t flags) {
    std::array<char, 512> text{};
    mbedtls_x509_crt_verify_info(text.data(), text.size(), "", flags);
    std::string said(text.data());
    std::ranges::replace(said, '\n', ' ');
    while (!said.empty() && said.back() == ' ') said.pop_back();
    return said;
}

}  // namespace

void Certificate::Free::operator()(mbedtls_x509_crt* certificate) const {
    mbedtls_x509_crt_free(certificate);
    delete certificate;
}

Certificate::Certificate(Handle handle, std::string pem)
    : handle_(std::move(handle)),
      pem_(std::move(pem)),
      fingerprint_(toHex(sha256(viewOf(handle_->raw)))),
      common_name_(commonNameOf(*handle_)) {}

Certificate::Certificate(Certificate&&) noexcept = default;
Certificate& Certificate::operator=(Certificate&&) noexcept = default;
Certificate::~Certificate() = default;

Result<Certificate> Certificate::fromPem(std::string_view pem) {
    if (!pem.starts_with("-----BEGIN") && pem.find("\n-----BEGIN") == std::string_view::npos) {
        return fail(ErrorKind::InvalidArgument, "certificate: not PEM");
    }
    Handle handle(new mbedtls_x509_crt);
    mbedtls_x509_crt_init(handle.get());
    std::string text(pem);
    // The parser wants the terminating zero counted.
    const int code = mbedtls_x509_crt_parse(
        handle.get(), reinterpret_cast<const unsigned char*>(text.c_str()), text.size() + 1);
    if (code < 0) return failMbedtls(ErrorKind::InvalidArgument, code, "certificate");
    if (code > 0) {
        return fail(ErrorKind::InvalidArgument,
                    "certificate: " + std::to_string(code) + " in the chain unreadable");
    }
    return Certificate(std::move(handle), std::move(text));
}

Status Certificate::verifySignature(ByteView message, ByteView signature) const {
    mbedtls_pk_context* key = &handle_->pk;
    if (mbedtls_pk_can_do(key, MBEDTLS_PK_ECDSA) == 0 ||
        mbedtls_pk_ec(*key)->grp.id != MBEDTLS_ECP_DP_SECP256R1) {
        return fail(ErrorKind::InvalidArgument, "certificate: its key is not for ECDSA P-256");
    }
    const Digest digest = sha256(message);
    const int code = mbedtls_pk_verify(key, MBEDTLS_MD_SHA256, digest.data(), digest.size(), signature.data(),
                                       signature.size());
    if (code != 0) return failMbedtls(ErrorKind::PermissionDenied, code, "signature");
    return {};
}

Result<PublicPoint> Certificate::publicPoint() const {
    const mbedtls_pk_context& key = handle_->pk;
    if (mbedtls_pk_can_do(&key, MBEDTLS_PK_ECKEY) == 0 ||
        mbedtls_pk_ec(key)->grp.id != MBEDTLS_ECP_DP_SECP256R1) {
        return fail(ErrorKind::InvalidArgument, "certificate: not a P-256 key");
    }
    PublicPoint point{};
    std::size_t length = 0;
    const int code =
        mbedtls_ecp_point_write_binary(&mbedtls_pk_ec(key)->grp, &mbedtls_pk_ec(key)->Q,
                                       MBEDTLS_ECP_PF_UNCOMPRESSED, &length, point.data(), point.size());
    if (code != 0 || length != point.size()) return failMbedtls(ErrorKind::Internal, code, "public key");
    return point;
}

Bytes Certificate::subjectDer() const {
    const ByteView subject = viewOf(handle_->subject_raw);
    return {subject.begin(), subject.end()};
}

std::string Certificate::serial() const {
    return toHex(viewOf(handle_->serial));
}

WallTime Certificate::notBefore() const {
    return wallTimeOf(handle_->valid_from);
}

WallTime Certificate::notAfter() const {
    return wallTimeOf(handle_->valid_to);
}

std::vector<std::string> Certificate::chainFingerprints() const {
    std::vector<std::string> all;
    for (const mbedtls_x509_crt* one = handle_.get(); one != nullptr; one = one->next)
        all.push_back(toHex(sha256(viewOf(one->raw))));
    return all;
}

bool Certificate::hasPurpose(Purpose purpose) const {
    const bool agrees =
        purpose == Purpose::Release || purpose == Purpose::Receive || purpose == Purpose::Unwrap;
    const unsigned usage_of_key = agrees ? MBEDTLS_X509_KU_KEY_AGREEMENT : MBEDTLS_X509_KU_DIGITAL_SIGNATURE;
    if (mbedtls_x509_crt_check_key_usage(handle_.get(), usage_of_key) != 0) return false;
    if ((handle_->ext_types & MBEDTLS_X509_EXT_EXTENDED_KEY_USAGE) == 0) return false;
    const auto oid = derOid(purpose);
    for (const mbedtls_x509_sequence* usage = &handle_->ext_key_usage; usage != nullptr;
         usage = usage->next) {
        if (std::ranges::equal(viewOf(usage->buf), oid)) return true;
    }
    return false;
}

std::vector<std::string> splitPem(std::string_view pem) {
    constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
    std::vector<std::string> all;
    for (auto at = pem.find(kBegin); at != std::string_view::npos;) {
        const auto next = pem.find(kBegin, at + kBegin.size());
        all.emplace_back(pem.substr(at, next == std::string_view::npos ? next : next - at));
        at = next;
    }
    return all;
}

Status verifyChain(const Certificate& certificate, const Certificate& authority, WallTime at) {
    std::uint32_t flags = 0;
    const int code = mbedtls_x509_crt_verify(certificate.handle_.get(), authority.handle_.get(), nullptr,
                                             nullptr, &flags, judgeValidity, &at);
    if (code == 0) return {};
    if (code != MBEDTLS_ERR_X509_CERT_VERIFY_FAILED) {
        return failMbedtls(ErrorKind::PermissionDenied, code, "certificate chain");
    }
    return fail(ErrorKind::PermissionDenied, "certificate chain: " + describeFlags(flags));
}

}  // namespace camgate::crypto
