#include "tools/hub/ca/renewals.hpp"

#include <catch2/catch.hpp>

#include "support/base/fake_clock.hpp"
#include "support/base/memory_file_system.hpp"
#include "uplink/renewal.hpp"

using namespace camgate;
using namespace camgate::hub;
using namespace camgate::test;

namespace {

struct Commune {
    MemoryFileSystem files;
    FakeClock clock;
    std::unique_ptr<HubDatabase> database = HubDatabase::open(":memory:").value();
    Renewals renewals{files, clock, *database, "ca"};
    uplink::GatewayKeys keys = uplink::GatewayKeys::generate().value();
    uplink::CertificateBundle bundle;

    Commune() {
        REQUIRE(Authority::init(files, clock, "ca", "Commune", {}));
        bundle = certify("cg-1");
    }
    uplink::CertificateBundle certify(const std::string& gateway) {
        const auto request =
            uplink::readEnrolmentRequest(uplink::makeEnrolmentRequest(keys, gateway, {}).value()).value();
        return Authority::open(files, clock, "ca").value().issueBundle(request, std::chrono::days(0)).value();
    }
    crypto::Identity evidence() const {
        using enum crypto::CertificateRole;
        return crypto::Identity::fromPem(keys.of(Evidence).toPem().value(), bundle.of(Evidence)).value();
    }
    std::string message(const std::string& gateway = "cg-1") const {
        const auto fresh = uplink::GatewayKeys::generate().value();
        return uplink::signRenewal(uplink::makeEnrolmentRequest(fresh, gateway, {}).value(), evidence())
            .value();
    }
};

}  // namespace

TEST_CASE("renewals: the same request has the same answer, a new one a new", "[hub][ca]") {
    Commune commune;
    const std::string first = commune.message();
    const auto answer = commune.renewals.answer("cg-1", first);
    REQUIRE(answer);
    CHECK(commune.renewals.answer("cg-1", first).value() == *answer);
    CHECK(uplink::readCertificateBundle(*answer)->gateway == "cg-1");
    CHECK(commune.renewals.answer("cg-1", commune.message()).value() != *answer);
}

TEST_CASE("renewals: only a gateway's own, unrevoked word renews it", "[hub][ca]") {
    Commune commune;
    CHECK_FALSE(commune.renewals.answer("cg-2", commune.message()));
    CHECK_FALSE(commune.renewals.answer("cg-1", commune.message("cg-2")));
    CHECK_FALSE(commune.renewals.answer("cg-1", "{}"));
    REQUIRE(Authority::open(commune.files, commune.clock, "ca")
                ->revoke(commune.evidence().certificate().fingerprint(), "stolen"));
    const auto revoked = commune.renewals.answer("cg-1", commune.message());
    REQUIRE_FALSE(revoked);
    CHECK(revoked.error().kind == ErrorKind::PermissionDenied);
}

TEST_CASE("renewals: so many a day and no more", "[hub][ca]") {
    Commune commune;
    for (int i = 0; i < Renewals::kMostADay; ++i) CHECK(commune.renewals.answer("cg-1", commune.message()));
    CHECK_FALSE(commune.renewals.answer("cg-1", commune.message()));
    commune.clock.advance(std::chrono::hours(25));
    CHECK(commune.renewals.answer("cg-1", commune.message()));
}
