// What a hub may ask for besides footage: cancelling, the remembered events, birth, restart; and how it asks
// while the gateway does not know the time.
#include <catch2/catch.hpp>

#include "support/uplink/fake_updates.hpp"
#include "support/uplink/gateway.hpp"

using namespace camgate;
using namespace std::chrono_literals;
using test::Gateway;
using test::lastReply;
using test::reasonOf;
using Json = nlohmann::json;

namespace {

const std::string kPlainOrder =
    R"({"camera":"gate","from":"2030-01-01T11:00:00Z","to":"2030-01-01T11:00:10Z"})";

struct FakeMachine final : uplink::Machine {
    Status mayRestart() const override {
        if (busy) return fail(ErrorKind::Unavailable, "an update is being installed");
        return {};
    }
    void restart() override { ++restarts; }
    bool busy = false;
    int restarts = 0;
};

const std::string kUpdate =
    R"({"version":"0.2.0","sha256":")" + std::string(64, 'a') + R"(","bytes":1000,"url":"https://a/b"})";

}  // namespace

TEST_CASE("orders: an update is ordered, refused with its reason, and shown in the status", "[uplink]") {
    Gateway gateway;
    gateway.command("update.install", kUpdate, {1});
    CHECK(reasonOf(lastReply(gateway)) == "no-updates");
    test::FakeUpdates updates;
    gateway.updates = &updates;
    gateway.restart();
    gateway.command("update.install", kUpdate, {2});
    CHECK(lastReply(gateway)["result"]["phase"] == "downloading");
    REQUIRE(updates.orders.size() == 1);
    CHECK(updates.orders[0].version == "0.2.0");
    CHECK(updates.orders[0].bytes == 1000);
    CHECK_FALSE(updates.orders[0].allow_downgrade);

    updates.said = fail(ErrorKind::FailedPrecondition, "downgrade: version 0.2.0 is older");
    gateway.command("update.install", kUpdate, {3});
    CHECK(reasonOf(lastReply(gateway)) == "downgrade");
    updates.said = fail(ErrorKind::Unavailable, "busy: an update is on trial");
    gateway.command("update.install", kUpdate, {4});
    CHECK(reasonOf(lastReply(gateway)) == "busy");
    Json wrong = Json::parse(kUpdate);
    wrong["url"] = "file:///etc/passwd";
    gateway.command("update.install", wrong.dump(), {5});
    CHECK(reasonOf(lastReply(gateway)) == "malformed");
    CHECK(updates.orders.size() == 3);
    wrong.erase("url");  // the hub brings it
    gateway.command("update.install", wrong.dump(), {7});
    REQUIRE(updates.orders.size() == 4);
    CHECK(updates.orders[3].url.empty());

    updates.status = R"({"phase":"trial","version":"0.2.0"})";
    gateway.command("status.request", "{}", {6});
    CHECK(lastReply(gateway)["result"]["update"]["phase"] == "trial");
}

TEST_CASE("orders: a cancelled clip is given up, said to the hub, and its footage released", "[uplink]") {
    Gateway gateway;
    gateway.bulk.setBroker(false);
    gateway.command("clip.request", kPlainOrder, {1});
    gateway.advance(1s);
    const std::string clip = lastReply(gateway)["result"]["clip"];
    REQUIRE(gateway.hub.clips.contains(clip));
    REQUIRE(gateway.source.held.contains(clip));
    gateway.command("clip.cancel", Json{{"clip", clip}}.dump(), {2});
    gateway.advance(1s);
    CHECK(lastReply(gateway)["result"]["clip"] == clip);
    CHECK(gateway.hub.clips.at(clip).failed["error"]["reason"] == "cancelled");
    CHECK_FALSE(gateway.source.held.contains(clip));
    CHECK(gateway.up->figures().open_clips == 0);
    gateway.restart();
    CHECK(gateway.source.reopens == 0);
    gateway.command("clip.cancel", Json{{"clip", clip}}.dump(), {3});
    CHECK(reasonOf(lastReply(gateway)) == "unknown-clip");
    gateway.command("clip.cancel", R"({"clip":"../../etc"})", {4});
    CHECK(reasonOf(lastReply(gateway)) == "malformed");
}

TEST_CASE("orders: another clip goes on when the one under way is cancelled", "[uplink]") {
    Gateway gateway;
    gateway.source.size_bytes = 2'000'000;  // half a minute at the cap
    gateway.command("clip.request", kPlainOrder, {1});
    gateway.advance(2s);
    const std::string first = lastReply(gateway)["result"]["clip"];
    gateway.command("clip.request",
                    R"({"camera":"gate","from":"2030-01-01T11:01:00Z","to":"2030-01-01T11:01:10Z"})", {2});
    gateway.advance(2s);
    const std::string second = lastReply(gateway)["result"]["clip"];
    gateway.command("clip.cancel", Json{{"clip", first}}.dump(), {3});
    gateway.advance(90s);
    CHECK_FALSE(gateway.hub.clips.at(first).verified);
    CHECK(gateway.hub.clips.at(second).verified);
}

TEST_CASE("orders: remembered events come in pages, newest first, each once", "[uplink]") {
    Gateway gateway;
    for (int i = 0; i < 7; ++i) {
        gateway.event("e" + std::to_string(i), uplink::ReportPhase::Start, true,
                      i % 2 == 0 ? "gate" : "yard");
        gateway.advance(1s);
    }
    std::vector<std::string> seen;
    Json order{{"limit", 3}};
    for (std::uint8_t page = 1; page < 9; ++page) {
        gateway.command("events.query", order.dump(), {page});
        const Json result = lastReply(gateway)["result"];
        for (const auto& event : result["events"]) seen.push_back(event["event"]);
        if (result["next"].is_null()) break;
        order["behind"] = result["next"];
    }
    CHECK(seen == std::vector<std::string>{"e6", "e5", "e4", "e3", "e2", "e1", "e0"});
    gateway.command("events.query", R"({"camera":"yard"})", {20});
    CHECK(lastReply(gateway)["result"]["events"].size() == 3);
    CHECK(lastReply(gateway)["result"]["next"].is_null());
    gateway.command("events.query", R"({"from":"2030-01-01T12:00:24Z","to":"2030-01-01T12:00:26Z"})", {21});
    CHECK(lastReply(gateway)["result"]["events"].size() == 2);
    for (const char* bad : {R"({"limit":0})", R"({"limit":101})", R"({"behind":"x"})", R"({"camera":7})"}) {
        gateway.command("events.query", bad, {30, static_cast<std::uint8_t>(bad[3])});
        CHECK(reasonOf(lastReply(gateway)) == "malformed");
    }
}

TEST_CASE("orders: a page of events fits a message however much they hold", "[uplink][fault]") {
    Gateway gateway;
    for (int i = 0; i < 40; ++i) {
        auto report = gateway.report("e" + std::to_string(i), uplink::ReportPhase::Start);
        report.zones.assign(1, std::string(4000, 'z'));
        gateway.up->reportEvent(report);
        gateway.advance(1s);
    }
    gateway.command("events.query", R"({"limit":100})", {1});
    gateway.advance(2s);
    const Json reply = lastReply(gateway);
    CHECK(reply["result"]["events"].size() == 11);  // 48 KiB of a little over 4 KiB each
    CHECK(reply["result"]["next"].is_string());
    CHECK(reply.dump().size() < uplink::kLongestUp_bytes);
}

TEST_CASE("orders: rebirth says status and configuration again", "[uplink]") {
    Gateway gateway;
    const std::size_t before = gateway.hub.saidOn("status").size();
    gateway.command("rebirth", "{}", {1});
    gateway.advance(1s);
    CHECK(lastReply(gateway)["ok"] == true);
    REQUIRE(gateway.hub.saidOn("status").size() == before + 1);
    CHECK(gateway.hub.saidOn("status").back()["session"] == gateway.hub.saidOn("status").front()["session"]);
}

TEST_CASE("orders: the machine is restarted after the reply, and only where that may be", "[uplink]") {
    Gateway gateway;
    gateway.command("reboot", "{}", {1});
    CHECK(reasonOf(lastReply(gateway)) == "not-permitted");
    FakeMachine machine;
    gateway.machine = &machine;
    gateway.restart();
    machine.busy = true;
    gateway.command("reboot", "{}", {2});
    CHECK(reasonOf(lastReply(gateway)) == "not-permitted");
    CHECK(lastReply(gateway)["error"]["message"] == "an update is being installed (unavailable)");
    machine.busy = false;
    gateway.command("reboot", "{}", {3});
    CHECK(lastReply(gateway)["ok"] == true);
    CHECK(machine.restarts == 0);
    gateway.advance(6s);
    CHECK(machine.restarts == 1);
    // The hub's repeat is answered from memory.
    gateway.restart();
    gateway.command("reboot", "{}", {3});
    gateway.advance(6s);
    CHECK(machine.restarts == 1);
}

TEST_CASE("orders: a gateway without the time takes what the hub signed with its challenge, once",
          "[uplink]") {
    Gateway gateway;
    const WallTime right = gateway.now();
    const auto ask = [&](const Json& payload, const Bytes& correlation) {
        // The hub knows the time, the gateway is ten years behind.
        gateway.clock.setWall({right, WallQuality::Ntp, 0ms});
        const std::string envelope = gateway.envelope("clip.request", payload.dump());
        gateway.clock.setWall({right - 24h * 3650, WallQuality::Unsynced, 0ms});
        gateway.hub.command("clip.request", envelope, correlation);
        gateway.loop.runPosted();
        return envelope;
    };
    Json order = Json::parse(kPlainOrder);
    ask(order, {1});
    REQUIRE(reasonOf(lastReply(gateway)) == "time-unsynced");
    const std::string challenge = lastReply(gateway)["error"]["challenge"];
    CHECK(challenge.size() == 32);
    order["challenge"] = std::string(32, '0');
    ask(order, {1});
    CHECK(reasonOf(lastReply(gateway)) == "time-unsynced");
    order["challenge"] = challenge;
    const std::string good = ask(order, {1});
    CHECK(lastReply(gateway)["ok"] == true);
    // Neither the envelope nor its challenge is good for another time.
    gateway.hub.command("clip.request", good, {2});
    gateway.loop.runPosted();
    CHECK(reasonOf(lastReply(gateway)) == "time-unsynced");
    ask(order, {3});
    CHECK(reasonOf(lastReply(gateway)) == "time-unsynced");
    // And one that was given two minutes ago is too old.
    order["challenge"] = lastReply(gateway)["error"]["challenge"];
    gateway.advance(121s);
    ask(order, {4});
    CHECK(reasonOf(lastReply(gateway)) == "time-unsynced");
}
