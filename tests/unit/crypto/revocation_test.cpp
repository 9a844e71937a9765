#include "crypto/revocation_list.hpp"

#include <catch2/catch.hpp>

#include "base/wall_text.hpp"
#include "crypto/certificate_issuer.hpp"
#include "crypto/der.hpp"
#include "validity.hpp"

namespace camgate::crypto {
namespace {

using test::kFrom;
using test::kTo;

Identity issuer() {
    const auto key = PrivateKey::generate().value();
    const std::string pem =
        CertificateIssuer::selfSign({CertificateRole::Root, "Test root", newSerial().value(), kFrom, kTo, {}},
                                    key)
            .value();
    return Identity::fromPem(key.toPem().value(), pem).value();
}

TEST_CASE("revocation list: what is written is read back, an empty one too", "[crypto]") {
    const Identity signer = issuer();
    for (const auto& revoked :
         {std::vector<RevokedCertificate>{},
          {{"4a01", kFrom}},
          // Of RFC 5280's two forms of a time the second begins with 2050.
          {{"7f", kFrom},
           {"41000000000000000000000000000000", parseWallTime("2050-01-01T00:00:00Z").value()}}}) {
        const auto pem = signRevocationList({7, kFrom, kTo, revoked}, signer);
        REQUIRE(pem);
        const auto read = readRevocationList(*pem);
        REQUIRE(read);
        CHECK(read->from == kFrom);
        CHECK(read->to == kTo);
        CHECK(read->revoked == revoked);
    }
}

TEST_CASE("revocation list: a serial whose first bit is set is no negative number", "[crypto]") {
    const auto pem = signRevocationList({7, kFrom, kTo, {{"00ff01", kFrom}}}, issuer());
    REQUIRE(pem);
    // As the C library has it: the bytes of the number with the zero that keeps it positive.
    CHECK(readRevocationList(*pem)->revoked.at(0).serial == "00ff01");
}

TEST_CASE("revocation list: a thousand entries have lengths of three bytes", "[crypto]") {
    std::vector<RevokedCertificate> revoked;
    for (int i = 0; i < 1000; ++i) revoked.push_back({toHex(newSerial().value()), kFrom});
    const auto pem = signRevocationList({7, kFrom, kTo, revoked}, issuer());
    REQUIRE(pem);
    CHECK(readRevocationList(*pem)->revoked == revoked);
}

TEST_CASE("revocation list: what would be none is refused", "[crypto]") {
    const Identity signer = issuer();
    CHECK_FALSE(signRevocationList({7, kTo, kFrom, {}}, signer));
    for (const char* serial : {"", "no hex", "abc"}) {
        INFO(serial);
        CHECK_FALSE(signRevocationList({7, kFrom, kTo, {{serial, kFrom}}}, signer));
    }
    const std::string pem = signRevocationList({7, kFrom, kTo, {}}, signer).value();
    CHECK_FALSE(readRevocationList(""));
    CHECK_FALSE(readRevocationList(pem.substr(0, pem.size() / 2)));
    CHECK_FALSE(readRevocationList(signer.certificate().pem()));
}

TEST_CASE("der: a length has as many bytes as it needs", "[crypto]") {
    const auto head = [](std::size_t length) {
        const Bytes whole = element(4, Bytes(length));
        return Bytes(whole.begin(), whole.end() - static_cast<std::ptrdiff_t>(length));
    };
    CHECK(head(0) == Bytes{4, 0});
    CHECK(head(127) == Bytes{4, 127});
    CHECK(head(128) == Bytes{4, 0x81, 128});
    CHECK(head(255) == Bytes{4, 0x81, 255});
    CHECK(head(256) == Bytes{4, 0x82, 1, 0});
    CHECK(head(65536) == Bytes{4, 0x83, 1, 0, 0});
}

}  // namespace
}  // namespace camgate::crypto
