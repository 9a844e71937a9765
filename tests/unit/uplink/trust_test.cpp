#include <catch2/catch.hpp>

#include "support/base/faulty_file_system.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/uplink/gateway.hpp"
#include "support/uplink/made_authority.hpp"

using namespace camgate;
using namespace camgate::uplink;
using test::Gateway;
using test::MadeAuthority;

namespace {

std::string golden(const std::string& name) {
    return test::goldenText("crypto/" + name + ".pem");
}

struct Documents {
    MadeAuthority root;
    Trust trust{3, {root.pem(), golden("ca")}, {golden("hub-command"), golden("hub-other")}, {}};

    std::string version(std::uint64_t number) {
        trust.version = number;
        return root.trust(trust);
    }
};

struct TrustDisk : Documents {
    test::MemoryFileSystem files;
    TrustKeeper open() { return TrustKeeper::open(files, "trust", root.pem()).value(); }
};

}  // namespace

TEST_CASE("trust: what the authority signed is read as it was written", "[uplink][trust]") {
    Documents d;
    d.trust.revoked = {test::goldenCertificate("hub-other").fingerprint()};
    const std::string text = d.version(3);
    const auto read = verifyTrust(text, {d.root.pem()});
    REQUIRE(read);
    CHECK(*read == d.trust);
    CHECK(hubsFor(*read, crypto::Purpose::Command).size() == 1);
    CHECK(hubsFor(*read, crypto::Purpose::Receive).empty());

    const auto foreign = verifyTrust(text, {MadeAuthority().pem(), golden("ca")});
    REQUIRE_FALSE(foreign);
    CHECK(foreign.error().kind == ErrorKind::PermissionDenied);
    auto changed = nlohmann::json::parse(text);
    d.trust.revoked.clear();
    changed["trust"] = nlohmann::json::parse(d.version(4))["trust"];
    CHECK_FALSE(verifyTrust(changed.dump(), {d.root.pem()}));
    for (const char* broken : {"", "{}", "[]", R"({"v":1,"trust":"","sig":""})"})
        CHECK_FALSE(verifyTrust(broken, {d.root.pem()}));
}

TEST_CASE("trust: what no gateway would take is not signed", "[uplink][trust]") {
    Documents d;
    d.trust.hubs = {"no certificate"};
    CHECK_FALSE(signTrust(d.trust, d.root.identity()));
    d.trust.hubs.clear();
    d.trust.authorities.clear();
    CHECK_FALSE(signTrust(d.trust, d.root.identity()));
    d.trust.authorities = {d.root.pem()};
    d.trust.revoked = {"no fingerprint"};
    CHECK_FALSE(signTrust(d.trust, d.root.identity()));
    d.trust.revoked.clear();
    d.trust.version = 0;
    CHECK_FALSE(signTrust(d.trust, d.root.identity()));
}

TEST_CASE("trust: a version never goes back, also after a restart", "[uplink][trust]") {
    TrustDisk d;
    const std::string first = d.version(3), second = d.version(5);
    auto keeper = d.open();
    CHECK_FALSE(keeper.current());
    CHECK(keeper.offer(second).value()->version == 5);
    CHECK_FALSE(keeper.offer(second).value().has_value());  // the same again is no news
    for (int start = 0; start < 2; ++start) {
        const auto back = keeper.offer(first);
        REQUIRE_FALSE(back);
        CHECK(back.error().kind == ErrorKind::FailedPrecondition);
        keeper = d.open();
        CHECK(keeper.current()->version == 5);
    }
    // Another document under the version in force is no way round either.
    d.trust.hubs.pop_back();
    CHECK_FALSE(keeper.offer(d.version(5)));
    CHECK(keeper.offer(d.version(6)));
}

TEST_CASE("trust: a new authority takes over by a document of the old one", "[uplink][trust]") {
    TrustDisk d;
    const MadeAuthority next;
    Trust handed{1, {next.pem()}, {}, {}};
    auto keeper = d.open();
    CHECK_FALSE(keeper.offer(next.trust(handed)));
    REQUIRE(keeper.offer(d.root.trust(handed)));
    handed.version = 2;
    CHECK_FALSE(keeper.offer(d.root.trust(handed)));
    CHECK(keeper.offer(next.trust(handed)));
    CHECK(d.open().current()->version == 2);
}

TEST_CASE("trust: a document is in force only once it is kept", "[uplink][trust]") {
    TrustDisk d;
    test::FaultyFileSystem faulty(d.files);
    faulty.faults.fail_after_bytes = 10;
    auto keeper = TrustKeeper::open(faulty, "trust", d.root.pem()).value();
    CHECK_FALSE(keeper.offer(d.version(3)));
    CHECK_FALSE(keeper.current());
    CHECK_FALSE(d.open().current());
}

TEST_CASE("trust: damage is told, another anchor begins anew", "[uplink][trust]") {
    TrustDisk d;
    REQUIRE(d.open().offer(d.version(3)));
    CHECK_FALSE(TrustKeeper::open(d.files, "trust", MadeAuthority().pem())->current());
    REQUIRE(replaceFile(d.files, "trust", "{\"anchor\""));
    const auto damaged = TrustKeeper::open(d.files, "trust", d.root.pem());
    REQUIRE_FALSE(damaged);
    CHECK(damaged.error().kind == ErrorKind::Corruption);
    auto anew = TrustKeeper::anew(d.files, "trust", d.root.pem());
    CHECK(anew.offer(d.version(3)));
}

TEST_CASE("trust: a revoked hub is refused with the reason, from the next command on and after a restart",
          "[uplink][trust]") {
    Documents d;
    Gateway gateway;
    RealFileSystem files;
    const auto start = [&] {
        gateway.trust = std::make_shared<TrustKeeper>(
            TrustKeeper::open(files, gateway.directory.file("trust"), d.root.pem()).value());
        gateway.restart();
    };
    start();
    gateway.command("status.request", "{}", {1});
    REQUIRE(gateway.hub.rowsOf("reply").size() == 1);

    d.trust.revoked = {test::goldenCertificate("hub-command").fingerprint()};
    gateway.hub.say("trust", d.version(4));
    gateway.loop.runPosted();
    gateway.command("status.request", "{}", {2});
    const auto answers = gateway.hub.saidOn("reply");
    REQUIRE_FALSE(answers.empty());
    CHECK(answers.back()["error"]["reason"] == "revoked");
    CHECK(gateway.hub.rowsOf("audit").back()["action"] == "trust.changed");

    // An older document that believes it again does not help.
    d.trust.revoked.clear();
    gateway.hub.say("trust", d.version(3));
    gateway.loop.runPosted();
    CHECK(gateway.up->figures().refused.at("old-trust") == 1);
    gateway.hub.say("trust", "{}");
    gateway.loop.runPosted();
    CHECK(gateway.up->figures().refused.at("bad-trust") == 1);
    gateway.command("status.request", "{}", {3});
    CHECK(gateway.up->figures().refused.at("revoked") == 2);
}
