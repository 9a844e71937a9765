// Checks zones and lays them onto the block grid. Implements docs/ref/motion.md. One thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "motion/grid.hpp"
#include "motion/motion_result.hpp"

namespace camgate::motion {

/// InvalidArgument; names the zone and what was expected.
[[nodiscard]] Status checkZones(std::span<const Zone> zones);

/// Thresholds at 1 % are twice, at 100 % half of those at 50 %: in 1/128, 64..255.
std::uint8_t thresholdScale_q7(int sensitivity_percent);

class ZoneMap {
  public:
    ZoneMap() = default;
    ZoneMap(std::span<const Zone> zones, int sensitivity_percent, const Grid& grid);

    /// Zones whose bit is clear are as if they were not drawn; but where all that count are clear, nothing
    /// counts.
    void setActive(std::uint16_t zones);

    bool ignored(std::size_t block) const { return (masks_[block] & ignore_bits_ & active_) != 0; }
    /// Bit i: zones[i] covers the block and is active.
    std::uint16_t mask(std::size_t block) const { return masks_[block] & active_; }
    std::uint16_t lineBits() const { return line_bits_ & active_; }
    /// Include zones or lines are drawn: an object counts only by them.
    bool restricted() const { return (include_bits_ | line_bits_) != 0; }
    std::uint16_t countingBits() const { return (include_bits_ | line_bits_) & active_; }
    int blocksOf(std::size_t zone) const { return blocks_[zone]; }
    std::size_t ignoredBlocks() const { return ignored_blocks_; }
    /// Per block, what its thresholds are multiplied with, in 1/128.
    const std::vector<std::uint8_t>& scales_q7() const { return scales_q7_; }

  private:
    void drawZone(const Zone& zone, std::size_t index, const Grid& grid);

    std::vector<std::uint16_t> masks_;
    std::vector<std::uint8_t> scales_q7_;
    std::array<int, kMaxZones> blocks_{};
    std::uint16_t include_bits_ = 0, ignore_bits_ = 0, line_bits_ = 0;
    std::uint16_t active_ = 0xFFFF;
    std::size_t ignored_blocks_ = 0;
};

/// A step from `from` to `to` (parts of the picture) crosses the line the way that it asks for.
bool crosses(const Zone& line, const Point& from, const Point& to);

}  // namespace camgate::motion
