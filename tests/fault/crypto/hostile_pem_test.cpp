#include <catch2/catch.hpp>

#include "base/wall_text.hpp"
#include "support/crypto/golden_pki.hpp"

using namespace camgate;
using namespace camgate::crypto;
using namespace camgate::test;

namespace {

// The CA's certificate must not be taken for one that it did not make: `at` is inside its validity.
const WallTime kNow = parseWallTime("2030-01-01T00:00:00Z").value();

std::string certificatePem(ByteView der) {
    return "-----BEGIN CERTIFICATE-----\n" + toBase64(der) + "\n-----END CERTIFICATE-----\n";
}

Bytes derOf(std::string pem) {
    const auto begin = pem.find('\n') + 1;
    pem = pem.substr(begin, pem.find("\n-----END") - begin);
    std::erase(pem, '\n');
    return fromBase64(pem).value();
}

}  // namespace

TEST_CASE("certificate: cut short at any byte it is refused", "[crypto][fault]") {
    const Bytes der = derOf(goldenText("crypto/hub-command.pem"));
    for (std::size_t length = 0; length < der.size(); ++length) {
        CHECK_FALSE(Certificate::fromPem(certificatePem(ByteView(der).first(length))).has_value());
    }
    const std::string pem = goldenText("crypto/hub-command.pem");
    for (std::size_t length = 0; length + 1 < pem.size(); ++length) {
        const auto cut = Certificate::fromPem(pem.substr(0, length));
        if (cut) CHECK(cut->fingerprint() == goldenCertificate("hub-command").fingerprint());
    }
}

TEST_CASE("certificate: with any byte flipped it leads to no authority", "[crypto][fault]") {
    const Bytes der = derOf(goldenText("crypto/hub-command.pem"));
    const auto ca = goldenCertificate("ca");
    for (std::size_t i = 0; i < der.size(); ++i) {
        for (const unsigned mask : {0x01U, 0x80U}) {
            Bytes changed = der;
            changed[i] = static_cast<std::uint8_t>(changed[i] ^ mask);
            const auto certificate = Certificate::fromPem(certificatePem(changed));
            if (!certificate) continue;
            INFO("byte " << i);
            CHECK_FALSE(verifyChain(*certificate, ca, kNow).has_value());
        }
    }
}

TEST_CASE("private key: cut short or flipped at any byte it never crashes", "[crypto][fault]") {
    const std::string pem = goldenText("crypto/hub-command.key.pem");
    const auto certificate = goldenCertificate("hub-command");
    for (std::size_t i = 0; i < pem.size(); ++i) {
        (void)PrivateKey::fromPem(pem.substr(0, i));
        std::string changed = pem;
        changed[i] = static_cast<char>(changed[i] ^ 0x01);
        (void)Identity::fromPem(changed, certificate.pem());
    }
    SUCCEED();
}
