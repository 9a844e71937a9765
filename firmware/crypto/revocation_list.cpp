#include "crypto/revocation_list.hpp"

#include <mbedtls/asn1.h>
#include <mbedtls/oid.h>
#include <mbedtls/x509_crl.h>

#include <memory>
#include <string_view>

#include "base/wall_text.hpp"
#include "crypto/der.hpp"
#include "crypto/mbedtls_error.hpp"
#include "crypto/sha1.hpp"
#include "crypto/x509_time.hpp"

namespace camgate::crypto {
namespace {

constexpr int kSequence = MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE;
constexpr int kExtensions = MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_CONTEXT_SPECIFIC;
constexpr int kKeyIdentifier = MBEDTLS_ASN1_CONTEXT_SPECIFIC;
constexpr std::size_t kPemLine = 64;
constexpr std::string_view kBegin = "-----BEGIN X509 CRL-----\n";
constexpr std::string_view kEnd = "-----END X509 CRL-----\n";

/// Not negative: a leading zero where the first bit is set, and none elsewhere.
void putInteger(ByteWriter& out, ByteView magnitude) {
    while (!magnitude.empty() && magnitude.front() == 0) magnitude = magnitude.subspan(1);
    ByteWriter number;
    if (magnitude.empty() || (magnitude.front() & 0x80U) != 0) number.put(std::uint8_t{0});
    number.putBytes(magnitude);
    putElement(out, MBEDTLS_ASN1_INTEGER, number.bytes());
}

void putObjectId(ByteWriter& out, std::string_view oid) {
    putElement(out, MBEDTLS_ASN1_OID, asBytes(oid));
}

/// Two digits of the year up to 2049, four from then on.
void putTime(ByteWriter& out, WallTime time) {
    std::string text = formatWallTime(time).substr(0, 19) + "Z";
    std::erase_if(text, [](char c) { return c == '-' || c == 'T' || c == ':'; });
    if (text < "2050")
        return putElement(out, MBEDTLS_ASN1_UTC_TIME, asBytes(std::string_view(text).substr(2)));
    putElement(out, MBEDTLS_ASN1_GENERALIZED_TIME, asBytes(text));
}

Bytes algorithm() {
    ByteWriter oid;
    putObjectId(oid, std::string_view(MBEDTLS_OID_ECDSA_SHA256, MBEDTLS_OID_SIZE(MBEDTLS_OID_ECDSA_SHA256)));
    return element(kSequence, oid.bytes());
}

Bytes extension(std::string_view oid, const Bytes& value) {
    ByteWriter parts;
    putObjectId(parts, oid);
    putElement(parts, MBEDTLS_ASN1_OCTET_STRING, value);
    return element(kSequence, parts.bytes());
}

Bytes bigEndian(std::uint64_t number) {
    Bytes bytes;
    for (unsigned shift = 64; shift > 0; shift -= 8)
        bytes.push_back(static_cast<std::uint8_t>((number >> (shift - 8)) & 0xFFU));
    return bytes;
}

/// Which key signed, as the issuer's certificate names it, and the list's number.
Bytes extensions(std::uint64_t count, const PublicPoint& issuer) {
    ByteWriter number;
    putInteger(number, bigEndian(count));
    ByteWriter both;
    both.putBytes(extension(std::string_view(MBEDTLS_OID_AUTHORITY_KEY_IDENTIFIER,
                                             MBEDTLS_OID_SIZE(MBEDTLS_OID_AUTHORITY_KEY_IDENTIFIER)),
                            element(kSequence, element(kKeyIdentifier, sha1(issuer)))));
    both.putBytes(extension(
        std::string_view(MBEDTLS_OID_CRL_NUMBER, MBEDTLS_OID_SIZE(MBEDTLS_OID_CRL_NUMBER)), number.bytes()));
    return element(kExtensions, element(kSequence, both.bytes()));
}

Result<Bytes> entries(const std::vector<RevokedCertificate>& revoked) {
    ByteWriter all;
    for (const auto& one : revoked) {
        const auto serial = fromHex(one.serial);
        if (!serial || serial->empty())
            return fail(ErrorKind::InvalidArgument, "\"" + one.serial + "\" is no certificate's serial");
        ByteWriter entry;
        putInteger(entry, *serial);
        putTime(entry, one.at);
        putElement(all, kSequence, entry.bytes());
    }
    return std::move(all).take();
}

std::string toPem(const Bytes& der) {
    const std::string base64 = toBase64(der);
    std::string pem(kBegin);
    for (std::size_t begin = 0; begin < base64.size(); begin += kPemLine)
        pem += base64.substr(begin, kPemLine) + '\n';
    return pem.append(kEnd);
}

}  // namespace

Result<std::string> signRevocationList(const RevocationList& list, const Identity& issuer) {
    if (list.to <= list.from)
        return fail(ErrorKind::InvalidArgument, "a revocation list that ends before it begins");
    const auto point = issuer.certificate().publicPoint();
    if (!point) return std::unexpected(point.error());
    const auto revoked = entries(list.revoked);
    if (!revoked) return std::unexpected(revoked.error());
    ByteWriter body;
    constexpr std::uint8_t kVersion2 = 1;
    putElement(body, MBEDTLS_ASN1_INTEGER, ByteView(&kVersion2, 1));
    body.putBytes(algorithm());
    body.putBytes(issuer.certificate().subjectDer());
    putTime(body, list.from);
    putTime(body, list.to);
    // An empty list of entries is not written at all.
    if (!revoked->empty()) putElement(body, kSequence, *revoked);
    body.putBytes(extensions(list.number, *point));
    const Bytes signed_part = element(kSequence, body.bytes());
    const auto signature = issuer.key().sign(signed_part);
    if (!signature) return std::unexpected(signature.error());
    ByteWriter bits;
    bits.put(std::uint8_t{0});  // none of its last byte's are unused
    bits.putBytes(*signature);
    ByteWriter whole;
    whole.putBytes(signed_part);
    whole.putBytes(algorithm());
    putElement(whole, MBEDTLS_ASN1_BIT_STRING, bits.bytes());
    return toPem(element(kSequence, whole.bytes()));
}

Result<RevocationList> readRevocationList(const std::string& pem) {
    mbedtls_x509_crl crl;
    mbedtls_x509_crl_init(&crl);
    const std::unique_ptr<mbedtls_x509_crl, decltype(&mbedtls_x509_crl_free)> freed(&crl,
                                                                                    &mbedtls_x509_crl_free);
    const int code =
        mbedtls_x509_crl_parse(&crl, reinterpret_cast<const unsigned char*>(pem.c_str()), pem.size() + 1);
    if (code != 0) return failMbedtls(ErrorKind::InvalidArgument, code, "reading a revocation list");
    RevocationList list{0, wallTimeOf(crl.this_update), wallTimeOf(crl.next_update)};
    for (const mbedtls_x509_crl_entry* entry = &crl.entry; entry != nullptr && entry->serial.len > 0;
         entry = entry->next)
        list.revoked.push_back(
            {toHex({entry->serial.p, entry->serial.len}), wallTimeOf(entry->revocation_date)});
    return list;
}

}  // namespace camgate::crypto
