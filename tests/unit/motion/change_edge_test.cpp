#include "motion/change_edge.hpp"

#include <catch2/catch.hpp>

using namespace camgate::motion;

namespace {

template <typename At>
CellPatch patchOf(At&& at) {
    CellPatch patch{};
    for (std::size_t y = 0; y < kCellPatch; ++y) {
        for (std::size_t x = 0; x < kCellPatch; ++x)
            patch[y][x] = static_cast<std::int16_t>(at(static_cast<int>(x), static_cast<int>(y)));
    }
    return patch;
}

const CellPatch kFlat = patchOf([](int, int) { return 60; });
constexpr int kNoise_q4 = 16;

}  // namespace

TEST_CASE("edge: where a thing begins there is one, however flat it is", "[motion]") {
    CHECK(hasEdge(patchOf([](int x, int) { return x < 3 ? 0 : -8; }), kFlat, kNoise_q4));
    CHECK(hasEdge(patchOf([](int, int y) { return y < 5 ? 8 : 0; }), kFlat, kNoise_q4));
}

TEST_CASE("edge: light that fades has none, nor has noise", "[motion]") {
    CHECK_FALSE(hasEdge(patchOf([](int x, int) { return 4 * x; }), kFlat, kNoise_q4));
    CHECK_FALSE(hasEdge(patchOf([](int x, int y) { return 20 + 2 * x - 3 * y; }), kFlat, kNoise_q4));
    CHECK_FALSE(hasEdge(patchOf([](int x, int y) { return (x * 7 + y * 3) % 5 - 2; }), kFlat, kNoise_q4));
}

TEST_CASE("edge: light on a surface that has one brings it out, and adds none", "[motion]") {
    const CellPatch kerb = patchOf([](int x, int) { return x < 4 ? 40 : 80; });
    CHECK_FALSE(hasEdge(patchOf([](int x, int) { return x < 4 ? 20 : 40; }), kerb, kNoise_q4));
    CHECK(hasEdge(patchOf([](int x, int) { return x < 4 ? 40 : 0; }), kerb, kNoise_q4));
}
