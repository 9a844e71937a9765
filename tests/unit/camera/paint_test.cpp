#include "camera/paint.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/bytes.hpp"

using namespace camgate;
using namespace camgate::camera;

namespace {

constexpr Colour kWhite{255, 255, 255};

int brightOf(const Bytes& pixels) {
    return static_cast<int>(std::count(pixels.begin(), pixels.end(), std::uint8_t{255}));
}

}  // namespace

TEST_CASE("paint: a frame lies along the inside of its area", "[camera]") {
    Bytes pixels(20 * 10);
    Surface(pixels, 20, 10, 20, 1).frame({2, 2, 8, 6}, kWhite, 1);
    // Two rows of 8 and two columns of the 4 between.
    CHECK(brightOf(pixels) == 24);
    CHECK(pixels[2 * 20 + 2] == 255);
    CHECK(pixels[7 * 20 + 9] == 255);
    CHECK(pixels[3 * 20 + 3] == 0);
}

TEST_CASE("paint: what lies outside is cut off, padding stays", "[camera]") {
    Bytes pixels(16 * 8);  // 10 pixels a row and 6 of padding
    Surface surface(pixels, 10, 8, 16, 1);
    surface.fill({-5, -5, 100, 100}, kWhite);
    surface.markBox({-1, -1, 3, 3}, kWhite);
    surface.line(-50, -50, 90, 90, kWhite);
    CHECK(brightOf(pixels) == 80);
    CHECK(pixels[10] == 0);
}

TEST_CASE("paint: colours mix by their opacity", "[camera]") {
    Bytes pixels{100, 100, 100};
    Surface(pixels, 1, 1, 3, 3).dot(0, 0, {200, 100, 0}, 128);
    CHECK(pixels == Bytes{150, 100, 49});
}
