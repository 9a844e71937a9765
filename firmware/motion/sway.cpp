#include "motion/sway.hpp"

#include <algorithm>
#include <array>

namespace camgate::motion {
namespace {

constexpr int kReach_px = 2;
constexpr int kLeastLooked = 10;
constexpr int kShakes_ms = 4000;  // wind pauses between two gusts

constexpr std::size_t kBlock = kBlock_px;
constexpr std::size_t kAround = 2 * kReach_px + 1;
constexpr std::size_t kPatch = kBlock + 2 * kReach_px;

using Row = std::array<std::uint8_t, kBlock>;
using PatchRow = std::array<std::uint8_t, kPatch>;

/// A block's row and what lies beside it; beyond the picture its border goes on.
PatchRow patchRow(const std::uint8_t* row, int left, int width) {
    PatchRow patch;  // NOLINT: all of it is filled
    const int first = left - kReach_px;
    if (first >= 0 && first + static_cast<int>(kPatch) <= width) {
        std::copy_n(row + first, kPatch, patch.begin());
    } else {
        for (int x = 0; x < static_cast<int>(kPatch); ++x)
            patch[static_cast<std::size_t>(x)] = row[std::clamp(first + x, 0, width - 1)];
    }
    return patch;
}

}  // namespace

// All loops have lengths that the compiler knows, so that it makes vectors of them.
int unexplainedPixels(const std::uint8_t* pixels, const std::uint8_t* background, const Grid& grid,
                      std::size_t block, int threshold) {
    const auto columns = static_cast<std::size_t>(grid.columns);
    const int left = static_cast<int>(block % columns) * kBlock_px;
    const int top = static_cast<int>(block / columns) * kBlock_px;
    std::array<Row, kPatch> low;   // NOLINT: all of it is filled
    std::array<Row, kPatch> high;  // NOLINT
    for (std::size_t y = 0; y < kPatch; ++y) {
        const int at = std::clamp(top + static_cast<int>(y) - kReach_px, 0, grid.rows * kBlock_px - 1);
        const PatchRow wide = patchRow(background + static_cast<std::size_t>(at) * grid.stride(), left,
                                       static_cast<int>(grid.stride()));
        Row least, most;  // NOLINT
        std::copy_n(wide.begin(), kBlock, least.begin());
        most = least;
        for (std::size_t k = 1; k < kAround; ++k) {
            for (std::size_t x = 0; x < kBlock; ++x) {
                least[x] = std::min(least[x], wide[x + k]);
                most[x] = std::max(most[x], wide[x + k]);
            }
        }
        low[y] = least;
        high[y] = most;
    }
    int unexplained = 0;
    for (std::size_t y = 0; y < kBlock; ++y) {
        Row least = low[y];
        Row most = high[y];
        for (std::size_t k = 1; k < kAround; ++k) {
            for (std::size_t x = 0; x < kBlock; ++x) {
                least[x] = std::min(least[x], low[y + k][x]);
                most[x] = std::max(most[x], high[y + k][x]);
            }
        }
        const std::uint8_t* now = pixels + grid.pixelOf(block) + y * grid.stride();
        for (std::size_t x = 0; x < kBlock; ++x)
            unexplained += now[x] > most[x] + threshold || now[x] < least[x] - threshold ? 1 : 0;
    }
    return unexplained;
}

void Sway::observe(int looked_at, int explained, int dt_ms) {
    shaking_ms_ = std::max(shaking_ms_ - dt_ms, 0);
    if (looked_at >= kLeastLooked && explained * 3 >= looked_at * 2) shaking_ms_ = kShakes_ms;
}

}  // namespace camgate::motion
