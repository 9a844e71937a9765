// Notices a picture that stands still as only a stuck camera's does: over seconds, block after block the same
// sum. A clock that ticks in a corner does not matter. One thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace camgate::motion {

class FrozenWatch {
  public:
    FrozenWatch() = default;
    explicit FrozenWatch(std::size_t blocks) : anchor_(blocks), changed_(blocks) {}

    void step(std::span<const std::uint16_t> sums, int dt_ms);
    /// Standing still already, too briefly to say more.
    bool still() const { return still_ms_ >= kStill_ms; }
    bool frozen() const { return still_ms_ >= kFrozen_ms && still_frames_ >= kLeastFrames; }

  private:
    static constexpr int kStill_ms = 1000;
    static constexpr int kFrozen_ms = 6000;
    static constexpr int kLeastFrames = 6;  ///< where only keyframes are looked at they are few

    std::vector<std::uint16_t> anchor_;  // sums when the picture last moved
    std::vector<bool> changed_;          // blocks that did since then
    std::size_t changed_blocks_ = 0;
    int still_ms_ = 0, still_frames_ = 0;
    bool begun_ = false;
};

}  // namespace camgate::motion
