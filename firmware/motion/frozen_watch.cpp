#include "motion/frozen_watch.hpp"

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace camgate::motion {
namespace {

constexpr int kSameSum = 1;                  // of 64 pixels; fresh noise moves it by more
constexpr std::size_t kClock_percent = 4;    // of the blocks
constexpr std::size_t kLively_percent = 20;  // fresh noise is everywhere, a passer-by is not
constexpr int kLivelyMemory = 32;            // frames
constexpr int kUsuallyLively_q8 = 128;
constexpr int kLeastStand_ms = 400;
constexpr int kPulse_ms = 500;  // a keyframe, and what the encoder makes of it right after
constexpr int kBetweenPulses_ms = 900;
constexpr std::uint32_t kSameLight = 32;  // a part

}  // namespace

int FrozenWatch::neededMs() const {
    if (!alive_) return kNeverAlive_ms;
    return std::max(kFrozen_ms, longest_ms_ + longest_ms_ / 2);
}

std::size_t FrozenWatch::newlyChanged(std::span<const std::uint16_t> sums, bool note) {
    std::size_t changed = 0;
    for (std::size_t i = 0; i < sums.size(); ++i) {
        if (std::abs(sums[i] - anchor_[i]) <= kSameSum || changed_[i]) continue;
        ++changed;
        if (note) changed_[i] = true;
    }
    return changed;
}

void FrozenWatch::step(std::span<const std::uint16_t> sums, int dt_ms) {
    if (!begun_) {
        begun_ = true;
        return anchorAt(sums);
    }
    pulse_ms_ = std::min(pulse_ms_ + dt_ms, kBetweenPulses_ms);
    lit_ = std::accumulate(sums.begin(), sums.end(), std::uint32_t{0});
    const std::size_t changed = newlyChanged(sums, false);
    if (changed * 100 <= sums.size() * kClock_percent)
        stand(sums, dt_ms);
    else
        stir(sums, changed, dt_ms);
}

void FrozenWatch::stand(std::span<const std::uint16_t> sums, int dt_ms) {
    // What changes here and there, and in the end everywhere, is somebody who passes.
    changed_blocks_ += newlyChanged(sums, true);
    if (changed_blocks_ * 100 > sums.size() * kClock_percent) return comeAlive(sums);
    still_ms_ = std::min(still_ms_ + dt_ms, 4 * kNeverAlive_ms);
    still_frames_ = std::min(still_frames_ + 1, kLeastFrames);
    // Under other light an encoder may hide the noise that it showed.
    if (lit_ > lit_alive_ + lit_alive_ / kSameLight || lit_ + lit_ / kSameLight < lit_alive_) lively_q8_ = 0;
}

void FrozenWatch::stir(std::span<const std::uint16_t> sums, std::size_t changed, int dt_ms) {
    if (pulse_ms_ >= kBetweenPulses_ms) pulse_ms_ = 0;
    const bool in_pulse = still_ms_ >= kLeastStand_ms && pulse_ms_ < kPulse_ms;
    if (in_pulse) {
        still_ms_ += dt_ms;
        // Where noise is usual a picture without it is stuck, whatever the encoder makes of it; elsewhere it
        // has to come back to what it was.
        if (lively_q8_ >= kUsuallyLively_q8) anchorAt(sums);
        return;
    }
    // A scene that stands still between the keyframes carries no fresh noise, however much they change.
    const bool renewed = still_ms_ >= kLeastStand_ms;
    const int lively_q8 = !renewed && changed * 100 > sums.size() * kLively_percent ? 256 : 0;
    lively_q8_ += (lively_q8 - lively_q8_) / kLivelyMemory;
    comeAlive(sums);
}

void FrozenWatch::comeAlive(std::span<const std::uint16_t> sums) {
    // A camera that was stuck says nothing about how long its scene stands still.
    if (!frozen()) longest_ms_ = std::max(longest_ms_, std::min(still_ms_, kNeverAlive_ms));
    alive_ = true;
    still_ms_ = 0;
    still_frames_ = 0;
    lit_alive_ = lit_;
    anchorAt(sums);
}

void FrozenWatch::anchorAt(std::span<const std::uint16_t> sums) {
    changed_blocks_ = 0;
    std::copy(sums.begin(), sums.end(), anchor_.begin());
    changed_.assign(changed_.size(), false);
}

}  // namespace camgate::motion
