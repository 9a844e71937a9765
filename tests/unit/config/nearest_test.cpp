#include "config/nearest.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <string>

using namespace camgate::config;

TEST_CASE("nearest: distance counts letters left out, added, changed and swapped", "[config][nearest]") {
    CHECK(editDistance("", "", 10) == 0);
    CHECK(editDistance("gate", "", 10) == 4);
    CHECK(editDistance("gate", "Gate", 10) == 0);
    CHECK(editDistance("gate", "gte", 10) == 1);
    CHECK(editDistance("gate", "gatee", 10) == 1);
    CHECK(editDistance("gate", "gats", 10) == 1);
    CHECK(editDistance("gate", "gaet", 10) == 1);
    CHECK(editDistance("pre_roll_s", "post_roll_s", 10) == 3);
}

TEST_CASE("nearest: who looks only so far is told the same up to there", "[config][nearest]") {
    std::mt19937 random(3);
    const auto word = [&random] {
        std::string text(random() % 12, 'a');
        for (char& c : text) c = static_cast<char>('a' + random() % 3);
        return text;
    };
    for (int i = 0; i < 5000; ++i) {
        const std::string a = word(), b = word();
        const std::size_t whole = editDistance(a, b, 100);
        for (std::size_t most = 1; most < 13; ++most)
            REQUIRE(editDistance(a, b, most) == std::min(whole, most));
    }
}

TEST_CASE("nearest: only what is near is offered", "[config][nearest]") {
    constexpr std::array<std::string_view, 3> kKnown{"main", "sub", "password"};
    CHECK(nearest("pasword", kKnown) == "password");
    CHECK(nearest("mian", kKnown) == "main");
    CHECK_FALSE(nearest("colour", kKnown));
    CHECK_FALSE(nearest("", kKnown));
    CHECK_FALSE(nearest(std::string(100'000, 'a'), kKnown));
}
