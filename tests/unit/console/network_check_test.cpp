#include "console/network_check.hpp"

#include <catch2/catch.hpp>

using namespace camgate;
using namespace camgate::console;

TEST_CASE("network test: the uplink's speed beside the cap, in words", "[console]") {
    const auto step = [](const char* answer) { return uplinkStep(std::string(answer)); };
    CHECK(step(R"({"kbps":497,"cap_kbps":512})").good);
    CHECK(step(R"({"kbps":497,"cap_kbps":512})").detail == "at least 497 kbit/s; the cap is 512");
    CHECK_FALSE(step(R"({"kbps":300,"cap_kbps":512})").good);
    CHECK(step(R"({"kbps":300,"cap_kbps":512})").detail.starts_with("300 kbit/s; the cap is 512, more than"));
    CHECK_FALSE(step("{}").good);
    // What was not measured is no fault of the network's.
    const auto unknown = uplinkStep(fail(ErrorKind::Unavailable, "a clip has the line"));
    CHECK(unknown.good);
    CHECK(unknown.detail == "not measured: a clip has the line");
}
