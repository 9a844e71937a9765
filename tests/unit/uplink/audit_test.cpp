// The audit chain on its way: FakeHub throws an entry out that does not follow the one before.
#include <catch2/catch.hpp>

#include "support/uplink/gateway.hpp"

using namespace camgate;
using namespace std::chrono_literals;
using test::Gateway;
using Json = nlohmann::json;

TEST_CASE("audit: requests, refusals and what the console did are one chain, also over restarts",
          "[uplink]") {
    Gateway gateway;
    gateway.command("status.request", "{}", {1});
    gateway.command("snapshot.request", R"({"camera":"none"})", {2});
    gateway.up->audit({gateway.now(), "console", "config.change", "applied", R"({"revision":2})"});
    gateway.advance(1s);
    gateway.restart();
    gateway.command("status.request", "{}", {3});
    gateway.advance(2s);
    const auto audits = gateway.hub.rowsOf("audit");
    REQUIRE(audits.size() == 4);
    CHECK(gateway.hub.audit_hashes.size() == 4);
    CHECK(audits[0]["number"] == 1);
    CHECK(audits[1]["outcome"] == "unknown-camera");
    CHECK(audits[2]["actor"] == "console");
    CHECK(audits[3]["number"] == 4);
    CHECK(audits[3]["previous"] == audits[2]["hash"]);
}

TEST_CASE("audit: an entry that the card does not take is tried again, and the chain has no hole",
          "[uplink][fault]") {
    Gateway gateway;
    gateway.full = true;
    gateway.up->audit({gateway.now(), "console", "config.change", "applied", "{}"});
    Status kept;
    gateway.up->audit({gateway.now(), "console", "footage.erase", "started", "{}"},
                      [&kept](Status status) { kept = status; });
    gateway.advance(1s);
    CHECK_FALSE(kept.has_value());
    CHECK(gateway.hub.rowsOf("audit").empty());
    gateway.full = false;
    gateway.command("status.request", "{}", {1});
    gateway.advance(31s);
    const auto audits = gateway.hub.rowsOf("audit");
    REQUIRE(audits.size() == 2);
    CHECK(audits[0]["action"] == "status.request");
    CHECK(audits[1]["action"] == "config.change");
    CHECK(audits[1]["number"] == 2);
}

TEST_CASE("audit: entries of an outage come when the hub is there, in order", "[uplink]") {
    Gateway gateway;
    gateway.setBroker(false);
    for (int i = 0; i < 100; ++i) {
        gateway.up->audit({gateway.now(), "console", "clip.export", "given", "{}"});
        gateway.advance(1s);
    }
    gateway.setBroker(true);
    gateway.advance(60s);
    const auto audits = gateway.hub.rowsOf("audit");
    REQUIRE(audits.size() == 100);
    for (std::size_t i = 0; i < audits.size(); ++i) CHECK(audits[i]["number"] == i + 1);
}
