// Rows on their way to the hub: nothing is lost, nothing acted on twice, order per camera and priority.
#include <catch2/catch.hpp>

#include "support/uplink/gateway.hpp"

using namespace camgate;
using namespace std::chrono_literals;
using test::Gateway;
using uplink::ReportPhase;
using Json = nlohmann::json;

namespace {

std::vector<std::string> eventsOf(const Gateway& gateway, const std::string& camera = "gate") {
    std::vector<std::string> found;
    for (const auto& row : gateway.hub.rowsOf("event/" + camera))
        found.push_back(row["event"].get<std::string>() + "/" + row["phase"].get<std::string>());
    return found;
}

std::uint64_t storedRows(Gateway& gateway) {
    std::uint64_t rows = 0;
    gateway.store->ask<std::uint64_t>(
        [](outbox::Outbox& outbox) -> Result<std::uint64_t> { return outbox.figures().rows; },
        [&](Result<std::uint64_t> found) { rows = found.value(); });
    gateway.loop.runPosted();
    return rows;
}

}  // namespace

TEST_CASE("rows: an event reaches the hub before its row is committed", "[uplink]") {
    Gateway gateway;
    gateway.stalled = true;
    gateway.event("e1", ReportPhase::Start);
    CHECK(eventsOf(gateway) == std::vector<std::string>{"e1/start"});
    gateway.unstall();
    gateway.advance(5s);
    CHECK(storedRows(gateway) == 0);
    CHECK(eventsOf(gateway).size() == 1);
}

TEST_CASE("rows: the event message is as the protocol says", "[uplink]") {
    Gateway gateway;
    auto report = gateway.report("e1", ReportPhase::Update);
    report.box = {0.25, 0.5, 0.125, 0.0625};
    report.still = uplink::Still{gateway.now(), Bytes(uplink::kMaxStill_bytes, 'j')};
    gateway.up->reportEvent(report);
    gateway.loop.runPosted();
    const auto rows = gateway.hub.rowsOf("event/gate");
    REQUIRE(rows.size() == 1);
    const Json& event = rows[0];
    CHECK(event["v"] == 1);
    CHECK(event["id"].get<std::string>().size() == 32);
    CHECK(event["start"] == "2030-01-01T12:00:20.000Z");
    CHECK(event["end"].is_null());
    CHECK(event["clip"]["from"] == "2030-01-01T12:00:15.000Z");
    CHECK(event["clip"]["to"].is_null());
    CHECK(event["time"] == Json{{"quality", "ntp"}, {"error_ms", 0}});
    CHECK(event["box"] == Json{0.25, 0.5, 0.125, 0.0625});
    // 4 digits for each 3 bytes of 48896: the largest still fits the longest message.
    CHECK(event["still"]["jpeg"].get<std::string>().size() == 65196);
}

TEST_CASE("rows: a still that is too large is left out, not the event", "[uplink]") {
    Gateway gateway;
    auto report = gateway.report("e1", ReportPhase::Update);
    report.still = uplink::Still{gateway.now(), Bytes(uplink::kMaxStill_bytes + 1, 'j')};
    gateway.up->reportEvent(report);
    gateway.loop.runPosted();
    REQUIRE(gateway.hub.rowsOf("event/gate").size() == 1);
    CHECK_FALSE(gateway.hub.rowsOf("event/gate")[0].contains("still"));
}

TEST_CASE("rows: broker away for a day, two restarts: all arrive once and in order", "[uplink]") {
    Gateway gateway;
    gateway.control.ack_delay = 20ms;
    gateway.setBroker(false);
    std::vector<std::string> expected_gate, expected_yard;
    for (int i = 0; i < 120; ++i) {
        const std::string id = "e" + std::to_string(100 + i);
        gateway.event(id, ReportPhase::Start);
        gateway.event(id, ReportPhase::End);
        gateway.event(id + "y", ReportPhase::Start, false, "yard");
        expected_gate.insert(expected_gate.end(), {id + "/start", id + "/end"});
        expected_yard.push_back(id + "y/start");
        gateway.advance(12min);
        if (i == 40 || i == 80) {
            gateway.restart();
            gateway.setBroker(false);
        }
    }
    gateway.setBroker(true);
    gateway.advance(10s);
    CHECK(eventsOf(gateway) == expected_gate);
    CHECK(eventsOf(gateway, "yard") == expected_yard);
    // The gate's 240 alarms came first; other events only filled places while a page was read.
    std::size_t overtaken = 0;
    for (std::size_t i = 0; i < 240; ++i) overtaken += gateway.hub.rows[i].first == "event/yard" ? 1 : 0;
    CHECK(overtaken <= 16);
    gateway.advance(10s);
    CHECK(storedRows(gateway) == 0);
    CHECK(gateway.control.most_in_flight <= gateway.control.window_size);
}

TEST_CASE("rows: the broker's acknowledgement is not enough: without a receipt a row goes again after 30 s",
          "[uplink]") {
    Gateway gateway;
    gateway.hub.lose_receipts = 1;
    gateway.event("e1", ReportPhase::Start);
    const std::string id = gateway.hub.rowsOf("event/gate").at(0)["id"];
    gateway.advance(29s);
    CHECK(gateway.hub.times_seen[id] == 1);
    CHECK(storedRows(gateway) == 1);
    gateway.advance(10s);
    CHECK(gateway.hub.times_seen[id] == 2);
    CHECK(storedRows(gateway) == 0);
    gateway.advance(2min);
    CHECK(gateway.hub.times_seen[id] == 2);
}

TEST_CASE("rows: what the broker took while no hub listened is sent again, in order", "[uplink]") {
    Gateway gateway;
    gateway.hub.away = true;
    gateway.event("e1", ReportPhase::Start);
    gateway.advance(20s);
    gateway.event("e1", ReportPhase::End);
    gateway.hub.away = false;
    gateway.advance(20s);
    // e1/start was overdue first; the end follows it although its own 30 s were not over.
    CHECK(eventsOf(gateway) == std::vector<std::string>{"e1/start", "e1/end"});
}

TEST_CASE(
    "rows: what the broker says nobody heard goes again soon, ever less often, and at once when one hears",
    "[uplink]") {
    Gateway gateway;
    bool listening = false;
    std::size_t unheard = 0;
    gateway.control.unheard = [&](const uplink::HubMessage& message) {
        const bool missed = !listening && message.topic.find("/event/") != std::string::npos;
        unheard += missed ? 1 : 0;
        return missed;
    };
    gateway.event("e1", ReportPhase::Start);
    gateway.advance(15s);
    CHECK(unheard == 4);  // and again after 2, 6 and 14 s
    gateway.event("e2", ReportPhase::Start, true, "yard");
    CHECK(unheard == 5);
    listening = true;
    gateway.advance(3s);  // the yard's row is heard, and brings the gate's along
    CHECK(eventsOf(gateway, "yard") == std::vector<std::string>{"e2/start"});
    CHECK(eventsOf(gateway) == std::vector<std::string>{"e1/start"});
    // A hub that stays away costs as little as one that loses its receipts.
    listening = false;
    gateway.event("e3", ReportPhase::Start);
    gateway.advance(60s);
    unheard = 0;
    gateway.advance(10min);
    CHECK(unheard <= 20);
}

TEST_CASE("rows: a broker that calls everything unheard causes no doubles", "[uplink]") {
    Gateway gateway;
    gateway.control.unheard_but_delivered = true;
    gateway.hub.lose_receipts = 1;
    for (int i = 0; i < 10; ++i) {
        gateway.event("e" + std::to_string(i), ReportPhase::Start);
        gateway.advance(100ms);
    }
    // Not the others' receipts bring the first one along: its own time does.
    CHECK(gateway.hub.times_seen.size() == 10);
    for (const auto& [id, times] : gateway.hub.times_seen) CHECK(times == 1);
    gateway.advance(2min);
    CHECK(eventsOf(gateway).size() == 10);
    CHECK(storedRows(gateway) == 0);
}

TEST_CASE("rows: a lost acknowledgement and a lost message are made good", "[uplink][fault]") {
    Gateway gateway;
    int dropped = 0;
    gateway.control.dropMessage = [&](const uplink::HubMessage& message) {
        return message.topic.ends_with("/event/gate") && dropped++ == 0;
    };
    gateway.control.dropAck = [](const uplink::HubMessage& message) {
        return message.topic.ends_with("/event/yard");
    };
    gateway.event("e1", ReportPhase::Start);
    for (int i = 0; i < 40; ++i) {
        gateway.event("y" + std::to_string(i), ReportPhase::Start, true, "yard");
        gateway.advance(10s);
    }
    gateway.advance(3min);
    CHECK(eventsOf(gateway).size() == 1);
    CHECK(eventsOf(gateway, "yard").size() == 40);
    CHECK(storedRows(gateway) == 0);
}

TEST_CASE("rows: a connection that ends at any publish loses nothing", "[uplink][fault]") {
    for (std::size_t at = 1; at <= 12; ++at) {
        Gateway gateway;
        gateway.control.disconnect_at = gateway.control.published + at;
        std::vector<std::string> expected;
        for (int i = 0; i < 10; ++i) {
            gateway.event("e" + std::to_string(i), ReportPhase::Start);
            expected.push_back("e" + std::to_string(i) + "/start");
        }
        gateway.advance(5s);
        gateway.setBroker(true);
        gateway.advance(40s);
        CHECK(eventsOf(gateway) == expected);
        CHECK(storedRows(gateway) == 0);
    }
}

TEST_CASE("rows: a power cut before the commit loses at most what the hub has already", "[uplink][fault]") {
    Gateway gateway;
    gateway.stalled = true;
    gateway.event("e1", ReportPhase::Start);
    gateway.stalled = false;
    gateway.restart();
    gateway.event("e1", ReportPhase::End);
    CHECK(eventsOf(gateway) == std::vector<std::string>{"e1/start", "e1/end"});
}

TEST_CASE("rows: a power cut between receipt and removal sends the row again under its id",
          "[uplink][fault]") {
    Gateway gateway;
    gateway.event("e1", ReportPhase::Start);
    gateway.restart();
    gateway.advance(5s);
    const std::string id = gateway.hub.rowsOf("event/gate").at(0)["id"];
    CHECK(gateway.hub.times_seen[id] == 2);
    CHECK(eventsOf(gateway).size() == 1);
    CHECK(storedRows(gateway) == 0);
}

TEST_CASE("rows: a state thread that takes nothing more does not stop events", "[uplink][fault]") {
    Gateway gateway;
    gateway.full = true;
    for (int i = 0; i < 5; ++i) gateway.event("e" + std::to_string(i), ReportPhase::Start);
    CHECK(eventsOf(gateway).size() == 5);
    gateway.setBroker(false);
    // Without broker and without outbox: kept in memory, up to a bound, the rest counted.
    for (int i = 0; i < 70; ++i) gateway.event("f" + std::to_string(i), ReportPhase::Start);
    gateway.full = false;
    gateway.setBroker(true);
    gateway.advance(10s);
    CHECK(eventsOf(gateway).size() == 5 + 64);
    CHECK(gateway.up->figures().unstored_lost == 6);
}

TEST_CASE("rows: alarms overtake a backlog of events", "[uplink]") {
    Gateway gateway;
    gateway.control.window_size = 4;
    gateway.control.ack_delay = 100ms;
    gateway.setBroker(false);
    for (int i = 0; i < 100; ++i) gateway.event("y" + std::to_string(i), ReportPhase::Start, false, "yard");
    gateway.setBroker(true);
    gateway.advance(500ms);
    const std::size_t before = gateway.hub.rows.size();
    REQUIRE(before < 50);
    gateway.event("e1", ReportPhase::Start);
    gateway.advance(200ms);
    CHECK(eventsOf(gateway).size() == 1);
    CHECK(gateway.hub.rows.size() < 60);
    gateway.advance(60s);
    CHECK(eventsOf(gateway, "yard").size() == 100);
}

TEST_CASE("rows: an update without a still is said once and not kept", "[uplink]") {
    Gateway gateway;
    gateway.event("e1", ReportPhase::Start);
    gateway.hub.lose_receipts = 1;
    gateway.event("e1", ReportPhase::Update);
    CHECK(eventsOf(gateway) == std::vector<std::string>{"e1/start", "e1/update"});
    gateway.advance(2min);
    CHECK(gateway.hub.times_seen[gateway.hub.rowsOf("event/gate").at(1)["id"]] == 1);
    gateway.setBroker(false);
    gateway.event("e1", ReportPhase::Update);
    CHECK(storedRows(gateway) == 0);
}

TEST_CASE("rows: events are remembered whether the hub is there or not", "[uplink]") {
    Gateway gateway;
    gateway.setBroker(false);
    gateway.event("e1", ReportPhase::Start);
    gateway.event("e1", ReportPhase::End);
    std::vector<outbox::EventEntry> events;
    gateway.store->ask<std::vector<outbox::EventEntry>>(
        [](outbox::Outbox& outbox) { return outbox.events({}); },
        [&](const Result<std::vector<outbox::EventEntry>>& found) { events = found.value(); });
    gateway.loop.runPosted();
    REQUIRE(events.size() == 1);
    CHECK(Json::parse(events[0].json)["phase"] == "end");
}

TEST_CASE("rows: receipts that are malformed are counted and change nothing", "[uplink]") {
    Gateway gateway;
    gateway.hub.lose_receipts = 1;
    gateway.event("e1", ReportPhase::Start);
    const std::vector<std::string> malformed{
        "",
        "null",
        "{",
        "[1]",
        R"({"v":1})",
        R"({"v":2,"ids":[]})",
        R"({"v":1,"ids":[1]})",
        R"({"v":1,"ids":["XY"]})",
        R"({"v":1,"ids":[""]})",
        "{\"v\":1,\"ids\":[\"" + std::string(65, 'a') + "\"]}",
        std::string(100000, '['),
        "{\"a\":" + std::string(1000, '[') + std::string(1000, ']') + "}",
        "{\"v\":1,\"ids\":[\"\xff\"]}",
    };
    for (const auto& text : malformed) gateway.hub.say("receipt", text);
    CHECK(gateway.up->figures().refused.at("malformed") == malformed.size());
    gateway.hub.say("receipt", R"({"v":1,"ids":["ab","cd"]})");
    gateway.hub.say("nonsense", "{}");
    gateway.hub.say("command/a/b", "{}");
    CHECK(gateway.up->figures().refused.at("unknown-topic") == 2);
    CHECK(storedRows(gateway) == 1);
}

TEST_CASE("rows: a hub that asks for a delay gets alarms and replies alone until it is over", "[uplink]") {
    Gateway gateway;
    gateway.hub.say("receipt", R"({"v":1,"ids":[],"delay_s":60})");
    gateway.event("calm", ReportPhase::Start, false);
    gateway.event("alarm", ReportPhase::Start, true);
    gateway.command("status.request", "{}", {1});
    gateway.advance(59s);
    CHECK(eventsOf(gateway) == std::vector<std::string>{"alarm/start"});
    CHECK(gateway.hub.rowsOf("reply").size() == 1);
    gateway.advance(2s);
    CHECK(eventsOf(gateway) == std::vector<std::string>{"alarm/start", "calm/start"});
}

TEST_CASE("rows: a delay holds over a reconnect, and the hub may end it", "[uplink]") {
    Gateway gateway;
    gateway.hub.say("receipt", R"({"v":1,"ids":[],"delay_s":600})");
    gateway.setBroker(false);
    gateway.event("calm", ReportPhase::Start, false);
    gateway.setBroker(true);
    gateway.advance(60s);
    CHECK(eventsOf(gateway).empty());
    gateway.hub.say("receipt", R"({"v":1,"ids":[]})");
    gateway.advance(1s);
    CHECK(eventsOf(gateway).empty());
    gateway.hub.say("receipt", R"({"v":1,"ids":[],"delay_s":0})");
    gateway.advance(1s);
    CHECK(eventsOf(gateway) == std::vector<std::string>{"calm/start"});
}

TEST_CASE("rows: a delay that is none changes nothing", "[uplink]") {
    Gateway gateway;
    const auto* delay = GENERATE("-1", "3601", "\"60\"", "1.5");
    gateway.hub.say("receipt", std::string(R"({"v":1,"ids":[],"delay_s":)") + delay + "}");
    gateway.event("calm", ReportPhase::Start, false);
    gateway.advance(1s);
    CHECK(eventsOf(gateway).size() == 1);
    CHECK(gateway.up->figures().refused.at("malformed") == 1);
}
