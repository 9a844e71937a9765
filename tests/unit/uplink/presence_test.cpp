#include <catch2/catch.hpp>

#include "support/uplink/gateway.hpp"

using namespace camgate;
using namespace std::chrono_literals;
using test::Gateway;
using Json = nlohmann::json;

TEST_CASE("presence: the birth carries the session of the will", "[uplink]") {
    Gateway gateway;
    gateway.setBroker(false);
    const Json will = Json::parse(gateway.up->willPayload());
    CHECK(will["online"] == false);
    CHECK(gateway.up->statusTopic() == "camgate/v1/cg-1/status");
    gateway.setBroker(true);
    const Json birth = gateway.hub.saidOn("status").back();
    CHECK(birth["online"] == true);
    CHECK(birth["session"] == will["session"]);
    CHECK(birth["firmware"] == "0.1.0");
    CHECK(birth["time"]["error_ms"] == 10);
    CHECK(birth["storage"]["state"] == "ok");
    CHECK(birth["outbox"]["rows"] == 0);
    CHECK(Json::parse(gateway.up->willPayload())["session"] != will["session"]);
}

TEST_CASE("presence: changes go at once, then at most one every 2 s, the last one counts", "[uplink]") {
    Gateway gateway;
    gateway.advance(10s);
    const std::size_t births = gateway.hub.saidOn("status").size();
    for (int i = 0; i < 50; ++i) {
        gateway.household.gate_state = "no-link-" + std::to_string(i);
        gateway.up->statusChanged();
        gateway.advance(100ms);
    }
    gateway.advance(5s);
    const auto status = gateway.hub.saidOn("status");
    // 5 s of changes: one at once, one each 2 s, and the last.
    CHECK(status.size() - births <= 4);
    CHECK(status.back()["cameras"][0]["state"] == "no-link-49");
}

TEST_CASE("presence: an orderly end says so", "[uplink]") {
    Gateway gateway;
    gateway.up->sayOffline();
    gateway.up->statusChanged();
    gateway.advance(10s);
    const auto status = gateway.hub.saidOn("status");
    CHECK(status.back()["online"] == false);
    CHECK(status.back()["session"] == status.front()["session"]);
}

TEST_CASE("telemetry: once a minute while the hub is there, what is not measured is absent", "[uplink]") {
    Gateway gateway;
    gateway.advance(3min);
    const auto telemetry = gateway.hub.saidOn("telemetry");
    REQUIRE(telemetry.size() == 3);
    CHECK(telemetry[0]["uptime_s"] == 5);
    CHECK(telemetry[0]["cameras"][0] == Json{{"id", "gate"}, {"bytes", 7}});
    CHECK_FALSE(telemetry[0].contains("id"));
    CHECK(telemetry[0]["storage"] == Json::object());
    CHECK(telemetry[0]["outbox"]["dropped"] == 0);
    gateway.setBroker(false);
    gateway.advance(10min);
    gateway.setBroker(true);
    gateway.advance(10s);
    CHECK(gateway.hub.saidOn("telemetry").size() == 3);
}

TEST_CASE("telemetry: rows that had to go are told by camera", "[uplink]") {
    Gateway gateway;
    gateway.limits.rows = 2;
    gateway.restart();
    gateway.setBroker(false);
    for (int i = 0; i < 5; ++i) gateway.event("e" + std::to_string(i), uplink::ReportPhase::Start);
    gateway.setBroker(true);
    gateway.advance(61s);
    const Json outbox = gateway.hub.saidOn("telemetry").back()["outbox"];
    CHECK(outbox["dropped"] == 3);
    CHECK(outbox["gaps"][0]["camera"] == "gate");
    CHECK(outbox["gaps"][0]["count"] == 3);
}
