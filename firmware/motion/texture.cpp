#include "motion/texture.hpp"

#include <algorithm>

#include "motion/grid.hpp"

namespace camgate::motion {
namespace {

constexpr std::int64_t kLeastStructure = 4096 * 2;  // a variance of 2
constexpr std::int64_t kBackgroundNoise = 4096 * 3 / 10;
constexpr std::int64_t kClipped = 247 * kBlockArea_px;

}  // namespace

Structure structureOf(const BlockMoments& sums) {
    const std::int64_t a = sums.now, b = sums.before;
    // Twice the sums around the middle column and row; over both, a slope's share of the squares is 1/21 of
    // theirs in these units.
    const std::int64_t ax = 2 * std::int64_t{sums.now_x} - 7 * a, ay = 2 * std::int64_t{sums.now_y} - 7 * a;
    const std::int64_t bx = 2 * std::int64_t{sums.before_x} - 7 * b;
    const std::int64_t by = 2 * std::int64_t{sums.before_y} - 7 * b;
    return {kBlockArea_px * std::int64_t{sums.now_now} - a * a - (ax * ax + ay * ay) / 21,
            kBlockArea_px * std::int64_t{sums.before_before} - b * b - (bx * bx + by * by) / 21,
            kBlockArea_px * std::int64_t{sums.now_before} - a * b - (ax * bx + ay * by) / 21};
}

Surface compareSurface(const std::uint8_t* current, const std::uint8_t* background, std::size_t stride,
                       std::uint16_t noise_q4) {
    const BlockMoments sums = kernels().blockMoments(current, background, stride);
    const Structure structure = structureOf(sums);
    // The deviation of noise is 5/4 of its mean difference: 4096 * (5/4)^2 / 16^2 = 25.
    const std::int64_t noise = 25 * std::int64_t{noise_q4} * noise_q4;
    const bool now_rough = structure.now > 4 * noise + kLeastStructure;
    // The background is an average: its structure shows under far less noise than one picture's.
    const bool was_rough = structure.before > kBackgroundNoise * 2;
    if (!was_rough) return now_rough ? Surface::New : Surface::Unclear;
    if (sums.now >= kClipped) return Surface::Unclear;
    const std::int64_t explained =
        structure.common > 0 ? structure.common * structure.common / structure.before : 0;
    const std::int64_t left = structure.now - explained;
    // Light brings out what the background hides in its last bit.
    const std::int64_t brought_out = explained * kBackgroundNoise / structure.before;
    const bool as_expected = left <= explained / 6 + 2 * noise + kLeastStructure / 4 + 2 * brought_out;
    if (as_expected && explained > 2 * noise) return Surface::SameUnderOtherLight;
    // Deep shade or a washed-out picture may leave nothing to compare.
    const bool expected_visible = structure.before * sums.now / std::max<std::int64_t>(sums.before, 1) *
                                      sums.now / std::max<std::int64_t>(sums.before, 1) >
                                  3 * noise + kLeastStructure;
    return now_rough || expected_visible ? Surface::New : Surface::Unclear;
}

}  // namespace camgate::motion
