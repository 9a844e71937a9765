#include "console/advice.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace camgate::console;
using nlohmann::json;

TEST_CASE("alarms: each bad state of a status, with advice", "[console][alarms]") {
    const json status = json::parse(R"({
        "cameras": [{"id": "gate", "state": "ok", "detail": ""},
                    {"id": "yard", "state": "auth-failed", "detail": "401", "since": "2026-03-01T22:15:00Z"}],
        "link": {"state": "unreachable", "detail": "no route"}, "storage": {"state": "worn", "detail": ""},
        "time": {"quality": "unsynced"}, "outbox": {"rows": 2, "dropped": 3},
        "machine": {"temperature_c": 81.5, "under_voltage": true}})");
    const auto alarms = alarmsOf(status);
    REQUIRE(alarms.size() == 7);
    CHECK(alarms[0].what == "camera yard: auth-failed (401)");
    CHECK(alarms[0].since == "2026-03-01T22:15:00Z");
    const std::string shown = renderAlarms(alarms);
    CHECK_THAT(shown, Catch::Matchers::Contains("secret set cameras/ID/password"));
    CHECK_THAT(shown, Catch::Matchers::Contains("hub: unreachable (no route)"));
}

TEST_CASE("alarms: a gateway that is well has none, one that says nothing as well", "[console][alarms]") {
    const json status = json::parse(R"({"cameras": [{"id": "gate", "state": "ok"}], "link": {"state": "up"},
        "storage": {"state": "ok"}, "time": {"quality": "ntp"}, "outbox": {"rows": 0, "dropped": 0}})");
    CHECK(alarmsOf(status).empty());
    CHECK(alarmsOf(json::object()).empty());
    CHECK(renderAlarms({}) == "no alarms\n");
}
