// The small pure parts between a stream and the socket: gate, queue, pacer, clock map, encoder choice.
#include <catch2/catch.hpp>

#include "camera/boot_clock_map.hpp"
#include "camera/encoder.hpp"
#include "camera/frame_pacer.hpp"
#include "camera/unit_gate.hpp"
#include "camera/unit_queue.hpp"

using namespace camgate;
using namespace camgate::camera;
using namespace std::chrono_literals;

namespace {

media::AccessUnit unitOf(media::RandomAccess access) {
    media::AccessUnit unit;
    unit.random_access = access;
    return unit;
}

ReceivedUnit received(std::size_t size) {
    ReceivedUnit unit;
    unit.annex_b.resize(size);
    return unit;
}

}  // namespace

TEST_CASE("gate: after a loss nothing passes until a decoder can start again", "[camera]") {
    UnitGate gate;
    CHECK(gate.admits(unitOf(media::RandomAccess::None)));
    gate.onLost();
    CHECK_FALSE(gate.admits(unitOf(media::RandomAccess::None)));
    CHECK_FALSE(gate.admits(unitOf(media::RandomAccess::None)));
    CHECK(gate.admits(unitOf(media::RandomAccess::Idr)));
    CHECK(gate.admits(unitOf(media::RandomAccess::None)));
    CHECK(gate.dropped() == 3);
    gate.onLostBefore(4);
    CHECK_FALSE(gate.admits(unitOf(media::RandomAccess::None)));
    CHECK(gate.dropped() == 8);
}

TEST_CASE("unit queue: full it rejects, and the next unit says how many are missing", "[camera]") {
    UnitQueue queue(100);
    CHECK(queue.push(received(60)));        // was empty: wake the loop
    CHECK_FALSE(queue.push(received(40)));  // the loop is on its way
    CHECK_FALSE(queue.push(received(1)));
    CHECK_FALSE(queue.push(received(1)));
    CHECK(queue.take().size() == 2);
    CHECK(queue.push(received(1)));
    const auto units = queue.take();
    REQUIRE(units.size() == 1);
    CHECK(units.front().dropped_before == 2);
}

TEST_CASE("pacer: frames are thinned to the wanted rate on average", "[camera]") {
    FramePacer pacer(10);
    int taken = 0;
    for (int i = 0; i < 250; ++i)
        taken += pacer.takes(BootTime(10s + i * 40ms)) ? 1 : 0;  // 10 s at 25 a second
    CHECK(taken >= 98);
    CHECK(taken <= 101);
}

TEST_CASE("pacer: a camera at the wanted rate that jitters loses no frame", "[camera]") {
    FramePacer pacer(10);
    int taken = 0;
    for (int i = 0; i < 100; ++i)
        taken += pacer.takes(BootTime(10s + i * 100ms + (i % 3 - 1) * 10ms)) ? 1 : 0;
    CHECK(taken == 100);
}

TEST_CASE("pacer: a gap is not made up for and a jump back starts again", "[camera]") {
    FramePacer pacer(10);
    CHECK(pacer.takes(BootTime(10s)));
    CHECK(pacer.takes(BootTime(20s)));
    CHECK_FALSE(pacer.takes(BootTime(20s + 10ms)));
    CHECK_FALSE(pacer.takes(BootTime(20s + 50ms)));
    CHECK(pacer.takes(BootTime(5s)));
    CHECK_FALSE(pacer.takes(BootTime(5s + 40ms)));
}

TEST_CASE("boot clock map: small differences keep the offset, a suspend changes it", "[camera]") {
    BootClockMap map;
    map.observe(10s, BootTime(110s));
    CHECK(map.toBoot(11s) == BootTime(111s));
    map.observe(12s, BootTime(112s + 3ms));
    CHECK(map.toBoot(12s) == BootTime(112s));
    map.observe(20s, BootTime(3720s));
    CHECK(map.toBoot(21s) == BootTime(3721s));
}

TEST_CASE("encoder: the bitrate follows the size within bounds", "[camera]") {
    CHECK(encoderBitrate_kbps(1280, 720) == 1382);  // 921600 px / 10 * 15 / 1000
    CHECK(encoderBitrate_kbps(320, 180) == 300);
    CHECK(encoderBitrate_kbps(4096, 2160) == 4000);
}
