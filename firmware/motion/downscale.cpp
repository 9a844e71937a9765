#include "motion/downscale.hpp"

#include <array>
#include <cstring>

#include "motion/kernels.hpp"

namespace camgate::motion {
namespace {

int factorOf(int width_px, int height_px) {
    constexpr std::array kFactors{1, 2, 3, 4, 6, 8, 12, 16};
    for (const int factor : kFactors) {
        if (width_px / factor <= kMaxSmallWidth_px && height_px / factor <= kMaxSmallHeight_px) return factor;
    }
    return kFactors.back();
}
static_assert(LumaPlane::kMaxSide_px / 16 <= kMaxSmallHeight_px);

}  // namespace

Grid Downscaler::gridOf(int width_px, int height_px) {
    const int factor = factorOf(width_px, height_px);
    // A picture far from square may shrink to nothing on its short side: at least one pixel stays.
    return Grid::ofPlane(std::max(width_px / factor, 1), std::max(height_px / factor, 1));
}

Downscaler::Downscaler(int width_px, int height_px)
    : factor_(factorOf(width_px, height_px)), grid_(gridOf(width_px, height_px)) {
    pixels_.resize(grid_.pixels());
    sums_.resize(grid_.blocks());
}

void Downscaler::run(const LumaPlane& plane) {
    const std::size_t stride = grid_.stride();
    const auto width = static_cast<std::size_t>(grid_.width_px);
    const int padded_rows = grid_.rows * kBlock_px;
    for (int y = 0; y < grid_.height_px; ++y) {
        std::uint8_t* out = pixels_.data() + static_cast<std::size_t>(y) * stride;
        kernels().boxRow(factor_, plane.row(y * factor_), plane.stride(), out, grid_.width_px);
        std::memset(out + width, out[width - 1], stride - width);
    }
    const std::uint8_t* last = pixels_.data() + static_cast<std::size_t>(grid_.height_px - 1) * stride;
    for (int y = grid_.height_px; y < padded_rows; ++y) {
        std::memcpy(pixels_.data() + static_cast<std::size_t>(y) * stride, last, stride);
    }
    for (int row = 0; row < grid_.rows; ++row) {
        kernels().blockSums(pixels_.data() + static_cast<std::size_t>(row) * kBlock_px * stride, stride,
                            grid_.columns, sums_.data() + grid_.index(0, row));
    }
}

}  // namespace camgate::motion
