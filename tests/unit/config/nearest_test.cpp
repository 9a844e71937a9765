#include "config/nearest.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <string>

using namespace camgate::config;

TEST_CASE("nearest: distance counts letters left out, added, changed and swapped", "[config][nearest]") {
    CHECK(editDistance("", "") == 0);
    CHECK(editDistance("gate", "") == 4);
    CHECK(editDistance("gate", "Gate") == 0);
    CHECK(editDistance("gate", "gte") == 1);
    CHECK(editDistance("gate", "gatee") == 1);
    CHECK(editDistance("gate", "gats") == 1);
    CHECK(editDistance("gate", "gaet") == 1);
    CHECK(editDistance("pre_roll_s", "post_roll_s") == 3);
}

TEST_CASE("nearest: only what is near is offered", "[config][nearest]") {
    constexpr std::array<std::string_view, 3> kKnown{"main", "sub", "password"};
    CHECK(nearest("pasword", kKnown) == "password");
    CHECK(nearest("mian", kKnown) == "main");
    CHECK_FALSE(nearest("colour", kKnown));
    CHECK_FALSE(nearest("", kKnown));
    CHECK_FALSE(nearest(std::string(100'000, 'a'), kKnown));
}
