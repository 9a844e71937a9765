#include <catch2/catch.hpp>

#include "camera/start_hold.hpp"

using namespace camgate;
using namespace camgate::camera;
using namespace std::chrono_literals;

namespace {

ReceivedUnit unit(std::optional<Duration> pts, Duration arrival) {
    ReceivedUnit out;
    if (pts) out.pts = BootTime(*pts);
    out.arrival = BootTime(arrival);
    return out;
}

}  // namespace

TEST_CASE("start hold: a backlog at the start is placed where the least delayed frame puts it", "[camera]") {
    StartHold hold;
    // 10 frames a second; the first three were sent late, together, at 10.3 s.
    CHECK(hold.take(unit(10s, 10300ms)).empty());
    CHECK(hold.take(unit(10100ms, 10300ms)).empty());
    CHECK(hold.take(unit(10200ms, 10300ms)).empty());
    for (int i = 3; i < 9; ++i) CHECK(hold.take(unit(10s + i * 100ms, 10020ms + i * 100ms)).empty());
    const auto released = hold.take(unit(11s, 11030ms));
    REQUIRE(released.size() == 10);
    CHECK(released[0].arrival == BootTime(10020ms));
    CHECK(released[1].arrival - released[0].arrival == 100ms);
    CHECK(released[9].arrival == BootTime(11020ms));
    const auto next = hold.take(unit(11100ms, 11125ms));
    REQUIRE(next.size() == 1);
    CHECK(next[0].arrival == BootTime(11125ms));
}

TEST_CASE("start hold: without believable times arrivals stay as they are", "[camera]") {
    StartHold hold;
    SECTION("a time is missing") {
        CHECK(hold.take(unit(std::nullopt, 10s)).empty());
    }
    SECTION("a time is of another clock") {
        CHECK(hold.take(unit(99h, 10s)).empty());
    }
    const auto released = hold.take(unit(10700ms, 10800ms));
    REQUIRE(released.size() == 2);
    CHECK(released[0].arrival == BootTime(10s));
    CHECK(released[1].arrival == BootTime(10800ms));
}

TEST_CASE("start hold: a stream of many frames is not held in memory without bound", "[camera]") {
    StartHold hold;
    std::size_t released = 0;
    for (int i = 0; i < 100; ++i) released += hold.take(unit(10s + i * 1ms, 10s + i * 1ms)).size();
    CHECK(released == 100);
}
