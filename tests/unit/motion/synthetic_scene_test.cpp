#include "motion/synthetic_scene.hpp"

#include <cmath>

#include "scene_run.hpp"

using namespace camgate;
using namespace camgate::motion;
using namespace camgate::motion::test;
using std::chrono::seconds;

TEST_CASE("scene: frames come in any order and are the same each time", "[motion][scene]") {
    const auto one = scene({.seed = 5});
    const auto two = scene({.seed = 5});
    const auto other = scene({.seed = 6});
    Picture a(640 * 360);
    Picture b(640 * 360);
    REQUIRE(one.render(340, a));
    REQUIRE(two.render(10, b));
    REQUIRE(two.render(340, b));
    CHECK(a == b);
    REQUIRE(other.render(340, b));
    CHECK(a != b);
    CHECK_FALSE(one.render(0, std::span(a).first(100)));
}

TEST_CASE("scene: empty for 20 s, then a walker for 6 s, and so on", "[motion][scene]") {
    const auto yard = scene({});
    for (const std::uint64_t second : {0ULL, 10ULL, 19ULL, 26ULL, 45ULL, 52ULL, 260ULL})
        CHECK_FALSE(yard.truth(second * 15));
    for (const std::uint64_t second : {23ULL, 49ULL, 283ULL}) {
        CHECK(yard.truth(second * 15));
        CHECK(yard.fullyInside(second * 15));
    }
}

TEST_CASE("scene: the truth is where the picture differs from the empty yard", "[motion][scene]") {
    const auto yard = scene({.seed = 2, .noise_sigma = 0});
    Picture empty(640 * 360);
    Picture walked(640 * 360);
    REQUIRE(yard.render(0, empty));
    for (std::uint64_t i = 20 * 15 + 5; i < 26 * 15; i += 9) {
        REQUIRE(yard.render(i, walked));
        const auto truth = yard.truth(i);
        REQUIRE(truth);
        int left = 640;
        int right = 0;
        for (int at = 0; at < 640 * 360; ++at) {
            if (empty[static_cast<std::size_t>(at)] == walked[static_cast<std::size_t>(at)]) continue;
            left = std::min(left, at % 640);
            right = std::max(right, at % 640 + 1);
        }
        CHECK(std::abs(static_cast<float>(left) - truth->x * 640) <= 4);
        CHECK(std::abs(static_cast<float>(right) - (truth->x + truth->w) * 640) <= 4);
    }
}

TEST_CASE("scene: settings out of range are refused", "[motion][scene]") {
    CHECK_FALSE(SyntheticScene::create({.width_px = 16}));
    CHECK_FALSE(SyntheticScene::create({.fps = 0}));
    CHECK_FALSE(SyntheticScene::create({.walk = seconds(0)}));
    CHECK_FALSE(SyntheticScene::create({.empty = seconds(-1)}));
    CHECK_FALSE(SyntheticScene::create({.walker_height = std::nanf("")}));
    CHECK_FALSE(SyntheticScene::create({.noise_sigma = 21}));
}
