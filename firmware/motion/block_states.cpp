#include "motion/block_states.hpp"

#include <algorithm>
#include <array>

#include "motion/texture.hpp"

namespace camgate::motion {
namespace {

constexpr int kSeedPixels = 14;
constexpr int kGrowthPixels = 7;
constexpr int kLooked = 24;
constexpr std::size_t kLookEvery = 3;
constexpr int kSwayReach_px = 2;
constexpr int kSwayFlicker = 32;

/// Seen by the slow eye even if the light around the block changed as it did around its neighbours.
bool standsOut(const SceneView& scene, std::size_t block) {
    const Grid& grid = scene.grid();
    const int column = static_cast<int>(block % static_cast<std::size_t>(grid.columns));
    const int row = static_cast<int>(block / static_cast<std::size_t>(grid.columns));
    std::array<int, 8> around{};
    std::size_t n = 0;
    for (int y = std::max(row - 1, 0); y <= std::min(row + 1, grid.rows - 1); ++y) {
        for (int x = std::max(column - 1, 0); x <= std::min(column + 1, grid.columns - 1); ++x) {
            if (x == column && y == row) continue;
            const std::size_t i = grid.index(x, y);
            around[n++] = scene.small.sums()[i] - scene.background.sums()[i];
        }
    }
    const auto middle = around.begin() + static_cast<std::ptrdiff_t>(n / 2);
    std::nth_element(around.begin(), middle, around.begin() + static_cast<std::ptrdiff_t>(n));
    return scene.slow.standsOut(block, scene.background.pixels(), n > 0 ? *middle / kBlockArea_px : 0);
}

int unexplained(const SceneView& scene, std::size_t block) {
    return unexplainedPixels(scene.pixels(), scene.background.pixels(), scene.grid(), block, kSwayReach_px,
                             scene.background.threshold(block));
}

void count(RejectionCounts& rejected, Rejection reason, int by) {
    auto& counter = rejected[static_cast<std::size_t>(reason)];
    counter = static_cast<std::uint16_t>(std::min(counter + by, 0xFFFF));
}

}  // namespace

std::size_t BlockStates::classify(const SceneView& scene, int dt_ms, RejectionCounts& rejected) {
    lookForShake(scene, dt_ms);
    const auto& counts = scene.background.counts();
    std::size_t changed = 0;
    int ignored = 0;
    int swaying = 0;
    for (std::size_t i = 0; i < states_.size(); ++i) {
        states_[i] = BlockState::Quiet;
        const bool weak =
            !sway_.shaking() && counts[i] < kSeedPixels && scene.slow.counts()[i] > 0 && standsOut(scene, i);
        if (counts[i] < kGrowthPixels && !weak) continue;
        if (scene.zones.ignored(i)) {
            ignored += counts[i] >= kSeedPixels ? 1 : 0;
        } else if (swayed(scene, i)) {
            ++swaying;
        } else {
            changed += counts[i] >= kGrowthPixels ? 1 : 0;
            states_[i] = counts[i] >= kSeedPixels ? stateOf(scene, i)
                         : weak                   ? BlockState::Weak
                                                  : BlockState::Growth;
        }
    }
    count(rejected, Rejection::IgnoreZone, ignored);
    count(rejected, Rejection::Sway, swaying);
    return changed;
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

void BlockStates::markLit(std::span<const std::uint16_t> blocks) {
    for (const std::uint16_t block : blocks) {
        if (states_[block] != BlockState::Seed) states_[block] = BlockState::Lit;
    }
}

}  // namespace camgate::motion
