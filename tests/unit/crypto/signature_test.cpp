#include <catch2/catch.hpp>

#include "base/wall_text.hpp"
#include "support/crypto/golden_pki.hpp"

using namespace camgate;
using namespace camgate::crypto;
using namespace camgate::test;

namespace {

// All golden certificates but `short` are valid from 2026 for 30 years.
WallTime at(std::string_view text) {
    return parseWallTime(text).value();
}
const WallTime kNow = at("2030-01-01T00:00:00Z");

}  // namespace

TEST_CASE("private key: PKCS 8 and SEC 1 of one key sign alike", "[crypto]") {
    const auto pkcs8 = PrivateKey::fromPem(goldenText("crypto/hub-command.key.pem")).value();
    const auto sec1 = PrivateKey::fromPem(goldenText("crypto/hub-command.sec1.key.pem")).value();
    CHECK(pkcs8.sign(asBytes("m")).value() == sec1.sign(asBytes("m")).value());
}

TEST_CASE("private key: the signature of RFC 6979, A.2.5, with SHA-256", "[crypto]") {
    // The RFC's key x = C9AF...6721 as SEC 1 without its public half.
    const Bytes der = fromHex(
                          "30310201010420c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"
                          "a00a06082a8648ce3d030107")
                          .value();
    const auto key = PrivateKey::fromPem("-----BEGIN EC PRIVATE KEY-----\n" + toBase64(der) +
                                         "\n-----END EC PRIVATE KEY-----\n");
    REQUIRE(key.has_value());
    // r and s have their highest bit set: DER puts a zero in front of each.
    CHECK(toHex(key->sign(asBytes("sample")).value()) ==
          "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
          "022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
}

TEST_CASE("private key: other kinds and rubbish are refused", "[crypto]") {
    CHECK(PrivateKey::fromPem(goldenText("crypto/p384.key.pem")).error().kind == ErrorKind::InvalidArgument);
    CHECK(PrivateKey::fromPem(goldenText("crypto/ca.pem")).error().kind == ErrorKind::InvalidArgument);
    CHECK(PrivateKey::fromPem("").error().kind == ErrorKind::InvalidArgument);
}

TEST_CASE("certificate: a signature of its key is taken, also one that openssl made", "[crypto]") {
    const auto hub = goldenIdentity("hub-command");
    const auto signature = hub.key().sign(asBytes("message")).value();
    CHECK(hub.certificate().verifySignature(asBytes("message"), signature).has_value());
    const Bytes foreign = fromHex(goldenText("crypto/message.sig.hex")).value();
    CHECK(hub.certificate().verifySignature(asBytes("a message signed by openssl"), foreign).has_value());
}

TEST_CASE("certificate: another message, another key, any flipped or missing byte is refused", "[crypto]") {
    const auto hub = goldenIdentity("hub-command");
    const auto& certificate = hub.certificate();
    const auto signature = hub.key().sign(asBytes("message")).value();
    CHECK(certificate.verifySignature(asBytes("messagE"), signature).error().kind ==
          ErrorKind::PermissionDenied);
    CHECK_FALSE(goldenCertificate("hub-other").verifySignature(asBytes("message"), signature).has_value());
    CHECK_FALSE(certificate.verifySignature(asBytes("message"), {}).has_value());
    for (std::size_t i = 0; i < signature.size(); ++i) {
        Bytes changed = signature;
        changed[i] ^= 0x40U;
        CHECK_FALSE(certificate.verifySignature(asBytes("message"), changed).has_value());
        CHECK_FALSE(
            certificate.verifySignature(asBytes("message"), ByteView(signature).first(i)).has_value());
    }
    Bytes longer = signature;
    longer.push_back(0);
    CHECK_FALSE(certificate.verifySignature(asBytes("message"), longer).has_value());
}

TEST_CASE("certificate: a key of another curve cannot verify", "[crypto]") {
    const auto signature = goldenIdentity("hub-command").key().sign(asBytes("m")).value();
    CHECK(goldenCertificate("p384").verifySignature(asBytes("m"), signature).error().kind ==
          ErrorKind::InvalidArgument);
}

TEST_CASE("certificate: name, fingerprint and validity are read", "[crypto]") {
    const auto certificate = goldenCertificate("evidence");
    CHECK(certificate.commonName() == "cg-1");
    CHECK(certificate.notBefore() < kNow);
    // 10957 days are 30 years; the fingerprint is the SHA-256 of the bytes between the PEM lines.
    CHECK(certificate.notAfter() - certificate.notBefore() == std::chrono::days(10957));
    const std::string pem = goldenText("crypto/evidence.pem");
    const auto begin = pem.find('\n') + 1;
    std::string body = pem.substr(begin, pem.find("\n-----END") - begin);
    std::erase(body, '\n');
    CHECK(certificate.fingerprint() == toHex(sha256(fromBase64(body).value())));
}

TEST_CASE("certificate: purposes are named usages, any-usage is none of them", "[crypto]") {
    CHECK(goldenCertificate("hub-command").hasPurpose(Purpose::Command));
    CHECK_FALSE(goldenCertificate("hub-command").hasPurpose(Purpose::Evidence));
    CHECK(goldenCertificate("evidence").hasPurpose(Purpose::Evidence));
    CHECK(goldenCertificate("chained").hasPurpose(Purpose::Evidence));
    CHECK_FALSE(goldenCertificate("transport").hasPurpose(Purpose::Command));
    CHECK_FALSE(goldenCertificate("ca").hasPurpose(Purpose::Command));
    // Has the usage, but its key may only agree on keys.
    CHECK_FALSE(goldenCertificate("no-signing").hasPurpose(Purpose::Command));
}

TEST_CASE("chain: leads to the authority, directly or over an intermediate", "[crypto]") {
    const auto ca = goldenCertificate("ca");
    CHECK(verifyChain(goldenCertificate("hub-command"), ca, kNow).has_value());
    CHECK(verifyChain(goldenCertificate("chained"), ca, kNow).has_value());
    const auto stranger = verifyChain(goldenCertificate("stranger"), ca, kNow);
    CHECK(stranger.error().kind == ErrorKind::PermissionDenied);
    CHECK(verifyChain(goldenCertificate("stranger"), goldenCertificate("other-ca"), kNow).has_value());
    // A leaf is no authority.
    CHECK_FALSE(
        verifyChain(goldenCertificate("hub-command"), goldenCertificate("hub-other"), kNow).has_value());
}

TEST_CASE("chain: without its intermediate it leads nowhere", "[crypto]") {
    const std::string pem = goldenText("crypto/chained.pem");
    const auto second = pem.find("-----BEGIN", 1);
    REQUIRE(second != std::string::npos);
    const auto alone = Certificate::fromPem(pem.substr(0, second)).value();
    CHECK_FALSE(verifyChain(alone, goldenCertificate("ca"), kNow).has_value());
}

TEST_CASE("chain: validity is judged at the given time, whatever the system clock says", "[crypto]") {
    const auto ca = goldenCertificate("ca");
    const auto short_lived = goldenCertificate("short");
    const auto just_made = short_lived.notBefore();
    CHECK(verifyChain(short_lived, ca, just_made).has_value());
    CHECK(verifyChain(short_lived, ca, short_lived.notAfter()).has_value());
    const auto late = verifyChain(short_lived, ca, short_lived.notAfter() + std::chrono::seconds(1));
    REQUIRE_FALSE(late.has_value());
    CHECK_THAT(late.error().context, Catch::Contains("expired"));
    const auto early = verifyChain(short_lived, ca, ca.notBefore() - std::chrono::seconds(1));
    REQUIRE_FALSE(early.has_value());
    CHECK_THAT(early.error().context, Catch::Contains("future"));
    CHECK_FALSE(verifyChain(goldenCertificate("hub-command"), ca, at("2100-01-01T00:00:00Z")).has_value());
}

TEST_CASE("identity: key and certificate must belong together", "[crypto]") {
    CHECK(Identity::fromPem(goldenText("crypto/hub-command.key.pem"), goldenText("crypto/hub-command.pem"))
              .has_value());
    CHECK(Identity::fromPem(goldenText("crypto/hub-other.key.pem"), goldenText("crypto/hub-command.pem"))
              .error()
              .kind == ErrorKind::FailedPrecondition);
}

TEST_CASE("purpose: its dotted form is what the golden script asks openssl for", "[crypto]") {
    CHECK(toHex(derOid(Purpose::Command)) == "69c2cb8ba686ffa2a1b5a5e6a3f6a5d5a7bd5c01");
    CHECK(dottedOid(Purpose::Evidence) == "2.25.44254404398301313505594824726653034204.2");
    CHECK_THAT(goldenText("crypto/make"), Catch::Contains(std::string(kPurposeArc)));
    CHECK(toString(Purpose::Release) == "release");
}
