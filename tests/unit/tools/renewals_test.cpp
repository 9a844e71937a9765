#include "tools/hub/ca/renewals.hpp"

#include <catch2/catch.hpp>

#include "support/base/fake_clock.hpp"
#include "support/base/memory_file_system.hpp"
#include "tools/hub/ca/revocation_lists.hpp"
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

TEST_CASE("renewals: the revocation list is made anew once a day and not more often", "[hub][ca]") {
    Commune commune;
    const auto from = [&commune] {
        return crypto::readRevocationList(readTextFile(commune.files, "ca/issuing.crl").value()).value().from;
    };
    CHECK_FALSE(commune.files.exists("ca/issuing.crl"));
    commune.renewals.tick();
    const WallTime first = from();
    for (int hour = 1; hour < 23; ++hour) {
        commune.clock.advance(std::chrono::hours(1));
        commune.renewals.tick();
        CHECK(from() == first);
    }
    commune.clock.advance(std::chrono::hours(2));
    commune.renewals.tick();
    CHECK(from() > first);
    // One that is damaged, or that a clock which was ahead has made.
    REQUIRE(replaceFile(commune.files, "ca/issuing.crl", "nothing"));
    commune.clock.advance(std::chrono::hours(1));
    commune.renewals.tick();
    CHECK(from() > first);
}

TEST_CASE("revocation lists: each authority's names what it signed, until long after its end", "[hub][ca]") {
    Commune commune;
    auto authority = Authority::open(commune.files, commune.clock, "ca").value();
    RevocationLists lists(commune.files, commune.clock, "ca");
    const auto count = [&](const std::string& name) {
        REQUIRE(lists.write(authority));
        return crypto::readRevocationList(readTextFile(commune.files, "ca/" + name + ".crl").value())
            ->revoked.size();
    };
    CHECK(count("issuing") == 0);
    CHECK(authority.revokeGateway("cg-1", "stolen").value() == 3);
    CHECK(authority.revokeGateway("cg-1", "stolen").error().kind == ErrorKind::NotFound);
    CHECK(authority.revokeGateway("cg-2", "stolen").error().kind == ErrorKind::NotFound);
    CHECK(count("issuing") == 3);
    CHECK(count("root") == 0);
    REQUIRE(authority.revoke(authority.issuer().certificate().fingerprint(), "taken"));
    CHECK(count("root") == 1);
    CHECK(count("issuing") == 3);
    // 398 days of life and 180 of a list.
    commune.clock.advance(std::chrono::hours(24 * 570));
    CHECK(count("issuing") == 3);
    commune.clock.advance(std::chrono::hours(24 * 10));
    CHECK(count("issuing") == 0);
    // Carried away: the list that is there stays.
    REQUIRE(commune.files.remove(rootKeyFile("ca")));
    CHECK(lists.write(authority).value().size() == 1);
    CHECK(commune.files.exists("ca/root.crl"));
}
