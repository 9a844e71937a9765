// How a track remembers where it was. 15 frames a second, 320x180.
#include "motion/way.hpp"

#include <catch2/catch.hpp>

#include "frame_rate.hpp"

using namespace camgate::motion;
using camgate::motion::test::kFrame_ms;

namespace {

const Grid kGrid = Grid::ofPlane(320, 180);

PixelBox boxAt(int left, int top, int side = 8) {
    return {left, top, left + side, top + side};
}

/// Walks a pixel to the right every `frames_per_px` frames.
Way walked(int px, int frames_per_px, bool whole) {
    Way way;
    way.start(boxAt(40, 80));
    for (int i = 1; i <= px * frames_per_px; ++i)
        way.follow(boxAt(40 + i / frames_per_px, 80), kFrame_ms, whole);
    return way;
}

}  // namespace

TEST_CASE("way: all of it is remembered, however slow it is", "[motion][way]") {
    const Way way = walked(60, 5, true);  // 3 px a second, 20 s
    CHECK(way.measure(boxAt(100, 80), kGrid, 0).net_px >= 55);
    CHECK(way.measure(boxAt(100, 80), kGrid, 0).straight_percent >= 95);
}

TEST_CASE("way: without that only its last seconds are", "[motion][way]") {
    const Way way = walked(60, 5, false);
    CHECK(way.measure(boxAt(100, 80), kGrid, 0).net_px <= 10);
    // And from then on no more of what was remembered before.
    Way turned = walked(60, 5, true);
    for (int i = 0; i < 60; ++i) turned.follow(boxAt(100, 80), kFrame_ms, false);
    CHECK(turned.measure(boxAt(100, 80), kGrid, 0).net_px == 0);
}

TEST_CASE("way: what grows or trembles has not moved", "[motion][way]") {
    Way grows;
    grows.start(boxAt(40, 40, 8));
    for (int i = 1; i < 60; ++i) grows.follow(boxAt(40 - i / 4, 40 - i / 4, 8 + i / 2), kFrame_ms, true);
    CHECK(grows.measure(boxAt(40 - 15, 40 - 15, 8 + 30), kGrid, 0).net_px == 0);
    Way trembles;
    trembles.start(boxAt(40, 40));
    for (int i = 1; i < 60; ++i) trembles.follow(boxAt(40 + i % 3, 40), kFrame_ms, true);
    CHECK(trembles.measure(boxAt(40, 40), kGrid, 0).net_px <= 2);
}

TEST_CASE("way: the largest step is doubted where asked", "[motion][way]") {
    Way way;
    way.start(boxAt(40, 80));
    way.follow(boxAt(70, 80), kFrame_ms, true);
    CHECK(way.measure(boxAt(72, 80), kGrid, 0).net_px >= 28);
    CHECK(way.measure(boxAt(72, 80), kGrid, 16).net_px <= 3);
}
