#include "crypto/certificate_issuer.hpp"

#include <mbedtls/asn1.h>
#include <mbedtls/oid.h>
#include <mbedtls/x509_crt.h>
#include <mbedtls/x509_csr.h>

#include <arpa/inet.h>

#include <algorithm>
#include <string_view>

#include "base/wall_text.hpp"
#include "crypto/der.hpp"
#include "crypto/mbedtls_error.hpp"
#include "crypto/mbedtls_random.hpp"
#include "crypto/random.hpp"

namespace camgate::crypto {
namespace {

constexpr std::size_t kLongestCertificatePem_bytes = 8192;
constexpr int kDnsName = MBEDTLS_ASN1_CONTEXT_SPECIFIC | 2;
constexpr int kIpAddress = MBEDTLS_ASN1_CONTEXT_SPECIFIC | 7;

/// The C library's object, freed at the end of its scope.
class Writing {
  public:
    Writing() {
        mbedtls_x509write_crt_init(&certificate_);
        mbedtls_mpi_init(&serial_);
        mbedtls_x509write_crt_set_version(&certificate_, MBEDTLS_X509_CRT_VERSION_3);
        mbedtls_x509write_crt_set_md_alg(&certificate_, MBEDTLS_MD_SHA256);
    }
    Writing(const Writing&) = delete;
    Writing& operator=(const Writing&) = delete;
    ~Writing() {
        mbedtls_mpi_free(&serial_);
        mbedtls_x509write_crt_free(&certificate_);
    }
    /// A step that follows a failed one is left out; the first code is kept.
    template <class Step>
    Writing& then(Step step) {
        if (code_ == 0) code_ = step(&certificate_);
        return *this;
    }
    mbedtls_mpi* serial() { return &serial_; }
    int code() const { return code_; }

  private:
    mbedtls_x509write_cert certificate_{};
    mbedtls_mpi serial_{};
    int code_ = 0;
};

/// "20300101120000".
std::string asn1Time(WallTime time) {
    std::string text = formatWallTime(time).substr(0, 19);
    std::erase_if(text, [](char c) { return c == '-' || c == 'T' || c == ':'; });
    return text;
}

Result<Bytes> subjectNamesDer(const std::vector<std::string>& addresses) {
    ByteWriter names;
    for (const auto& address : addresses) {
        in_addr ip{};
        const bool is_ip = ::inet_pton(AF_INET, address.c_str(), &ip) == 1;
        if (!is_ip && (!isPlainName(address) || address.contains(' ')))
            return fail(ErrorKind::InvalidArgument, "\"" + address + "\" is no host name or IPv4 address");
        const ByteView content =
            is_ip ? ByteView(reinterpret_cast<const std::uint8_t*>(&ip.s_addr), 4) : asBytes(address);
        putElement(names, is_ip ? kIpAddress : kDnsName, content);
    }
    if (names.size() > 0xFF) return fail(ErrorKind::InvalidArgument, "too many addresses in one certificate");
    return element(MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE, names.bytes());
}

unsigned keyUsage(KeyUse use) {
    switch (use) {
        case KeyUse::SignCertificates:
            return MBEDTLS_X509_KU_KEY_CERT_SIGN | MBEDTLS_X509_KU_CRL_SIGN;
        case KeyUse::Sign:
            return MBEDTLS_X509_KU_DIGITAL_SIGNATURE;
        case KeyUse::Agree:
            return MBEDTLS_X509_KU_KEY_AGREEMENT;
    }
    return 0;
}

Status checkDraft(const CertificateDraft& draft) {
    if (!isPlainName(draft.common_name))
        return fail(ErrorKind::InvalidArgument,
                    "\"" + draft.common_name +
                        "\" is no name for a certificate: letters, digits, dot, dash, underscore, space");
    if (draft.to <= draft.from)
        return fail(ErrorKind::InvalidArgument, "a certificate that ends before it begins");
    return {};
}

void addUses(Writing& writing, const CertificateDraft& draft, const Bytes& subject_names) {
    const RoleRow& role = rowOf(draft.role);
    const bool authority = role.key_use == KeyUse::SignCertificates;
    // A root signs issuing authorities, these sign no further one.
    const int path_length = draft.role == CertificateRole::Root ? 1 : 0;
    const Bytes usages = extendedKeyUsageDer(role);
    writing
        .then([&](auto* c) {
            return mbedtls_x509write_crt_set_basic_constraints(c, authority ? 1 : 0,
                                                               authority ? path_length : -1);
        })
        .then([&](auto* c) { return mbedtls_x509write_crt_set_key_usage(c, keyUsage(role.key_use)); });
    if (!usages.empty()) {
        writing.then([&](auto* c) {
            return mbedtls_x509write_crt_set_extension(c, MBEDTLS_OID_EXTENDED_KEY_USAGE,
                                                       MBEDTLS_OID_SIZE(MBEDTLS_OID_EXTENDED_KEY_USAGE), 0,
                                                       usages.data(), usages.size());
        });
    }
    if (!draft.addresses.empty()) {
        writing.then([&](auto* c) {
            return mbedtls_x509write_crt_set_extension(c, MBEDTLS_OID_SUBJECT_ALT_NAME,
                                                       MBEDTLS_OID_SIZE(MBEDTLS_OID_SUBJECT_ALT_NAME), 0,
                                                       subject_names.data(), subject_names.size());
        });
    }
}

Result<std::string> write(const CertificateDraft& draft, mbedtls_pk_context* subject,
                          mbedtls_pk_context* issuer, const std::string& issuer_name) {
    if (auto good = checkDraft(draft); !good) return std::unexpected(good.error());
    const auto subject_names = subjectNamesDer(draft.addresses);
    if (!subject_names) return std::unexpected(subject_names.error());
    const std::string subject_name = "O=camgate,CN=" + draft.common_name;
    Writing writing;
    writing
        .then([&](auto*) {
            return mbedtls_mpi_read_binary(writing.serial(), draft.serial.data(), draft.serial.size());
        })
        .then([&](auto* c) { return mbedtls_x509write_crt_set_serial(c, writing.serial()); })
        .then([&](auto* c) {
            mbedtls_x509write_crt_set_subject_key(c, subject);
            mbedtls_x509write_crt_set_issuer_key(c, issuer);
            return mbedtls_x509write_crt_set_subject_name(c, subject_name.c_str());
        })
        .then([&](auto* c) { return mbedtls_x509write_crt_set_issuer_name(c, issuer_name.c_str()); })
        .then([&](auto* c) {
            return mbedtls_x509write_crt_set_validity(c, asn1Time(draft.from).c_str(),
                                                      asn1Time(draft.to).c_str());
        })
        .then([](auto* c) { return mbedtls_x509write_crt_set_subject_key_identifier(c); })
        .then([](auto* c) { return mbedtls_x509write_crt_set_authority_key_identifier(c); });
    addUses(writing, draft, *subject_names);
    std::array<unsigned char, kLongestCertificatePem_bytes> pem{};
    writing.then([&](auto* c) {
        return mbedtls_x509write_crt_pem(c, pem.data(), pem.size(), randomForMbedtls, nullptr);
    });
    if (writing.code() != 0) return failMbedtls(ErrorKind::Internal, writing.code(), "writing a certificate");
    return std::string(reinterpret_cast<const char*>(pem.data()));
}

}  // namespace

Result<Serial> newSerial() {
    Serial serial{};
    if (auto filled = fillRandom(serial); !filled) return std::unexpected(filled.error());
    serial[0] = static_cast<std::uint8_t>((serial[0] & 0x3FU) | 0x40U);
    return serial;
}

Result<std::string> CertificateIssuer::selfSign(const CertificateDraft& draft, const PrivateKey& key) {
    return write(draft, key.handle_.get(), key.handle_.get(), "O=camgate,CN=" + draft.common_name);
}

Result<std::string> CertificateIssuer::issue(const CertificateDraft& draft, const CertificateRequest& request,
                                             const Identity& issuer) {
    if (draft.to > issuer.certificate().notAfter())
        return fail(ErrorKind::FailedPrecondition, "the issuing certificate ends before, at " +
                                                       formatWallTime(issuer.certificate().notAfter()));
    std::array<char, 512> name{};
    const int length = mbedtls_x509_dn_gets(name.data(), name.size(), &issuer.certificate().handle_->subject);
    if (length < 0) return failMbedtls(ErrorKind::Internal, length, "the issuer's name");
    return write(draft, &request.handle_->pk, issuer.key().handle_.get(), name.data());
}

}  // namespace camgate::crypto
