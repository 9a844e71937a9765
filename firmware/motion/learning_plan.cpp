#include "motion/learning_plan.hpp"

#include <algorithm>

namespace camgate::motion {
namespace {

constexpr int kLongestCandidate_ms = 3000;
constexpr int kStands_ms = 1000;
constexpr int kFaint_px = 7;  // changed, of the 64 of a block
constexpr int kNoiseShift = 5;
constexpr int kYoungNoiseShift = 3;
constexpr int kFaintNoiseShift = 7;  // somebody far away has left the block before it shows

Learning learningOf(BlockState state) {
    if (state == BlockState::Quiet) return Learning::Quiet;
    return state == BlockState::Lit || state == BlockState::Still ? Learning::Light : Learning::Slow;
}

}  // namespace

void LearningPlan::follow(const BlockStates& states, std::span<const Track> tracks,
                          const std::uint8_t* pixels, Background& background, SlowPicture& slow, bool young,
                          int dt_ms) {
    const Grid& grid = background.grid();
    for (std::size_t i = 0; i < learning_.size(); ++i) {
        learning_[i] = learningOf(states[i]);
        const bool faint = states[i] != BlockState::Lit && background.counts()[i] < kFaint_px;
        if (states[i] == BlockState::Quiet || (young && faint))
            slow.learnNoise(i, young ? kYoungNoiseShift : kNoiseShift);
        // Or what was once taken for calmer than it is would stay faintly different for ever.
        else if (states[i] == BlockState::Weak)
            slow.learnNoise(i, kFaintNoiseShift);
    }
    const auto holdUnderAll = [&](auto which) {
        for (const Track& track : tracks) {
            if (which(track)) holdUnder(track, states, grid);
        }
    };
    holdUnderAll([](const Track& track) { return track.confirmed; });
    noteFlicker(states, background);
    holdUnderAll([](const Track& t) { return !t.confirmed && t.age_ms <= kLongestCandidate_ms; });
    noteStill(states, slow, dt_ms);
    holdUnderAll([](const Track& track) { return track.confirmed; });
    background.learn(pixels, learning_, dt_ms);
    background.forgetFlicker(dt_ms);
}

void LearningPlan::settle(const std::uint8_t* pixels, Background& background, int dt_ms) {
    std::fill(learning_.begin(), learning_.end(), Learning::Settling);
    was_active_.assign(was_active_.size(), false);
    background.learn(pixels, learning_, dt_ms);
}

/// Nothing is learnt under a track, and one block around it: the soft border of an object must not be either.
void LearningPlan::holdUnder(const Track& track, const BlockStates& states, const Grid& grid) {
    forBlocksUnder(track.box.grown(kBlock_px / 2), grid, [&](std::size_t block) {
        if (states[block] != BlockState::Lit) learning_[block] = Learning::Hold;
    });
}

void LearningPlan::noteFlicker(const BlockStates& states, Background& background) {
    for (std::size_t i = 0; i < was_active_.size(); ++i) {
        const bool active = states[i] != BlockState::Quiet;
        if (active && !was_active_[i] && learning_[i] != Learning::Hold) background.addFlicker(i);
        was_active_[i] = active;
    }
}

/// What changed and then stands is the scene from now on, or what somebody left behind who is gone.
void LearningPlan::noteStill(const BlockStates& states, const SlowPicture& slow, int dt_ms) {
    for (std::size_t i = 0; i < still_ms_.size(); ++i) {
        still_ms_[i] =
            slow.moved(i) > 0 ? 0 : static_cast<std::uint16_t>(std::min(still_ms_[i] + dt_ms, 0xFFFF));
        if (states[i] != BlockState::Quiet && still_ms_[i] >= kStands_ms) learning_[i] = Learning::Light;
    }
}

}  // namespace camgate::motion
