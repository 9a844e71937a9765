#include "uplink/line_probe.hpp"

#include <catch2/catch.hpp>
#include <deque>
#include <optional>

#include "support/uplink/gateway.hpp"

using namespace camgate;
using namespace camgate::uplink;
using namespace std::chrono_literals;

namespace {

constexpr std::uint32_t kCap_kbps = 512;

struct LineProbeRig {
    test::Gateway gateway;
    test::FakeTransport line{gateway.loop};
    std::deque<std::pair<BootTime, std::uint64_t>> sent;
    std::optional<Result<LineSpeed>> said;
    std::optional<LineProbe> probe;

    LineProbeRig() {
        gateway.settings.cap = LineCap(kCap_kbps);
        gateway.restart();
        gateway.advance(1s);
        line.deliver = [this](const HubMessage& message) {
            sent.emplace_back(gateway.clock.bootNow(),
                              wireBytes(message.payload.size() + message.topic.size()));
        };
    }
    ~LineProbeRig() { probe.reset(); }
    void measure(Duration wait) {
        probe.emplace(gateway.loop, line, "cg-1", gateway.up->line(),
                      [this](const Result<LineSpeed>& speed) { said = speed; });
        gateway.advance(wait);
    }
    std::uint64_t mostInASecond() const {
        std::uint64_t most = 0;
        for (const auto& [from, unused] : sent) {
            std::uint64_t sum = 0;
            for (const auto& [at, bytes] : sent) sum += at >= from && at < from + 1s ? bytes : 0;
            most = std::max(most, sum);
        }
        return most;
    }
};

}  // namespace

TEST_CASE("line probe: on a line that carries the cap it says so, and keeps to it", "[uplink][probe]") {
    LineProbeRig rig;
    rig.measure(7s);
    REQUIRE(rig.said.has_value());
    const LineSpeed speed = rig.said->value();
    CHECK(speed.cap_kbps == kCap_kbps);
    CHECK(speed.kbps > kCap_kbps * 90 / 100);
    CHECK(speed.kbps <= kCap_kbps * 102 / 100);
    CHECK(rig.line.pace_bytes_per_s == 62'720);  // 98 % of 64000
    // A second and the chunk that saved up before it: 6272 bytes.
    CHECK(rig.mostInASecond() <= 64'000 + 7'000);
    CHECK(speed.took <= LineProbe::kSending + 1s);
}

TEST_CASE("line probe: a line that acknowledges late shows as slow, and little is under way on it",
          "[uplink][probe]") {
    LineProbeRig rig;
    rig.line.ack_delay = 2s;
    rig.measure(12s);
    REQUIRE(rig.said.has_value());
    CHECK(rig.said->value().kbps < kCap_kbps / 4);
    CHECK(rig.line.most_in_flight <= 5);  // the cap for 500 ms: five chunks of its tenth
}

TEST_CASE("line probe: what goes wrong is said in words", "[uplink][probe][fault]") {
    LineProbeRig rig;
    SECTION("the hub's broker is not there") {
        rig.line.setBroker(false);
        rig.measure(LineProbe::kLongest + 1s);
        CHECK(rig.said.value().error().kind == ErrorKind::Timeout);
        CHECK(rig.said->error().context == "the hub was not reached in time");
    }
    SECTION("nothing is acknowledged") {
        rig.line.dropAck = [](const HubMessage&) { return true; };
        rig.measure(LineProbe::kLongest + 1s);
        CHECK(rig.said.value().error().context == "the hub's broker acknowledged nothing in time");
    }
    SECTION("the connection ends, for example because a clip wants it") {
        rig.measure(2s);
        rig.line.setBroker(false);
        CHECK(rig.said.value().error().kind == ErrorKind::Unavailable);
    }
    // Nothing goes on behind an answer.
    const std::size_t sent = rig.sent.size();
    rig.gateway.advance(5s);
    CHECK(rig.sent.size() == sent);
}
