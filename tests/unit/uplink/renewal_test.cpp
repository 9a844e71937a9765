#include <catch2/catch.hpp>

#include "support/base/memory_file_system.hpp"
#include "support/uplink/gateway.hpp"
#include "support/uplink/made_authority.hpp"
#include "uplink/renewal.hpp"

using namespace camgate;
using namespace camgate::uplink;
using namespace std::chrono_literals;
using test::Gateway;
using test::MadeAuthority;

namespace {

const WallTime kRenewedAt = parseWallTime("2030-01-01T12:00:29Z").value();

struct IdentityDisk {
    MadeAuthority authority;
    test::MemoryFileSystem files;
    IdentityStore store{files, ".", "cg-1"};

    CertificateBundle certified() {
        return authority.certify(readEnrolmentRequest(store.request({}).value()).value());
    }
    Status accept(const CertificateBundle& bundle) {
        return store.accept(bundle, authority.pem(), authority.pem(), kRenewedAt);
    }
};

std::string transportOf(const Result<std::optional<GatewayIdentity>>& identity) {
    REQUIRE(identity);
    return *identity ? (*identity)->bundle.of(crypto::CertificateRole::Transport) : std::string();
}

/// An evidence key of cg-1 under an authority of its own, and a transport certificate that ends soon.
struct RenewalRig {
    MadeAuthority authority;
    crypto::PrivateKey key = crypto::PrivateKey::generate().value();
    RealFileSystem files;
    Gateway gateway;
    int installed = 0;

    explicit RenewalRig(std::chrono::hours left) {
        gateway.identity = std::make_shared<IdentityStore>(files, gateway.directory.path(), "cg-1");
        gateway.renewal.to = gateway.now() + left;
        gateway.renewal.from = gateway.renewal.to - std::chrono::hours(300);
        gateway.renewal.authority_pem = gateway.renewal.anchor_pem = authority.pem();
        const std::string pem = authority.issue(crypto::CertificateRole::Evidence, "cg-1", key);
        gateway.renewal.evidence = std::make_shared<const crypto::Identity>(
            crypto::Identity::fromPem(key.toPem().value(), pem).value());
        gateway.renewal.installed = [this] { ++installed; };
        gateway.restart();
    }
    std::vector<nlohmann::json> asked() { return gateway.hub.saidOn("renewal"); }
    std::string bundle() {
        const auto word = verifyRenewal(asked().back().dump(),
                                        crypto::Certificate::fromPem(authority.pem()).value(), gateway.now());
        REQUIRE(word);
        CHECK(word->gateway == "cg-1");
        return toJson(authority.certify(readEnrolmentRequest(word->request).value()));
    }
    void answer(const std::string& text) {
        gateway.hub.say("bundle", text);
        gateway.loop.runPosted();
    }
};

}  // namespace

TEST_CASE("identity: keys wait for their certificates over a restart, then are tried, then count",
          "[uplink][identity]") {
    IdentityDisk disk;
    CHECK(transportOf(disk.store.current()).empty());
    const auto first = readEnrolmentRequest(disk.store.request({}).value()).value();
    CHECK(readEnrolmentRequest(disk.store.request({}).value())->text.size() == first.text.size());
    const auto bundle = disk.certified();
    REQUIRE(disk.accept(bundle));
    CHECK(transportOf(disk.store.current()).empty());
    CHECK(transportOf(disk.store.onTrial()) == bundle.of(crypto::CertificateRole::Transport));
    REQUIRE(disk.store.promote());
    CHECK(transportOf(disk.store.current()) == bundle.of(crypto::CertificateRole::Transport));
    CHECK(transportOf(disk.store.onTrial()).empty());
    CHECK_FALSE(disk.files.exists("./identity.request"));
    // Of a box that is called otherwise it is no identity.
    CHECK(transportOf(IdentityStore(disk.files, ".", "cg-2").current()).empty());
}

TEST_CASE("identity: what did not work is taken back and the one before counts", "[uplink][identity]") {
    IdentityDisk disk;
    REQUIRE(disk.accept(disk.certified()));
    REQUIRE(disk.store.promote());
    const std::string before = transportOf(disk.store.current());
    REQUIRE(disk.accept(disk.certified()));
    REQUIRE(disk.store.revert(kRenewedAt));
    CHECK(transportOf(disk.store.current()) == before);
    CHECK(transportOf(disk.store.onTrial()).empty());
    CHECK(disk.store.reverted() == std::chrono::floor<std::chrono::milliseconds>(kRenewedAt));
}

TEST_CASE("identity: a bundle that is not for these keys and under this authority is not installed",
          "[uplink][identity]") {
    IdentityDisk disk;
    const auto bundle = disk.certified();
    const auto foreign =
        MadeAuthority().certify(readEnrolmentRequest(disk.store.request({}).value()).value());
    CHECK_FALSE(disk.accept(foreign));
    CHECK_FALSE(disk.accept(disk.authority.certify(
        readEnrolmentRequest(makeEnrolmentRequest(GatewayKeys::generate().value(), "cg-1", {}).value())
            .value())));
    CHECK(transportOf(disk.store.onTrial()).empty());
    REQUIRE(disk.accept(bundle));
    const auto late = disk.accept(bundle);
    REQUIRE_FALSE(late);
    CHECK(late.error().kind == ErrorKind::FailedPrecondition);
}

TEST_CASE("identity: a power cut at any step leaves the old or the new bundle, never a mixture",
          "[uplink][identity]") {
    IdentityDisk disk;
    REQUIRE(disk.accept(disk.certified()));
    REQUIRE(disk.store.promote());
    const std::string before = transportOf(disk.store.current());
    const std::size_t begun = disk.files.steps();
    const auto bundle = disk.certified();
    REQUIRE(disk.accept(bundle));
    REQUIRE(disk.store.promote());
    const std::string after = bundle.of(crypto::CertificateRole::Transport);
    for (std::size_t step = begun; step <= disk.files.steps(); ++step) {
        const auto cut = disk.files.powerCut(step, step);
        const IdentityStore store(*cut, ".", "cg-1");
        const std::string current = transportOf(store.current()), next = transportOf(store.onTrial());
        CHECK((current == before || current == after));
        CHECK((next.empty() || next == after));
    }
}

TEST_CASE("renewal: nothing is asked while more than a third of the life is left", "[uplink][identity]") {
    RenewalRig rig(101h);
    CHECK(rig.asked().empty());
    rig.gateway.advance(6h);
    REQUIRE(rig.asked().size() == 1);
    CHECK(rig.asked()[0]["signed"]["renewal"].get<std::string>().size() > 100);
}

TEST_CASE("renewal: who is not answered asks again after minutes, then less and less often",
          "[uplink][identity]") {
    RenewalRig rig(100h);
    REQUIRE(rig.asked().size() == 1);
    // 2, 4, 8, 16, 32, 64 and 128 minutes: at most six hours, a sixteenth of what is left.
    std::size_t said = 1;
    for (const auto wait : {2min, 4min, 8min, 16min, 32min, 64min, 128min}) {
        rig.gateway.advance(wait - 10s);
        CHECK(rig.asked().size() == said);
        rig.gateway.advance(10s);
        CHECK(rig.asked().size() == ++said);
    }
}

TEST_CASE("renewal: the waits end at six hours, and at a sixteenth of the life that is left",
          "[uplink][identity]") {
    CHECK(Renewal::backOff(1, 2400h) == 2min);
    CHECK(Renewal::backOff(8, 2400h) == 256min);
    CHECK(Renewal::backOff(9, 2400h) == 6h);
    CHECK(Renewal::backOff(1000, 2400h) == 6h);
    CHECK(Renewal::backOff(1000, 16h) == 1h);
    CHECK(Renewal::backOff(1000, 8min) == 2min);
    CHECK(Renewal::backOff(1000, -1h) == 2min);
}

TEST_CASE("renewal: many that are due do not ask at one moment", "[uplink][identity]") {
    RenewalRig rig(90h);
    rig.gateway.renewal.random = [] { return 0.5; };
    rig.gateway.restart();
    const std::size_t begun = rig.asked().size();
    // (1/8 + 7/8 * 1/2) of two minutes: 67.5 s.
    rig.gateway.advance(66s);  // and half a second since the start
    CHECK(rig.asked().size() == begun);
    rig.gateway.advance(2s);
    CHECK(rig.asked().size() == begun + 1);
}

TEST_CASE("renewal: a line that comes and goes does not ask more often, one that lost the request does",
          "[uplink][identity]") {
    RenewalRig rig(90h);
    REQUIRE(rig.asked().size() == 1);
    rig.gateway.setBroker(false);
    rig.gateway.setBroker(true);
    rig.gateway.loop.runPosted();
    CHECK(rig.asked().size() == 1);
    rig.gateway.advance(2min);
    CHECK(rig.asked().size() == 2);
    // The broker goes away before it has acknowledged the next.
    rig.gateway.control.dropAck = [](const HubMessage& message) {
        return message.topic.ends_with("/renewal");
    };
    rig.gateway.advance(4min);
    const std::size_t begun = rig.asked().size();
    CHECK(begun == 3);
    rig.gateway.setBroker(false);
    rig.gateway.setBroker(true);
    rig.gateway.loop.runPosted();
    CHECK(rig.asked().size() == begun + 1);
}

TEST_CASE("renewal: a certificate that ends soon does not wait for a clock for hours", "[uplink][identity]") {
    RenewalRig rig(90h);
    rig.gateway.clock.setWall({rig.gateway.now(), WallQuality::Unsynced, 0ms});
    rig.gateway.restart();
    const std::size_t begun = rig.asked().size();
    rig.gateway.clock.setWall({rig.gateway.now(), WallQuality::Ntp, 10ms});
    rig.gateway.advance(11min);
    CHECK(rig.asked().size() > begun);
}

TEST_CASE("renewal: the bundle is installed once, and only if it is good", "[uplink][identity]") {
    RenewalRig rig(90h);
    REQUIRE(rig.asked().size() == 1);
    rig.answer("{}");
    const auto word = verifyRenewal(
        rig.asked()[0].dump(), crypto::Certificate::fromPem(rig.authority.pem()).value(), rig.gateway.now());
    rig.answer(toJson(MadeAuthority().certify(readEnrolmentRequest(word->request).value())));
    CHECK(rig.installed == 0);
    CHECK(rig.gateway.up->figures().refused.at("bad-bundle") == 2);
    const std::string bundle = rig.bundle();
    rig.answer(bundle);
    rig.answer(bundle);
    CHECK(rig.installed == 1);
    CHECK(rig.gateway.identity->onTrial().value().has_value());
}

TEST_CASE("renewal: after one that did not work a day passes", "[uplink][identity]") {
    RenewalRig rig(90h);
    REQUIRE(rig.gateway.identity->revert(rig.gateway.now()));
    rig.gateway.restart();
    CHECK(rig.asked().size() == 1);  // the one before
    rig.gateway.advance(25h);
    CHECK(rig.asked().size() > 1);
}

TEST_CASE("renewal: another's word, and a word without the purpose, is none", "[uplink][identity]") {
    const MadeAuthority authority;
    const auto root = crypto::Certificate::fromPem(authority.pem()).value();
    const auto key = crypto::PrivateKey::generate().value();
    for (const auto role : {crypto::CertificateRole::Transport, crypto::CertificateRole::Evidence}) {
        const auto identity =
            crypto::Identity::fromPem(key.toPem().value(), authority.issue(role, "cg-1", key)).value();
        const auto word = verifyRenewal(signRenewal("{}", identity).value(), root, kRenewedAt);
        CHECK(word.has_value() == (role == crypto::CertificateRole::Evidence));
        CHECK_FALSE(verifyRenewal(signRenewal("{}", identity).value(),
                                  crypto::Certificate::fromPem(MadeAuthority().pem()).value(), kRenewedAt));
    }
}
