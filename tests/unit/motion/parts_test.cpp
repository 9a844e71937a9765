#include "motion/downscale.hpp"
#include "motion/photometric.hpp"
#include "motion/settling.hpp"
#include "motion/texture.hpp"
#include "scene_run.hpp"

using namespace camgate;
using namespace camgate::motion;
using namespace camgate::motion::test;

TEST_CASE("plane: sides, strides and lengths are checked", "[motion]") {
    const Picture luma(64 * 48);
    CHECK(LumaPlane::of(luma, 64, 48, 64));
    CHECK_FALSE(LumaPlane::of(luma, 64, 49, 64));
    CHECK_FALSE(LumaPlane::of(luma, 64, 48, 63));
    CHECK_FALSE(LumaPlane::of(luma, 31, 48, 64));
    CHECK_FALSE(LumaPlane::of(luma, -64, 48, 64));
    CHECK_FALSE(LumaPlane::of(luma, 64, 4097, 64));
    CHECK_FALSE(LumaPlane::of(luma, 64, 48, SIZE_MAX));
    CHECK_FALSE(LumaPlane::of({}, 64, 48, 64));
    // The last row is not padded: 47 * 65 + 64 = 3119.
    CHECK(LumaPlane::of(Picture(3119), 64, 48, 65));
    CHECK_FALSE(LumaPlane::of(Picture(3118), 64, 48, 65));
}

TEST_CASE("downscale: averages, at most 480x272, padded to blocks", "[motion]") {
    CHECK(Downscaler::gridOf(640, 360).width_px == 320);
    CHECK(Downscaler::gridOf(1920, 1080).height_px == 270);
    CHECK(Downscaler::gridOf(480, 272).width_px == 480);
    CHECK(Downscaler::gridOf(4096, 4096).width_px == 256);
    Picture luma(640 * 361);
    for (std::size_t i = 0; i < luma.size(); ++i)
        luma[i] = static_cast<std::uint8_t>(i % 640 % 2 == 0 ? 10 : 21);
    Downscaler small(640, 361);
    small.run(*LumaPlane::of(luma, 640, 361, 640));
    // (10 + 21 + 10 + 21 + 2) / 4 = 16
    CHECK(small.pixels()[0] == 16);
    CHECK(small.sums().front() == 64 * 16);
    CHECK(small.sums().back() == 64 * 16);
    CHECK(small.grid().rows == 23);  // 180 rows, and four more to fill the last block
}

TEST_CASE("light: gain and offset are found although a quarter of the blocks changed", "[motion][light]") {
    std::vector<std::uint16_t> before;
    std::vector<std::uint16_t> now;
    for (int i = 0; i < 400; ++i) {
        const int level = 40 + i % 120;
        before.push_back(static_cast<std::uint16_t>(level * 64));
        const int lit = level * 5 / 4 + 10;
        now.push_back(static_cast<std::uint16_t>((i % 4 == 0 ? 20 : lit) * 64));
    }
    const auto change = findLightChange(now, before);
    REQUIRE(change);
    // What the model makes of 60 and 140: 85 and 185, to 4 levels.
    for (const auto& [from, to] : {std::pair{60, 85}, std::pair{140, 185}}) {
        CHECK(std::abs(from * change->gain_q10 / 1024 + change->offset_q7 / 128 - to) <= 4);
    }
    CHECK_FALSE(findLightChange(before, before));
}

TEST_CASE("light: a picture that is another one has no explanation", "[motion][light]") {
    std::vector<std::uint16_t> before;
    std::vector<std::uint16_t> now;
    for (unsigned i = 0; i < 400; ++i) {
        before.push_back(static_cast<std::uint16_t>((20 + i * 37 % 200) * 64));
        now.push_back(static_cast<std::uint16_t>((20 + i * 91 % 200) * 64));
    }
    CHECK_FALSE(findLightChange(now, before));
}

TEST_CASE("texture: light keeps the structure, an object brings its own", "[motion][light]") {
    Picture ground(64);
    Picture lit(64);
    Picture coat(64, 60);
    for (std::size_t i = 0; i < 64; ++i) {
        ground[i] = static_cast<std::uint8_t>(80 + (i * 37 % 64));
        lit[i] = static_cast<std::uint8_t>(ground[i] * 13 / 10 + 15);
    }
    CHECK(compareSurface(lit.data(), ground.data(), 8, 16) == Surface::SameUnderOtherLight);
    CHECK(compareSurface(coat.data(), ground.data(), 8, 16) == Surface::New);
    CHECK(compareSurface(ground.data(), coat.data(), 8, 16) == Surface::New);
    CHECK(compareSurface(coat.data(), Picture(64, 90).data(), 8, 16) == Surface::Unclear);
}

TEST_CASE("settling: begins calm, is young then, and ends hard after 1.2 s", "[motion]") {
    Settling settling;
    settling.begin();
    for (int ms = 0; ms < 200; ms += 100) {
        CHECK(settling.active());
        settling.step(0, 100, 100);
    }
    CHECK_FALSE(settling.active());
    CHECK(settling.young());
    for (int ms = 0; ms < 2000; ms += 100) settling.step(0, 100, 100);
    CHECK_FALSE(settling.young());
    for (int ms = 0; ms < 1000; ms += 100) settling.step(46, 100, 100);
    CHECK(settling.active());
    CHECK(settling.byChange());
    int blind_ms = 0;
    while (settling.active()) {
        settling.step(100, 100, 100);
        blind_ms += 100;
    }
    CHECK(blind_ms <= 1200);
    CHECK(settling.justEnded());
}

TEST_CASE("rejections: each has a name", "[motion]") {
    for (std::size_t i = 0; i < static_cast<std::size_t>(Rejection::Count); ++i) {
        CHECK(toString(static_cast<Rejection>(i)) != "unknown");
    }
}
