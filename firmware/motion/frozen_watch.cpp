#include "motion/frozen_watch.hpp"

#include <algorithm>
#include <cstdlib>

namespace camgate::motion {
namespace {

constexpr int kSameSum = 1;                // of 64 pixels; fresh noise moves it by more
constexpr std::size_t kClock_percent = 4;  // of the blocks

}  // namespace

void FrozenWatch::step(std::span<const std::uint16_t> sums, int dt_ms) {
    for (std::size_t i = 0; i < sums.size(); ++i) {
        if (changed_[i] || std::abs(sums[i] - anchor_[i]) <= kSameSum) continue;
        changed_[i] = true;
        ++changed_blocks_;
    }
    if (begun_ && changed_blocks_ * 100 <= sums.size() * kClock_percent) {
        still_ms_ = std::min(still_ms_ + dt_ms, 2 * kFrozen_ms);
        still_frames_ = std::min(still_frames_ + 1, kLeastFrames);
        return;
    }
    begun_ = true;
    still_ms_ = 0;
    still_frames_ = 0;
    changed_blocks_ = 0;
    std::copy(sums.begin(), sums.end(), anchor_.begin());
    changed_.assign(changed_.size(), false);
}

}  // namespace camgate::motion
