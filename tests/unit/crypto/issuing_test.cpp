#include <catch2/catch.hpp>

#include "crypto/certificate_issuer.hpp"
#include "validity.hpp"

namespace camgate::crypto {
namespace {

using test::kFrom;
using test::kTo;

CertificateDraft draftOf(CertificateRole role, const std::string& name) {
    return {role, name, newSerial().value(), kFrom, kTo, {}};
}

struct Issuer {
    PrivateKey key = PrivateKey::generate().value();
    std::string pem = CertificateIssuer::selfSign(draftOf(CertificateRole::Root, "Test root"), key).value();
    Identity identity = Identity::fromPem(key.toPem().value(), pem).value();
};

CertificateRequest requestOf(const PrivateKey& key, const std::string& name) {
    return CertificateRequest::fromPem(CertificateRequest::make(key, name).value()).value();
}

TEST_CASE("issuing: each role gets what it may be used for and nothing else", "[crypto]") {
    const Issuer issuer;
    for (const RoleRow& role : roleTable()) {
        if (role.key_use == KeyUse::SignCertificates) continue;
        const auto key = PrivateKey::generate().value();
        const auto certificate =
            Certificate::fromPem(
                CertificateIssuer::issue(draftOf(role.role, "cg-1"), requestOf(key, "cg-1"), issuer.identity)
                    .value())
                .value();
        CHECK(certificate.commonName() == "cg-1");
        CHECK(certificate.notBefore() == kFrom);
        CHECK(certificate.notAfter() == kTo);
        for (int purpose = 1; purpose <= 6; ++purpose) {
            INFO(role.name << " " << purpose);
            const auto asked = static_cast<Purpose>(purpose);
            CHECK(certificate.hasPurpose(asked) == (role.purpose == asked));
        }
        CHECK(verifyChain(certificate, issuer.identity.certificate(), kFrom));
        CHECK(Identity::fromPem(key.toPem().value(), certificate.pem()));
    }
}

TEST_CASE("issuing: a certificate verifies through an issuing authority, not beside its dates", "[crypto]") {
    const Issuer root;
    const auto issuing_key = PrivateKey::generate().value();
    const std::string issuing_pem =
        CertificateIssuer::issue(draftOf(CertificateRole::Issuing, "Test issuing"),
                                 requestOf(issuing_key, "Test issuing"), root.identity)
            .value();
    const auto issuing = Identity::fromPem(issuing_key.toPem().value(), issuing_pem).value();
    const auto key = PrivateKey::generate().value();
    const std::string pem = CertificateIssuer::issue(draftOf(CertificateRole::Command, "hub command"),
                                                     requestOf(key, "hub command"), issuing)
                                .value();
    const auto chained = Certificate::fromPem(pem + issuing_pem).value();
    CHECK(verifyChain(chained, root.identity.certificate(), kFrom));
    CHECK_FALSE(verifyChain(chained, root.identity.certificate(), kTo + std::chrono::seconds(1)));
    CHECK_FALSE(verifyChain(Certificate::fromPem(pem).value(), root.identity.certificate(), kFrom));
    CHECK_FALSE(verifyChain(chained, Issuer().identity.certificate(), kFrom));
}

TEST_CASE("issuing: serials differ, are positive and are read back", "[crypto]") {
    const Issuer issuer;
    const auto draft = draftOf(CertificateRole::Transport, "cg-1");
    const auto key = PrivateKey::generate().value();
    const auto certificate =
        Certificate::fromPem(CertificateIssuer::issue(draft, requestOf(key, "cg-1"), issuer.identity).value())
            .value();
    CHECK(certificate.serial() == toHex(draft.serial));
    CHECK(draft.serial[0] >= 0x40);
    CHECK(draft.serial[0] < 0x80);
    CHECK(newSerial().value() != newSerial().value());
}

TEST_CASE("issuing: names that would need quoting, wrong addresses and dates are refused", "[crypto]") {
    const Issuer issuer;
    const auto key = PrivateKey::generate().value();
    for (const char* name : {"", "a,CN=b", "a=b", "Xã", "a\n", " a", "a\\"}) {
        INFO(name);
        CHECK_FALSE(CertificateRequest::make(key, name));
        CHECK_FALSE(CertificateIssuer::issue(draftOf(CertificateRole::Transport, name),
                                             requestOf(key, "cg-1"), issuer.identity));
    }
    auto draft = draftOf(CertificateRole::Broker, "broker");
    draft.addresses = {"no host"};
    CHECK_FALSE(CertificateIssuer::issue(draft, requestOf(key, "broker"), issuer.identity));
    draft = draftOf(CertificateRole::Broker, "broker");
    draft.to = draft.from;
    CHECK_FALSE(CertificateIssuer::issue(draft, requestOf(key, "broker"), issuer.identity));
    draft.to = kTo + std::chrono::hours(1);
    const auto late = CertificateIssuer::issue(draft, requestOf(key, "broker"), issuer.identity);
    REQUIRE_FALSE(late);
    CHECK(late.error().kind == ErrorKind::FailedPrecondition);
}

TEST_CASE("request: one that its key did not sign is refused", "[crypto]") {
    const auto key = PrivateKey::generate().value();
    const std::string pem = CertificateRequest::make(key, "cg-1").value();
    const auto begin = pem.find('\n') + 1, end = pem.find("-----END");
    std::string base64 = pem.substr(begin, end - begin);
    std::erase(base64, '\n');
    Bytes der = fromBase64(base64).value();
    // The last byte is of the signature's second number.
    der.back() ^= 1U;
    const std::string forged =
        "-----BEGIN CERTIFICATE REQUEST-----\n" + toBase64(der) + "\n-----END CERTIFICATE REQUEST-----\n";
    const auto read = CertificateRequest::fromPem(forged);
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == ErrorKind::PermissionDenied);
    CHECK_FALSE(CertificateRequest::fromPem("nothing"));
}

}  // namespace
}  // namespace camgate::crypto
