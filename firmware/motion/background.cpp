#include "motion/background.hpp"

#include <algorithm>
#include <array>

namespace camgate::motion {
namespace {

constexpr int kBaseThreshold = 9;
constexpr int kNoiseFactor_q4 = 56;  // 3.5 times the mean difference when quiet
constexpr int kMaxThreshold = 70;
constexpr std::uint16_t kFirstNoise_q4 = 24;  // 1.5 levels, until measured
constexpr int kMostShift = 4;
constexpr int kNoiseShift = 5;
constexpr int kFlickerStep = 16;
constexpr int kFlickerPerLevel = 5;  // memory of 255 raises the threshold by 51
constexpr int kForget_ms = 250;      // a step of memory is gone after 4 s, a full one after a minute

constexpr std::array<int, 5> kTimeConstant_ms{0, 1000, 2000, 10'000, 40'000};

/// A step of 1/2^shift every time_constant/2^shift; coarser steps where frames are too far apart for that.
int shiftFor(int time_constant_ms, int dt_ms) {
    int shift = kMostShift;
    while (shift > 1 && (time_constant_ms >> shift) < dt_ms) --shift;
    return shift;
}

}  // namespace

Background::Background(const Grid& grid, std::span<const std::uint8_t> scales_q7)
    : grid_(grid),
      levels_(grid.pixels()),
      fractions_(grid.pixels()),
      sums_(grid.blocks()),
      sads_(grid.blocks()),
      noise_q4_(grid.blocks(), kFirstNoise_q4),
      counts_(grid.blocks()),
      thresholds_(grid.blocks()),
      flicker_(grid.blocks()),
      scales_q7_(scales_q7),
      waited_ms_(grid.blocks()) {
    for (std::size_t i = 0; i < grid.blocks(); ++i) updateThreshold(i);
}

void Background::adopt(const std::uint8_t* pixels) {
    for (std::size_t i = 0; i < grid_.blocks(); ++i) {
        const std::size_t at = grid_.pixelOf(i);
        sums_[i] = kernels().learnBlock(pixels + at, planesAt(at), grid_.stride(), 0);
    }
}

void Background::applyLight(const LightChange& change) {
    kernels().applyLight(planesAt(0), levels_.size(), static_cast<std::uint16_t>(change.gain_q10 * 16),
                         change.offset_q7 * 2);
    for (int row = 0; row < grid_.rows; ++row) {
        const std::size_t at = grid_.pixelOf(grid_.index(0, row));
        kernels().blockSums(levels_.data() + at, grid_.stride(), grid_.columns,
                            sums_.data() + grid_.index(0, row));
    }
}

void Background::compare(const std::uint8_t* pixels) {
    for (int row = 0; row < grid_.rows; ++row) {
        const std::size_t first = grid_.index(0, row);
        const std::size_t at = grid_.pixelOf(first);
        kernels().blockDifferences(pixels + at, levels_.data() + at, grid_.stride(), grid_.columns,
                                   thresholds_.data() + first, counts_.data() + first, sads_.data() + first);
    }
}

void Background::learn(const std::uint8_t* pixels, std::span<const Learning> how, int dt_ms) {
    std::array<int, kTimeConstant_ms.size()> shifts{};
    for (std::size_t i = 1; i < shifts.size(); ++i) shifts[i] = shiftFor(kTimeConstant_ms[i], dt_ms);
    shifts[0] = 1;
    const Kernels& kernels = camgate::motion::kernels();
    for (std::size_t i = 0; i < how.size(); ++i) {
        const auto kind = static_cast<std::size_t>(how[i]);
        if (how[i] == Learning::Quiet) learnNoise(i, kNoiseShift);
        if (how[i] == Learning::Settling) learnNoise(i, 2);
        waited_ms_[i] = static_cast<std::uint16_t>(std::min(waited_ms_[i] + dt_ms, 0xFFFF));
        if (waited_ms_[i] < (kTimeConstant_ms[kind] >> shifts[kind])) continue;
        waited_ms_[i] = 0;
        const std::size_t at = grid_.pixelOf(i);
        sums_[i] = kernels.learnBlock(pixels + at, planesAt(at), grid_.stride(), shifts[kind]);
    }
}

void Background::learnNoise(std::size_t block, int shift) {
    const int mean_q4 = sads_[block] / (kBlockArea_px / 16);
    const int before = noise_q4_[block];
    // Rounded away from zero, so that the estimate does not stop short of its goal.
    const int difference = mean_q4 - before;
    const int round = difference > 0 ? (1 << shift) - 1 : 0;
    noise_q4_[block] = static_cast<std::uint16_t>(before + ((difference + round) >> shift));
    updateThreshold(block);
}

void Background::updateThreshold(std::size_t block) {
    const int noise = (noise_q4_[block] * kNoiseFactor_q4) >> 8;
    const int calm = (std::max(kBaseThreshold, noise) * scales_q7_[block] + 64) >> 7;
    const int value = calm + flicker_[block] / kFlickerPerLevel;
    thresholds_[block] = static_cast<std::uint8_t>(std::min(value, kMaxThreshold));
}

void Background::addFlicker(std::size_t block) {
    flicker_[block] = static_cast<std::uint8_t>(std::min(flicker_[block] + kFlickerStep, 255));
    updateThreshold(block);
}

void Background::forgetFlicker(int dt_ms) {
    forget_ms_ += dt_ms;
    const int steps = forget_ms_ / kForget_ms;
    if (steps == 0) return;
    forget_ms_ %= kForget_ms;
    for (std::size_t i = 0; i < flicker_.size(); ++i) {
        if (flicker_[i] == 0) continue;
        flicker_[i] = static_cast<std::uint8_t>(std::max(flicker_[i] - steps, 0));
        updateThreshold(i);
    }
}

}  // namespace camgate::motion
