#include "motion/block_states.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "motion/texture.hpp"

namespace camgate::motion {
namespace {

constexpr int kSeedPixels = 14;
constexpr int kGrowthPixels = 7;
constexpr int kLooked = 24;
constexpr std::size_t kLookEvery = 3;
constexpr int kMovingCells = 2;
constexpr int kAround = 2;  // blocks
constexpr int kSwayFlicker = 32;

/// Seen by the slow eye even if the light of the block changed as it did around it: at a distance of two
/// blocks, where somebody who is two blocks wide is not.
bool standsOut(const SceneView& scene, std::size_t block, bool expected) {
    const Grid& grid = scene.grid();
    const int column = static_cast<int>(block % static_cast<std::size_t>(grid.columns));
    const int row = static_cast<int>(block / static_cast<std::size_t>(grid.columns));
    std::array<int, 8 * kAround> around{};
    std::size_t n = 0;
    for (int y = std::max(row - kAround, 0); y <= std::min(row + kAround, grid.rows - 1); ++y) {
        for (int x = std::max(column - kAround, 0); x <= std::min(column + kAround, grid.columns - 1); ++x) {
            if (std::max(std::abs(x - column), std::abs(y - row)) < kAround) continue;
            const std::size_t i = grid.index(x, y);
            around[n++] = scene.small.sums()[i] - scene.background.sums()[i];
        }
    }
    const auto middle = around.begin() + static_cast<std::ptrdiff_t>(n / 2);
    std::nth_element(around.begin(), middle, around.begin() + static_cast<std::ptrdiff_t>(n));
    return scene.slow.standsOut(block, scene.background.pixels(), n > 0 ? *middle / kBlockArea_px : 0,
                                expected);
}

int unexplained(const SceneView& scene, std::size_t block) {
    return unexplainedPixels(scene.pixels(), scene.background.pixels(), scene.grid(), block,
                             scene.background.threshold(block));
}

void count(RejectionCounts& rejected, Rejection reason, int by) {
    auto& counter = rejected[static_cast<std::size_t>(reason)];
    counter = static_cast<std::uint16_t>(std::min(counter + by, 0xFFFF));
}

}  // namespace

std::size_t BlockStates::classify(const SceneView& scene, bool young, int dt_ms, RejectionCounts& rejected) {
    lookForShake(scene, dt_ms);
    const auto& counts = scene.background.counts();
    std::size_t changed = 0;
    int ignored = 0;
    int swaying = 0;
    for (std::size_t i = 0; i < states_.size(); ++i) {
        states_[i] = BlockState::Quiet;
        const bool weak = isWeak(scene, i);
        if (counts[i] < kGrowthPixels && !weak) continue;
        if (scene.zones.ignored(i)) {
            ignored += counts[i] >= kSeedPixels ? 1 : 0;
        } else if (swayed(scene, i)) {
            ++swaying;
        } else {
            changed += counts[i] >= kGrowthPixels ? 1 : 0;
            states_[i] = young && scene.slow.moved(i) < kMovingCells ? BlockState::Still
                         : weak                                      ? BlockState::Weak
                         : counts[i] >= kSeedPixels                  ? stateOf(scene, i)
                                                                     : BlockState::Growth;
        }
    }
    count(rejected, Rejection::IgnoreZone, ignored);
    count(rejected, Rejection::Sway, swaying);
    return changed;
}

bool BlockStates::isWeak(const SceneView& scene, std::size_t block) const {
    if (sway_.shaking() || scene.background.counts()[block] >= kSeedPixels) return false;
    const bool expected = expected_[block] != 0;
    return (expected || scene.slow.counts()[block] > 0) && standsOut(scene, block, expected);
}

BlockState BlockStates::stateOf(const SceneView& scene, std::size_t block) const {
    const std::size_t at = scene.grid().pixelOf(block);
    switch (compareSurface(scene.pixels() + at, scene.background.pixels() + at, scene.grid().stride(),
                           scene.background.noise_q4(block))) {
        case Surface::New:
            return BlockState::Seed;
        case Surface::Unclear:
            return BlockState::FlatSeed;
        case Surface::SameUnderOtherLight:
            return BlockState::Lit;
    }
    return BlockState::Seed;
}

/// Looks at some of the changed blocks: are most of them only moved?
void BlockStates::lookForShake(const SceneView& scene, int dt_ms) {
    int looked_at = 0;
    int explained = 0;
    const auto& counts = scene.background.counts();
    for (std::size_t i = look_from_; i < counts.size() && looked_at < kLooked; i += kLookEvery) {
        if (counts[i] < kSeedPixels) continue;
        ++looked_at;
        explained += unexplained(scene, i) < kGrowthPixels ? 1 : 0;
    }
    look_from_ = (look_from_ + 1) % kLookEvery;
    sway_.observe(looked_at, explained, dt_ms);
}

bool BlockStates::swayed(const SceneView& scene, std::size_t block) const {
    if (!sway_.shaking() && scene.background.flicker(block) < kSwayFlicker) return false;
    return unexplained(scene, block) < kGrowthPixels;
}

void BlockStates::expect(std::span<const Track> tracks, const Grid& grid, int dt_ms) {
    std::fill(expected_.begin(), expected_.end(), std::uint8_t{0});
    for (const Track& track : tracks) {
        if (!track.weak || track.confirmed) continue;
        forBlocksUnder(track.expectedAfter(track.missed_ms + dt_ms).grown(kBlock_px / 2), grid,
                       [this](std::size_t block) { expected_[block] = 1; });
    }
}

void BlockStates::markLit(std::span<const std::uint16_t> blocks) {
    for (const std::uint16_t block : blocks) {
        if (states_[block] != BlockState::Seed) states_[block] = BlockState::Lit;
    }
}

}  // namespace camgate::motion
