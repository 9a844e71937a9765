// Three days without a broker: everything is there afterwards, once, in order.
#include <catch2/catch.hpp>
#include <cstdlib>

#include "support/uplink/gateway.hpp"

using namespace camgate;
using namespace std::chrono_literals;
using test::Gateway;
using uplink::ReportPhase;

namespace {

constexpr int kEvents = 20'000;
constexpr Duration kAway = 72h;

/// Where a sync costs nothing: what a power cut does to the database is shown in tests/fault/outbox.
std::filesystem::path memoryFolder() {
    const std::filesystem::path shared = "/dev/shm";
    return std::filesystem::exists(shared) ? shared : std::filesystem::temp_directory_path();
}

struct Told {
    std::vector<std::string> gate, yard;
};

/// Event number i: two in three are alarms of the gate, the others of the yard and no alarms.
void happen(Gateway& gateway, int i, Told& told) {
    const bool at_gate = i % 3 != 0;
    const std::string camera = at_gate ? "gate" : "yard";
    const std::string id = "e" + std::to_string(i);
    for (const auto phase : {ReportPhase::Start, ReportPhase::End}) {
        gateway.event(id, phase, at_gate, camera);
        (at_gate ? told.gate : told.yard).push_back(id + (phase == ReportPhase::Start ? "/start" : "/end"));
    }
}

std::vector<std::string> heard(const Gateway& gateway, const std::string& camera) {
    std::vector<std::string> found;
    for (const auto& [topic, row] : gateway.hub.rows) {
        if (topic != "event/" + camera) continue;
        found.push_back(row["event"].get<std::string>() + "/" + row["phase"].get<std::string>());
    }
    return found;
}

}  // namespace

TEST_CASE("rows: broker away for 72 h, 20,000 events, 3 restarts: none lost, none doubled, order kept",
          "[uplink][fault]") {
    Gateway gateway(memoryFolder());
    gateway.hub.keep_said = false;
    gateway.control.ack_delay = 5ms;
    gateway.setBroker(false);
    Told told;
    for (int i = 0; i < kEvents; ++i) {
        happen(gateway, i, told);
        gateway.advance(kAway / kEvents);
        if (i % (kEvents / 4) != kEvents / 4 - 1 || i + 1 == kEvents) continue;
        gateway.stop();
        gateway.start();
    }
    CHECK(gateway.run == 3);
    CHECK(gateway.store->figures().rows == 2 * kEvents);

    // It comes back badly: every 300th publish of a connection ends it, and receipts are lost.
    gateway.setBroker(true);
    for (int turn = 0; turn < 2000 && gateway.hub.rows.size() < 2 * kEvents; ++turn) {
        if (turn % 5 == 0) {
            gateway.hub.lose_receipts = 1;
            gateway.control.disconnect_at = gateway.control.published + 300;
        }
        gateway.setBroker(true);
        gateway.advance(1s);
    }
    gateway.control.disconnect_at = 0;
    gateway.setBroker(true);
    gateway.advance(60s);
    CHECK((heard(gateway, "gate") == told.gate));
    CHECK((heard(gateway, "yard") == told.yard));
    CHECK(gateway.hub.rows.size() == 2 * kEvents);
    CHECK(gateway.hub.doubles > 0);
    CHECK(gateway.store->figures().rows == 0);
    CHECK(gateway.store->figures().dropped == 0);
}
