// A camera that shakes, leaves in the wind: what shows here now was a little beside before. Tells whether a
// changed block is explained by its own background moved by a few pixels, and whether the camera shakes. Pure
// but for the memory of the last seconds. One thread.
#pragma once

#include <cstdint>

#include "motion/grid.hpp"

namespace camgate::motion {

/// Pixels of a block that no pixel of the background within 2 px explains, to `threshold` levels.
int unexplainedPixels(const std::uint8_t* pixels, const std::uint8_t* background, const Grid& grid,
                      std::size_t block, int threshold);

class Sway {
  public:
    /// Of the changed blocks of a frame so many were looked at, and so many had only moved.
    void observe(int looked_at, int explained, int dt_ms);
    bool shaking() const { return shaking_ms_ > 0; }

  private:
    int shaking_ms_ = 0;
};

}  // namespace camgate::motion
