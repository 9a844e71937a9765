#include "link/ack_window.hpp"

#include <catch2/catch.hpp>

using namespace camgate;
using camgate::link::AckWindow;
using camgate::link::windowBelow;
using std::chrono::milliseconds;

TEST_CASE("link: the window is strictly below the broker's Receive Maximum and never 0", "[link]") {
    CHECK(windowBelow(16, 65'535) == 16);
    CHECK(windowBelow(64, 20) == 19);
    CHECK(windowBelow(20, 20) == 19);
    CHECK(windowBelow(16, 1) == 1);  // nothing lies below 1
    CHECK(windowBelow(0, 20) == 1);
}

TEST_CASE("link: the oldest publish and the last round trip are known", "[link]") {
    const BootTime start{};
    AckWindow window;
    window.setLimit(2);
    CHECK_FALSE(window.oldest());
    CHECK(window.roundTrip() == Duration::zero());

    const auto first = window.start(100, start);
    const auto second = window.start(200, start + milliseconds(10));
    CHECK(window.full());
    CHECK(window.oldest() == start);
    CHECK(window.finish(first, start + milliseconds(40), true) == 100);
    CHECK(window.roundTrip() == milliseconds(40));
    CHECK(window.oldest() == start + milliseconds(10));
    CHECK_FALSE(window.full());

    // A refused publish measures nothing; a ticket ends once.
    CHECK(window.finish(second, start + milliseconds(500), false) == 200);
    CHECK(window.roundTrip() == milliseconds(40));
    CHECK_FALSE(window.finish(second, start + milliseconds(501), true));
}
