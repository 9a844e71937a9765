#include <catch2/catch.hpp>

#include "app/rate_guard.hpp"

using namespace camgate;
using namespace camgate::app;
using namespace std::chrono_literals;

TEST_CASE("rate guard: a burst passes, a flood does not, and quiet makes up for it", "[app]") {
    RateGuard guard(1000, 5000);
    BootTime now(100s);
    CHECK(guard.take(5000, now));
    CHECK_FALSE(guard.take(1, now));
    now += 2s;  // 2 s x 1000 bytes, less the one too many
    CHECK(guard.take(1999, now));
    CHECK_FALSE(guard.take(1, now));
    now += 1h;  // fills to the burst, not beyond
    CHECK(guard.take(5000, now));
    CHECK_FALSE(guard.take(1, now));
}
