#include "motion/way.hpp"

#include <algorithm>
#include <cstdlib>

namespace camgate::motion {
namespace {

constexpr int kCornerAge_ms = 400;
constexpr int kLeastStep_px = 4;
constexpr int kFarthestApart = 16;

/// How far both edges went the same way: what only grows or shrinks has not moved. Something that enters or
/// leaves has one edge at the border; then the other tells.
int rigidShift(int low_from, int low, int high_from, int high, int side) {
    const int by_low = low - low_from;
    const int by_high = high - high_from;
    const bool low_at_border = low_from <= 1 || low <= 1;
    const bool high_at_border = high_from >= side - 1 || high >= side - 1;
    if (low_at_border && high_at_border) return (by_low + by_high) / 2;
    if (low_at_border) return by_high;
    if (high_at_border) return by_low;
    if ((by_low > 0) != (by_high > 0)) return 0;
    return std::abs(by_low) < std::abs(by_high) ? by_low : by_high;
}

}  // namespace

void Way::start(const PixelBox& at) {
    corners_[0] = PackedBox(at);
    count_ = 1;
    apart_ = 1;
    since_corner_ms_ = 0;
}

void Way::follow(const PixelBox& to, int dt_ms, bool whole) {
    since_corner_ms_ += dt_ms;
    if (!whole) apart_ = 1;
    const int step = middleDistance(corners_[count_ - 1U].unpacked(), to);
    const int usual_px = std::clamp(longerSide(to) / 3, kLeastStep_px, kBlock_px);
    if (step < usual_px * apart_ && since_corner_ms_ < kCornerAge_ms * apart_) return;
    if (count_ == kCorners) {
        if (whole && apart_ < kFarthestApart)
            thin();
        else
            forgetOldest();
    }
    corners_[count_++] = PackedBox(to);
    since_corner_ms_ = 0;
}

/// Keeps every second corner, the first among them.
void Way::thin() {
    for (std::size_t i = 1; 2 * i < kCorners; ++i) corners_[i] = corners_[2 * i];
    count_ = kCorners / 2;
    apart_ = static_cast<std::uint8_t>(2 * apart_);
}

void Way::forgetOldest() {
    std::copy(corners_.begin() + 1, corners_.end(), corners_.begin());
    --count_;
}

Way::Measure Way::measure(const PixelBox& now, const Grid& grid, int doubt_q4) const {
    Measure best;
    int way_px = 0;
    int largest_px = 0;
    PixelBox later = now;
    for (std::size_t i = count_; i-- > 0;) {
        const PixelBox from = corners_[i].unpacked();
        const int step = middleDistance(from, later);
        later = from;
        way_px += step;
        largest_px = std::max(largest_px, step);
        const int net = distance(rigidShift(from.left, now.left, from.right, now.right, grid.width_px),
                                 rigidShift(from.top, now.top, from.bottom, now.bottom, grid.height_px)) -
                        largest_px * doubt_q4 / 16;
        const int straight = way_px > 0 ? std::min(middleDistance(from, now) * 100 / way_px, 100) : 100;
        if (net * straight <= best.net_px * best.straight_percent) continue;
        best = {net, straight};
    }
    return best;
}

}  // namespace camgate::motion
