// The picture of a moment ago (0.15 to 0.3 s at usual rates, the frame before at slow ones): what moves
// differs from it, what only changed and stays does not. Nothing allocated after construction. One thread.
#pragma once

#include <cstdint>
#include <vector>

#include "motion/grid.hpp"

namespace camgate::motion {

class RecentPicture {
  public:
    RecentPicture() = default;
    explicit RecentPicture(const Grid& grid) : grid_(grid), older_(grid.pixels()), newer_(grid.pixels()) {}

    /// For each picture once, after it has been looked at; `dt_ms` since the one before.
    void keep(const std::uint8_t* pixels, int dt_ms);
    bool differs(const std::uint8_t* pixels, std::size_t block, int threshold) const;

  private:
    Grid grid_;
    std::vector<std::uint8_t> older_, newer_;
    int newer_age_ms_ = 0;
    bool empty_ = true;
};

}  // namespace camgate::motion
