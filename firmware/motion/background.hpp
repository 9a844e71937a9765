// The picture without what moves, block by block: 16-bit fixed-point background, noise estimate, flicker
// memory and the threshold that follows from them. Knows no objects; the detector says how fast each block
// learns. Integer arithmetic, nothing allocated after construction. One thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "motion/grid.hpp"
#include "motion/kernels.hpp"
#include "motion/photometric.hpp"

namespace camgate::motion {

/// How a block takes on what the picture shows, by time constant.
enum class Learning : std::uint8_t {
    Settling,  ///< half of the difference with every frame
    Light,     ///< 1 s: same surface, other light
    Quiet,     ///< 2 s
    Slow,      ///< 10 s: changed, but nothing that moves
    Hold,      ///< 40 s: under or beside something that moves
};

class Background {
  public:
    Background() = default;
    /// `scales_q7`: per block, what thresholds are multiplied with, 128 for no change; borrowed for as
    /// long as this lives.
    Background(const Grid& grid, std::span<const std::uint8_t> scales_q7);

    /// Starts again from this picture.
    void adopt(const std::uint8_t* pixels);
    void applyLight(const LightChange& change);
    /// Fills counts() with the pixels of each block that differ by more than its threshold.
    void compare(const std::uint8_t* pixels);
    void learn(const std::uint8_t* pixels, std::span<const Learning> how, int dt_ms);
    /// A block turned active without belonging to anything that moves.
    void addFlicker(std::size_t block);
    void forgetFlicker(int dt_ms);

    const Grid& grid() const { return grid_; }
    const std::vector<std::uint8_t>& counts() const { return counts_; }
    const std::vector<std::uint16_t>& sums() const { return sums_; }
    const std::uint8_t* pixels() const { return levels_.data(); }
    const std::vector<std::uint8_t>& thresholds() const { return thresholds_; }
    std::uint8_t threshold(std::size_t block) const { return thresholds_[block]; }
    std::uint16_t noise_q4(std::size_t block) const { return noise_q4_[block]; }
    std::uint8_t flicker(std::size_t block) const { return flicker_[block]; }
    /// Sum of what differs in a block, over its noise.
    int difference(std::size_t block) const {
        return std::max(sads_[block] - noise_q4_[block] * (kBlockArea_px / 16), 0);
    }

  private:
    void updateThreshold(std::size_t block);
    void learnNoise(std::size_t block, int shift);
    BackgroundPlanes planesAt(std::size_t pixel) {
        return {levels_.data() + pixel, fractions_.data() + pixel};
    }

    Grid grid_;
    int forget_ms_ = 0;
    std::vector<std::uint8_t> levels_, fractions_;
    std::vector<std::uint16_t> sums_, sads_, noise_q4_;
    std::vector<std::uint8_t> counts_, thresholds_, flicker_;
    std::span<const std::uint8_t> scales_q7_;
    std::vector<std::uint16_t> waited_ms_;  // since the block last learnt
};

}  // namespace camgate::motion
