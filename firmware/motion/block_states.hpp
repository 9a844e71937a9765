// Says of each block what it is: quiet, changed, lit otherwise, swaying, or so little changed that only the
// slow eye sees it. Nothing allocated after construction. One thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "motion/blobs.hpp"
#include "motion/scene_view.hpp"
#include "motion/sway.hpp"
#include "motion/track.hpp"

namespace camgate::motion {

class BlockStates {
  public:
    BlockStates() = default;
    explicit BlockStates(const Grid& grid) : states_(grid.blocks()), expected_(grid.blocks()) {}

    /// Who was faintly seen is looked for again, where he should be by now, with a keener eye.
    void expect(std::span<const Track> tracks, const Grid& grid, int dt_ms);
    /// `young`: the background is, and may show who was there when it was taken: only what moves counts.
    /// Returns how many blocks changed for whatever reason but ignore zones and swaying.
    std::size_t classify(const SceneView& scene, bool young, int dt_ms, RejectionCounts& rejected);
    std::span<const BlockState> all() const { return states_; }
    BlockState operator[](std::size_t block) const { return states_[block]; }
    /// Blocks without structure of their own that belong to a change of light.
    void markLit(std::span<const std::uint16_t> blocks);

  private:
    bool isWeak(const SceneView& scene, std::size_t block) const;
    BlockState stateOf(const SceneView& scene, std::size_t block) const;
    void lookForShake(const SceneView& scene, int dt_ms);
    bool swayed(const SceneView& scene, std::size_t block) const;

    std::vector<BlockState> states_;
    std::vector<std::uint8_t> expected_;
    Sway sway_;
    std::size_t look_from_ = 0;
};

}  // namespace camgate::motion
