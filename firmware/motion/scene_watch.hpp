// Notices what is done to a camera rather than before it: covered, turned away, dark, stuck, out of focus,
// flooded with light. Compares the structure of the slow picture with how the scene usually looks, a part of
// it with each frame. Light and IR filter keep structure; tampering does not. Nothing allocated after
// construction. One thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "motion/background.hpp"
#include "motion/frozen_watch.hpp"
#include "motion/motion_result.hpp"
#include "motion/slow_picture.hpp"

namespace camgate::motion {

class SceneWatch {
  public:
    SceneWatch() = default;
    SceneWatch(const Grid& grid, const SlowPicture& slow);

    /// `sums`: of the blocks of this frame.
    void step(const SlowPicture& slow, const Background& background, std::span<const std::uint16_t> sums,
              int dt_ms);
    SceneState state() const { return state_; }

  private:
    using Strengths = std::array<int, 16>;  // counts of tiles, each step has twice the structure

    struct Sweep {  // counts of tiles
        int tiles = 0, textured = 0, kept = 0, empty = 0, pale = 0, dark = 0, bright = 0;
        int strange = 0;  // with structure that is not the usual one
        int asked = 0, in_place = 0;
        Strengths lost{}, strange_of{};
        std::int64_t dark_now = 0, dark_now_now = 0;  // of the means of dark tiles
        std::int64_t now = 0, usual = 0, now_now = 0, usual_usual = 0, now_usual = 0;  // of tile means

        int keptPercent() const { return kept * 100 / std::max(textured, 1); }
    };

    void look(const SlowPicture& slow, const Background& background, std::size_t tile);
    static std::size_t strengthOf(std::int64_t structure);
    void noteStrange(std::int64_t structure);
    void learn(const SlowPicture& slow, const Background& background, std::size_t tile, bool as_usual);
    void adopt(const SlowPicture& slow, const Background& background, std::size_t tile);
    std::size_t cellOf(std::size_t tile) const {
        return (tile / columns_) * 8 * stride_ + (tile % columns_) * 8;
    }
    void getToKnow(const SlowPicture& slow, const Background& background, int dt_ms);
    SceneState judge() const;
    /// Is the tile's structure told better by what shows at its place than by what shows beside it?
    bool inPlace(const SlowPicture& slow, std::size_t tile) const;
    /// Are most of the tiles that were asked?
    bool inPlace() const;
    /// Share of the variance of tile means that the usual picture explains, percent.
    int sameLayout() const;
    bool allBlack() const;
    bool looksUsual() const;
    bool flooded() const;
    /// Contrasts as strong as those that are gone: a cover, out of focus and badly lit, has none.
    bool showsOtherContrasts() const;
    void noteMoving(std::size_t moved_blocks, std::size_t blocks);
    void decide(SceneState seen, int dt_ms);

    std::size_t stride_ = 0, columns_ = 0, rows_ = 0;
    std::vector<std::uint8_t> usual_;     // how the scene looks, in cells
    std::vector<std::uint8_t> unlike_;    // per tile, for how many sweeps it has not looked so
    std::vector<std::uint8_t> noise_q4_;  // per tile, of the slow picture, mean difference when quiet
    FrozenWatch frozen_;
    Sweep sweep_;
    std::size_t next_tile_ = 0;
    bool known_ = false;  // how the scene usually looks
    int known_ms_ = 0;    // since the first picture, until it is
    int sweep_ms_ = 0;    // since the sweep began
    SceneState candidate_ = SceneState::Ok;
    SceneState state_ = SceneState::Ok;
    bool ask_places_ =
        false;  // the scene looks like another one: in this sweep tiles are asked for their place
    bool restless_ = false;     // more moves than usually: what is not kept says little
    int usually_moved_q4_ = 0;  // blocks, by noise, snow, rain
    bool refreshing_ = false;   // in this sweep what looks as usual is learnt anew
    int calm_ms_ = 0;
    std::uint32_t calm_light_ = 0;  // of the picture, when it became calm
    int same_light_ms_ = 0;         // since it changed last
    int candidate_ms_ = 0, state_ms_ = 0;
};

}  // namespace camgate::motion
