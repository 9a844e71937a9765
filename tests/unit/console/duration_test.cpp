#include "console/duration_text.hpp"

#include <catch2/catch.hpp>

using namespace camgate;
using namespace camgate::console;
using namespace std::chrono_literals;

TEST_CASE("durations: a number and its unit, and nothing else", "[console]") {
    CHECK(*parseDuration("30m") == 30min);
    CHECK(*parseDuration("2h") == 2h);
    CHECK(*parseDuration("3d") == 72h);
    for (const char* wrong : {"", "h", "2", "0h", "-2h", "2 h", "2hours", "1.5h", "99999999999h"})
        CHECK(parseDuration(wrong).error().kind == ErrorKind::InvalidArgument);
}
