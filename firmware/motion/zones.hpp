// Checks zones and lays them onto the block grid. Implements docs/ref/motion.md. One thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "motion/grid.hpp"
#include "motion/motion_result.hpp"

namespace camgate::motion {

/// InvalidArgument; names the zone and what was expected.
[[nodiscard]] Status checkZones(std::span<const Zone> zones);

class ZoneMap {
  public:
    ZoneMap() = default;
    ZoneMap(std::span<const Zone> zones, const Grid& grid);

    bool ignored(std::size_t block) const { return (masks_[block] & ignore_bits_) != 0; }
    std::uint16_t mask(std::size_t block) const { return masks_[block]; }  ///< bit i: zones[i]
    std::uint16_t includeBits() const { return include_bits_; }            ///< 0: the whole picture counts
    int blocksOf(std::size_t zone) const { return blocks_[zone]; }
    std::size_t ignoredBlocks() const { return ignored_blocks_; }

  private:
    std::vector<std::uint16_t> masks_;
    std::vector<int> blocks_;
    std::uint16_t include_bits_ = 0;
    std::uint16_t ignore_bits_ = 0;
    std::size_t ignored_blocks_ = 0;
};

}  // namespace camgate::motion
