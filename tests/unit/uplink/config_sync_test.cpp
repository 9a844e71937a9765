#include <catch2/catch.hpp>

#include "support/uplink/gateway.hpp"

using namespace camgate;
using namespace std::chrono_literals;
using test::Gateway;
using Json = nlohmann::json;

namespace {

struct Owner final : uplink::ConfigurationOwner {
    std::vector<uplink::DesiredConfiguration> wishes;
    int revision = 7;
    void onDesired(const uplink::DesiredConfiguration& desired) override { wishes.push_back(desired); }
    std::string reportedJson() const override { return Json{{"v", 1}, {"revision", revision}}.dump(); }
};

struct ConfigSyncRig {
    Owner owner;
    Gateway gateway;

    ConfigSyncRig() {
        gateway.owner = &owner;
        gateway.restart();
    }
    void desire(const std::string& payload) { say(gateway.envelope("config.desired", payload)); }
    void say(const std::string& text) {
        gateway.hub.say("config/desired", text);
        gateway.loop.runPosted();
    }
    std::uint64_t refused(const std::string& reason) {
        const auto all = gateway.up->figures().refused;
        const auto found = all.find(reason);
        return found == all.end() ? 0 : found->second;
    }
};

const std::string kWish =
    R"({"v":1,"revision":8,"base_revision":7,"document":"{\"version\":2, \"a\":1e999}"})";

}  // namespace

TEST_CASE("config sync: a signed wish reaches the owner as it was written, with its signer",
          "[uplink][config]") {
    ConfigSyncRig rig;
    rig.desire(kWish);
    REQUIRE(rig.owner.wishes.size() == 1);
    CHECK(rig.owner.wishes[0].revision == 8);
    CHECK(rig.owner.wishes[0].base_revision == 7);
    CHECK(rig.owner.wishes[0].document == R"({"version":2, "a":1e999})");
    CHECK_FALSE(rig.owner.wishes[0].who.empty());
}

TEST_CASE("config sync: a retained wish that comes again is no wish", "[uplink][config]") {
    ConfigSyncRig rig;
    const std::string envelope = rig.gateway.envelope("config.desired", kWish);
    rig.say(envelope);
    rig.say(envelope);
    rig.gateway.restart();
    rig.say(envelope);
    CHECK(rig.owner.wishes.size() == 1);
    rig.say("");  // taken back by the hub
    CHECK(rig.owner.wishes.size() == 1);
}

TEST_CASE("config sync: what is not signed for this, or makes no sense, is counted",
          "[uplink][config][hostile]") {
    ConfigSyncRig rig;
    rig.say(rig.gateway.envelope("clip.request", kWish));
    CHECK(rig.refused("wrong-command") == 1);
    rig.say("{");
    rig.say(std::string(100'000, 'x'));
    rig.desire(R"({"v":1,"revision":8})");
    rig.desire(R"({"v":1,"revision":8,"base_revision":7,"document":{}})");
    rig.desire(R"({"v":1,"revision":-8,"base_revision":7,"document":""})");
    CHECK(rig.refused("malformed") == 5);
    CHECK(rig.owner.wishes.empty());
}

TEST_CASE("config sync: what is reported is retained, and told anew after each connection and change",
          "[uplink][config]") {
    ConfigSyncRig rig;
    const auto reported = [&rig] { return rig.gateway.hub.saidOn("config/reported"); };
    REQUIRE(reported().size() == 1);
    CHECK(reported()[0]["revision"] == 7);
    rig.owner.revision = 8;
    rig.gateway.up->configurationChanged();
    rig.gateway.loop.runPosted();
    CHECK(reported().back()["revision"] == 8);
    rig.gateway.setBroker(false);
    rig.owner.revision = 9;
    rig.gateway.up->configurationChanged();
    rig.gateway.setBroker(true);
    rig.gateway.advance(1s);
    CHECK(reported().back()["revision"] == 9);
}
