// What changes without anybody moving: shake, darkness; and who is still found in it.
#include <array>
#include <cmath>

#include "motion/sway.hpp"
#include "scene_run.hpp"

using namespace camgate;
using namespace camgate::motion;
using namespace camgate::motion::test;
using std::chrono::seconds;

namespace {

constexpr int kMargin = 8;

struct Outcome {
    bool found = false;
    int false_frames = 0;
};

/// Shows the yard through a window that moves.
Outcome lookThrough(const SyntheticScene& yard, std::uint64_t frames,
                    const std::function<std::array<int, 2>(std::uint64_t)>& offset) {
    const auto& s = yard.settings();
    const auto stride = static_cast<std::size_t>(s.width_px);
    const int width = s.width_px - 2 * kMargin;
    const int height = s.height_px - 2 * kMargin;
    Picture luma(stride * static_cast<std::size_t>(s.height_px));
    auto eye = detector();
    Outcome outcome;
    for (std::uint64_t i = 0; i < frames; ++i) {
        REQUIRE(yard.render(i, luma));
        const auto [x, y] = offset(i);
        const auto at =
            static_cast<std::size_t>(kMargin + y) * stride + static_cast<std::size_t>(kMargin + x);
        const auto plane = LumaPlane::of(std::span(luma).subspan(at), width, height, stride);
        REQUIRE(plane);
        const auto result = eye.process(*plane, BootTime(yard.timeOf(i)));
        if (yard.truth(i)) outcome.found = outcome.found || result.active;
        if (!yard.truth(i) && result.active) ++outcome.false_frames;
    }
    return outcome;
}

}  // namespace

TEST_CASE("detector: a camera that shakes sees no event, and the walker all the same", "[motion][shake]") {
    const auto yard = scene(
        {.width_px = 640 + 2 * kMargin, .height_px = 360 + 2 * kMargin, .seed = 4, .empty = seconds(15)});
    const Outcome outcome = lookThrough(yard, 21 * 15, [](std::uint64_t i) {
        const double t = static_cast<double>(i) / 15;
        return std::array{static_cast<int>(std::lround(2.5 * std::sin(11 * t))),
                          static_cast<int>(std::lround(1.5 * std::cos(17 * t)))};
    });
    CHECK(outcome.found);
    CHECK(outcome.false_frames == 0);
}

TEST_CASE("detector: somebody of a twentieth of the picture height is found, also in the dark",
          "[motion][slow]") {
    for (const int contrast : {60, 20}) {
        CAPTURE(contrast);
        const auto yard = scene({.seed = 3,
                                 .empty = seconds(6),
                                 .walk = seconds(20),
                                 .walker_height = 0.05F,
                                 .contrast = contrast,
                                 .noise_sigma = contrast == 20 ? 4.0F : 2.0F});
        auto eye = detector();
        const Run outcome = run(yard, eye, 26 * 15);
        CHECK(outcome.found == 1);
        CHECK(outcome.false_frames == 0);
    }
}

TEST_CASE("sway: a pattern moved by two pixels is explained, another one is not", "[motion][shake]") {
    const Grid grid = Grid::ofPlane(64, 64);
    Picture before(grid.pixels());
    Picture moved(grid.pixels());
    for (std::size_t i = 0; i < before.size(); ++i)
        before[i] = static_cast<std::uint8_t>(60 + i * 2654435761U % 97);
    for (std::size_t i = 0; i < moved.size(); ++i) moved[i] = before[(i + 2) % before.size()];
    const std::size_t middle = grid.index(4, 4);
    CHECK(unexplainedPixels(moved.data(), before.data(), grid, middle, 9) == 0);
    CHECK(unexplainedPixels(Picture(grid.pixels(), 220).data(), before.data(), grid, middle, 9) == 64);
}
