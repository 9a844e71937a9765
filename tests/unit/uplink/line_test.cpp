// The family's line: what of it is used, by whom first, and when.
#include <algorithm>
#include <catch2/catch.hpp>
#include <deque>

#include "support/base/fake_clock.hpp"
#include "support/uplink/gateway.hpp"
#include "uplink/line_budget.hpp"

using namespace camgate;
using namespace camgate::uplink;
using namespace std::chrono_literals;
using test::Gateway;
using Use = LineBudget::Use;
using Json = nlohmann::json;

namespace {

config::HubConfig evenings() {
    config::HubConfig hub;
    hub.cap_kbps = 2000;
    hub.cap_hours = {{"mon-fri 18:00-22:00", 256}, {"18:00-23:00", 512}};
    return hub;
}

/// Everything that goes out, by time.
struct Meter {
    explicit Meter(Gateway& gateway) {
        for (test::FakeTransport* transport : {&gateway.control, &gateway.bulk}) {
            transport->deliver = [this, &gateway, next = transport->deliver](const HubMessage& message) {
                const auto bytes = wireBytes(message.payload.size() + message.topic.size());
                sent.push_back({gateway.clock.bootNow(), bytes});
                next(message);
            };
        }
    }
    std::uint64_t most(Duration within) const {
        std::uint64_t most = 0, sum = 0;
        std::size_t oldest = 0;
        for (const auto& [at, bytes] : sent) {
            sum += bytes;
            while (sent[oldest].first <= at - within) sum -= sent[oldest++].second;
            most = std::max(most, sum);
        }
        return most;
    }
    std::uint64_t all() const {
        std::uint64_t all = 0;
        for (const auto& [at, bytes] : sent) all += bytes;
        return all;
    }
    std::deque<std::pair<BootTime, std::uint64_t>> sent;
};

}  // namespace

TEST_CASE("line: the cap follows the hours of the week, the first that fits", "[uplink]") {
    const LineCap cap(evenings());
    const auto at = [&](const char* time, WallQuality quality = WallQuality::Ntp) {
        return cap.kbps({test::wall(time), quality, {}});
    };
    CHECK(at("2030-01-01T17:59:00Z") == 2000);  // a Tuesday
    CHECK(at("2030-01-01T18:00:00Z") == 256);
    CHECK(at("2030-01-01T22:30:00Z") == 512);
    CHECK(at("2030-01-05T18:00:00Z") == 512);  // a Saturday
    CHECK(cap.least_kbps() == 256);
    // Who does not know the time keeps to the least.
    CHECK(at("2030-01-01T12:00:00Z", WallQuality::Unsynced) == 256);
    CHECK(LineCap(512).kbps({{}, WallQuality::Unsynced, {}}) == 512);
}

TEST_CASE("line: what a message takes on the wire has all headers", "[uplink]") {
    // 48 of MQTT, 22 of one TLS record, 66 of one segment and 66 of an acknowledgement.
    CHECK(wireBytes(700) == 700 + 48 + 22 + 2 * 66);
    // 6448 bytes lie in one record and 5 segments.
    CHECK(wireBytes(6400) == 6400 + 48 + 22 + 6 * 66);
    // 65584 in 5 records, 65694 in 46 segments.
    CHECK(wireBytes(65536) == 65536 + 48 + 5 * 22 + 47 * 66);
}

TEST_CASE("line: chunks wait behind rows, alarms wait for nobody until they alone fill the line",
          "[uplink]") {
    test::FakeClock clock;
    LineBudget line(clock, LineCap(80));  // 10000 bytes a second, 9800 of them used
    CHECK(line.bytesPerSecond() == 9800);
    CHECK(line.wait(Use::Chunk, 980) == 0ns);
    line.charge(980);
    CHECK(line.wait(Use::Chunk, 980) == 100ms);
    // A row goes beside the last chunk, the next row when its place has come.
    CHECK(line.wait(Use::Row, 980) == 0ns);
    line.charge(980);
    CHECK(line.wait(Use::Row, 980) == 100ms);
    CHECK(line.wait(Use::Urgent, 980) == 0ns);
    line.charge(3920);
    CHECK(line.wait(Use::Urgent, 980) == 100ms);
    clock.advance(600ms);
    line.setRowsWait(true);
    CHECK(line.wait(Use::Chunk, 980) > 0ns);
    line.setRowsWait(false);
    CHECK(line.wait(Use::Chunk, 980) == 0ns);
    // Whatever comes in, rows still go.
    for (int i = 0; i < 1000; ++i) line.chargeUnasked(kAnswerOnWire_bytes);
    CHECK(line.wait(Use::Row, 980) == 0ns);
    CHECK(line.wait(Use::Chunk, 980) == 100ms);
    clock.advance(100ms);
    // What takes 3 s of the line goes after 2 s of nothing.
    CHECK(line.wait(Use::Chunk, 29'400) == 2s);
    clock.advance(2s);
    CHECK(line.wait(Use::Chunk, 29'400) == 0ns);
}

TEST_CASE("line: turns that come late cost a clip nothing, a pause does", "[uplink]") {
    test::FakeClock clock;
    LineBudget line(clock, LineCap(80));  // 9800 bytes a second are used
    for (int i = 0; i < 100; ++i) {
        clock.advance(line.wait(Use::Chunk, 980) + (i % 2 == 0 ? 20ms : 0ms));
        line.charge(980);
    }
    // 100 chunks of 100 ms, the last of them is on its way.
    CHECK(clock.bootNow().time_since_epoch() - test::FakeClock().bootNow().time_since_epoch() <=
          9900ms + 20ms);
    clock.advance(line.wait(Use::Chunk, 980) + 1s);
    line.charge(980);
    CHECK(line.wait(Use::Chunk, 980) == 100ms);
}

TEST_CASE("line: a manifest's parts fit the line, and are no more than a hub takes", "[uplink]") {
    CHECK(uplink::manifestPartBytes(1000, 20'000) == 4096);
    CHECK(uplink::manifestPartBytes(62'720, 500'000) == 31'360);
    CHECK(uplink::manifestPartBytes(2'000'000, 500'000) == 45'056);
    CHECK(uplink::manifestPartBytes(1000, 4 << 20) == 43'691);  // in 96 parts
}

TEST_CASE(
    "line: over five minutes of clip, backlog and alarms no second is over 110 % and no minute over 100 %",
    "[uplink]") {
    Gateway gateway;
    gateway.settings.cap = LineCap(512);
    gateway.restart();
    gateway.source.size_bytes = 30'000'000;
    gateway.setBroker(false);
    for (int i = 0; i < 400; ++i) gateway.event("b" + std::to_string(i), ReportPhase::Start, false, "yard");
    Meter meter(gateway);
    gateway.setBroker(true);
    gateway.command("clip.request", test::kAskForClip, {1});
    for (int i = 0; i < 300; ++i) {
        if (i % 20 == 0) gateway.event("a" + std::to_string(i), ReportPhase::Start);
        gateway.advance(1s);
    }
    constexpr std::uint64_t kSecond_bytes = 512'000 / 8;
    CHECK(meter.most(1s) <= kSecond_bytes * 110 / 100);
    CHECK(meter.most(60s) <= kSecond_bytes * 60);
    // And it is used: of what 400 rows of 1.1 kB and their receipts left, the clip's bytes have 90 %.
    CHECK(meter.all() >= kSecond_bytes * 300 * 96 / 100);
    CHECK(gateway.up->figures().chunk_bytes_sent >= (kSecond_bytes * 300 - 400 * 1300) * 90 / 100);
    CHECK(gateway.hub.rowsOf("event/yard").size() == 400);
    CHECK(gateway.hub.rowsOf("event/gate").size() == 15);
}

TEST_CASE("line: with stills a minute is still within the cap", "[uplink]") {
    Gateway gateway;
    gateway.settings.cap = LineCap(128);
    gateway.restart();
    gateway.source.size_bytes = 3'000'000;
    gateway.command("clip.request", test::kAskForClip, {1});
    Meter meter(gateway);
    for (int i = 0; i < 180; ++i) {
        if (i % 15 == 0) {
            auto report = gateway.report("s" + std::to_string(i), ReportPhase::Update);
            report.still = Still{gateway.now(), Bytes(gateway.up->longestStill_bytes(), 'j')};
            gateway.up->reportEvent(report);
        }
        gateway.advance(1s);
    }
    CHECK(meter.most(60s) <= 128'000 / 8 * 60);
    CHECK(gateway.hub.rowsOf("event/gate").size() == 12);
}

TEST_CASE("line: an alarm goes at once while a clip moves, its still waits for its place", "[uplink]") {
    Gateway gateway;
    gateway.settings.cap = LineCap(512);
    gateway.restart();
    gateway.source.size_bytes = 3'000'000;
    gateway.command("clip.request", test::kAskForClip, {1});
    gateway.advance(5s);
    auto report = gateway.report("e1", ReportPhase::Start);
    gateway.up->reportEvent(report);
    report.phase = ReportPhase::Update;
    // Two stills of 0.6 s each: the second waits for its place, and a chunk for both.
    for (int i = 0; i < 2; ++i) {
        report.still = Still{gateway.now(), Bytes(30'000, 'j')};
        gateway.up->reportEvent(report);
    }
    gateway.loop.runPosted();
    CHECK(gateway.hub.rowsOf("event/gate").size() >= 1);
    CHECK(gateway.hub.rowsOf("event/gate").size() <= 2);
    const auto chunks = gateway.up->figures().chunk_bytes_sent;
    gateway.advance(1s);
    CHECK(gateway.hub.rowsOf("event/gate").size() == 3);
    CHECK(gateway.up->figures().chunk_bytes_sent == chunks);
    gateway.advance(1s);
    CHECK(gateway.up->figures().chunk_bytes_sent > chunks);
}

TEST_CASE("line: both connections are paced, anew when the hour brings another cap", "[uplink]") {
    Gateway gateway;
    gateway.settings.cap = LineCap(evenings());
    gateway.clock.setWall({test::wall("2030-01-01T17:58:30Z"), WallQuality::Ntp, 10ms});
    gateway.restart();
    CHECK(gateway.control.pace_bytes_per_s == 245'000);  // 98 % of 250000
    CHECK(gateway.hub.saidOn("status").back()["line"] == Json{{"cap_kbps", 2000}, {"paced_by", "kernel"}});
    gateway.advance(2min);
    CHECK(gateway.control.pace_bytes_per_s == 31'360);
    CHECK(gateway.bulk.pace_bytes_per_s == 31'360);
    // On a fast line the kernel may make up for its own pauses: 98 % of 104 % of 1000000.
    gateway.settings.cap = LineCap(8000);
    gateway.restart();
    CHECK(gateway.bulk.pace_bytes_per_s == 1'019'200);
}
