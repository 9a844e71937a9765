// Decides how fast each block of the background learns: not under what moves, at once where something has
// come to stand, and remembers where it flickers. Nothing allocated after construction. One thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "motion/block_states.hpp"
#include "motion/track.hpp"

namespace camgate::motion {

class LearningPlan {
  public:
    LearningPlan() = default;
    explicit LearningPlan(const Grid& grid)
        : learning_(grid.blocks()), was_active_(grid.blocks()), still_ms_(grid.blocks()) {}

    /// After a frame in which somebody was looked for. `young`: the background is.
    void follow(const BlockStates& states, std::span<const Track> tracks, const std::uint8_t* pixels,
                Background& background, SlowPicture& slow, bool young, int dt_ms);
    /// After a frame while settling.
    void settle(const std::uint8_t* pixels, Background& background, int dt_ms);

  private:
    void holdUnder(const Track& track, const BlockStates& states, const Grid& grid);
    void noteFlicker(const BlockStates& states, Background& background);
    void noteStill(const BlockStates& states, const SlowPicture& slow, int dt_ms);

    std::vector<Learning> learning_;
    std::vector<bool> was_active_;
    std::vector<std::uint16_t> still_ms_;  // since the block last moved
};

}  // namespace camgate::motion
