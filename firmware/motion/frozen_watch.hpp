// Notices a picture that stands still as only a stuck camera's does: over seconds, block after block the same
// sum, for longer than this scene ever stood still. A clock that ticks in a corner does not matter, nor do
// the keyframes of an encoder that goes on behind a stuck sensor. One thread.
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
    /// Sum of the picture as it shows now.
    std::uint32_t lit() const { return lit_; }
    bool frozen() const { return still_ms_ >= neededMs() && still_frames_ >= kLeastFrames; }

  private:
    static constexpr int kStill_ms = 1000;
    static constexpr int kFrozen_ms = 5000;
    static constexpr int kNeverAlive_ms = 15'000;
    static constexpr int kLeastFrames = 6;  ///< where only keyframes are looked at they are few

    int neededMs() const;
    /// Counts blocks that differ from the anchor and did not before.
    std::size_t newlyChanged(std::span<const std::uint16_t> sums, bool note);
    void stand(std::span<const std::uint16_t> sums, int dt_ms);
    void stir(std::span<const std::uint16_t> sums, std::size_t changed, int dt_ms);
    void comeAlive(std::span<const std::uint16_t> sums);
    void anchorAt(std::span<const std::uint16_t> sums);

    std::vector<std::uint16_t> anchor_;  // sums when the picture last moved
    std::vector<bool> changed_;          // blocks that did since then, little by little
    std::size_t changed_blocks_ = 0;
    int lively_q8_ = 0;                      // share of the frames that carry fresh noise all over
    std::uint32_t lit_ = 0, lit_alive_ = 0;  // sum of the picture, and while it was alive
    int pulse_ms_ = 0;                       // since the picture began to change as a keyframe changes it
    int longest_ms_ = 0;                     // that the scene stood still and was alive after
    int still_ms_ = 0, still_frames_ = 0;
    bool begun_ = false, alive_ = false;
};

}  // namespace camgate::motion
