// Where a track was, a corner of its way at a time: so that jitter is no way, and a detour is. As it grows
// its corners lie further apart and reach back to where it began: who is far away is slow, and goes straight
// for many seconds. Integer arithmetic, plain value. One thread.
#pragma once

#include <array>
#include <cstdint>

#include "motion/pixel_box.hpp"

namespace camgate::motion {

class Way {
  public:
    struct Measure {
        int net_px = 0;
        int straight_percent = 100;
    };

    void start(const PixelBox& at);
    /// `whole`: remembers all of it, coarser and coarser; else only its last seconds.
    void follow(const PixelBox& to, int dt_ms, bool whole);
    /// Net displacement over the stretch up to `now` that led farthest and straightest, less its largest step
    /// times `doubt_q4` / 16: that may be from one thing to another.
    Measure measure(const PixelBox& now, const Grid& grid, int doubt_q4) const;

  private:
    static constexpr std::size_t kCorners = 6;
    void thin();
    void forgetOldest();

    std::array<PackedBox, kCorners> corners_{};  // oldest first
    std::uint8_t count_ = 0;
    std::uint8_t apart_ = 1;  // so many times the usual distance
    std::int32_t since_corner_ms_ = 0;
};

}  // namespace camgate::motion
