// Brings a luma plane to the size that is analysed: box average by a whole factor to at most 480x272, padded
// to whole blocks by repeating the border. One thread.
#pragma once

#include <cstdint>
#include <vector>

#include "motion/grid.hpp"
#include "motion/luma_plane.hpp"

namespace camgate::motion {

class Downscaler {
  public:
    /// The grid that planes of this size are analysed on.
    static Grid gridOf(int width_px, int height_px);

    Downscaler() = default;
    Downscaler(int width_px, int height_px);

    void run(const LumaPlane& plane);
    const Grid& grid() const { return grid_; }
    const std::uint8_t* pixels() const { return pixels_.data(); }
    const std::vector<std::uint16_t>& sums() const { return sums_; }  ///< per block, 64 pixels each

  private:
    int factor_ = 1;
    Grid grid_;
    std::vector<std::uint8_t> pixels_;
    std::vector<std::uint16_t> sums_;
};

}  // namespace camgate::motion
