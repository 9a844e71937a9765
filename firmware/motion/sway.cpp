#include "motion/sway.hpp"

#include <algorithm>
#include <array>

namespace camgate::motion {
namespace {

constexpr int kMostReach_px = 3;
constexpr int kRows = kBlock_px + 2 * kMostReach_px;
constexpr int kLeastLooked = 10;
constexpr int kShakes_ms = 4000;  // wind pauses between two gusts

using Row = std::array<std::uint8_t, kBlock_px>;

}  // namespace

int unexplainedPixels(const std::uint8_t* pixels, const std::uint8_t* background, const Grid& grid,
                      std::size_t block, int reach_px, int threshold) {
    const auto columns = static_cast<std::size_t>(grid.columns);
    const int left = static_cast<int>(block % columns) * kBlock_px;
    const int top = static_cast<int>(block / columns) * kBlock_px;
    const int width = static_cast<int>(grid.stride());
    const int height = grid.rows * kBlock_px;
    std::array<Row, kRows> low;   // NOLINT: filled as far as it is read
    std::array<Row, kRows> high;  // NOLINT
    const int rows = kBlock_px + 2 * reach_px;
    for (int y = 0; y < rows; ++y) {
        const int at = std::clamp(top + y - reach_px, 0, height - 1);
        const std::uint8_t* row = background + static_cast<std::size_t>(at) * grid.stride();
        std::array<std::uint8_t, kRows> wide;  // NOLINT
        for (int x = 0; x < rows; ++x)
            wide[static_cast<std::size_t>(x)] = row[std::clamp(left + x - reach_px, 0, width - 1)];
        auto& l = low[static_cast<std::size_t>(y)];
        auto& h = high[static_cast<std::size_t>(y)];
        for (std::size_t x = 0; x < kBlock_px; ++x) {
            const auto [least, most] =
                std::minmax_element(wide.begin() + static_cast<std::ptrdiff_t>(x),
                                    wide.begin() + static_cast<std::ptrdiff_t>(x) + 2 * reach_px + 1);
            l[x] = *least;
            h[x] = *most;
        }
    }
    int unexplained = 0;
    for (std::size_t y = 0; y < kBlock_px; ++y) {
        for (std::size_t x = 0; x < kBlock_px; ++x) {
            int least = 255;
            int most = 0;
            for (std::size_t k = 0; k <= static_cast<std::size_t>(2 * reach_px); ++k) {
                least = std::min<int>(least, low[y + k][x]);
                most = std::max<int>(most, high[y + k][x]);
            }
            const int now = pixels[grid.pixelOf(block) + y * grid.stride() + x];
            unexplained += now > most + threshold || now < least - threshold ? 1 : 0;
        }
    }
    return unexplained;
}

void Sway::observe(int looked_at, int explained, int dt_ms) {
    shaking_ms_ = std::max(shaking_ms_ - dt_ms, 0);
    if (looked_at >= kLeastLooked && explained * 3 >= looked_at * 2) shaking_ms_ = kShakes_ms;
}

}  // namespace camgate::motion
