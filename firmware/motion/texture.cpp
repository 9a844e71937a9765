#include "motion/texture.hpp"

#include "motion/grid.hpp"
#include "motion/kernels.hpp"

namespace camgate::motion {

Surface compareSurface(const std::uint8_t* current, const std::uint8_t* background, std::size_t stride,
                       std::uint16_t noise_q4, std::uint8_t threshold) {
    const BlockMoments sums = kernels().blockMoments(current, background, stride);
    const std::int64_t a = sums.now, b = sums.before;
    const std::int64_t aa = sums.now_now, bb = sums.before_before, ab = sums.now_before;
    // 64 times the sums of squares around the mean, so 4096 times variances.
    const std::int64_t now_var = kBlockArea_px * aa - a * a;
    const std::int64_t before_var = kBlockArea_px * bb - b * b;
    const std::int64_t common = kBlockArea_px * ab - a * b;
    const std::int64_t noise = noise_q4;
    // Variance under (2 * noise + 1)^2 with noise in 1/16: 4096 / 256 = 16.
    if (before_var < 16 * (2 * noise + 16) * (2 * noise + 16)) return Surface::Flat;
    if (common <= 0) return Surface::New;
    // What is left of the picture's structure after the best gain and offset on the background.
    const std::int64_t left = now_var - common * common / before_var;
    const std::int64_t limit = std::int64_t{threshold} * threshold * 4096 / 4;
    // r^2 = 1 - left / now_var. Light makes r^2 over 0.9; what a small part of an object leaves is well
    // under.
    const bool same_structure = left * 10 < now_var;
    const bool close = left < limit && left * 5 < now_var * 2;
    return same_structure || close ? Surface::SameUnderOtherLight : Surface::New;
}

}  // namespace camgate::motion
