#include "motion/scene_watch.hpp"

#include <algorithm>

#include "motion/kernels.hpp"
#include "motion/texture.hpp"

namespace camgate::motion {
namespace {

constexpr std::size_t kTile = 8;  // cells a side
constexpr int kTileArea = 64;
constexpr int kSweep_ms = 500;
constexpr int kKnown_ms = 2000;
constexpr int kRefresh_ms = 8000;
constexpr int kOnset_ms = 3000;
constexpr int kRelease_ms = 1500;
constexpr int kAdopt_ms = 600'000;           // a new view becomes the usual one
constexpr std::uint8_t kUnlikeSweeps = 120;  // a minute: something that was put there
constexpr std::int64_t kLeastStructure = 4096 * 3 / 2;
constexpr std::int64_t kLeastLeft = 4096 / 4;
constexpr std::size_t kRestless_percent = 6;
constexpr int kLeastTextured = 8;
constexpr std::uint32_t kDark = 20 * kTileArea;
constexpr std::uint32_t kBright = 235 * kTileArea;

int sharpness(const std::uint8_t* cells, std::size_t stride) {
    return kernels().blockSad(cells, cells + 1, stride) + kernels().blockSad(cells, cells + stride, stride);
}

}  // namespace

SceneWatch::SceneWatch(const Grid& grid, const SlowPicture& slow)
    : stride_(slow.stride()),
      // The last tile of a row or column has no neighbours to tell its sharpness by.
      columns_((grid.stride() / kCell_px - 1) / kTile),
      rows_((static_cast<std::size_t>(grid.rows) * kCells - 1) / kTile),
      usual_(rows_ * kTile * stride_),
      unlike_(std::max<std::size_t>(columns_ * rows_, 1)),
      frozen_(grid.blocks()) {}

void SceneWatch::step(const SlowPicture& slow, const Background& background,
                      std::span<const std::uint16_t> sums, int dt_ms) {
    frozen_.step(sums, dt_ms);
    sweep_ms_ += dt_ms;
    if (known_ms_ < kKnown_ms) {
        known_ms_ += dt_ms;
        if (known_ms_ >= kKnown_ms) {
            for (std::size_t tile = 0; tile < columns_ * rows_; ++tile) adopt(background, tile);
        }
    }
    const std::size_t tiles = columns_ * rows_;
    const std::size_t due = tiles * static_cast<std::size_t>(std::min(dt_ms, kSweep_ms)) / kSweep_ms + 1;
    for (std::size_t i = 0; i < due && next_tile_ < tiles; ++i) look(slow, background, next_tile_++);
    if (next_tile_ < tiles) return;
    restless_ = slow.movedBlocks() * 100 > sums.size() * kRestless_percent;
    decide(judge(), sweep_ms_);
    const bool calm =
        state_ == SceneState::Ok && candidate_ == SceneState::Ok && !frozen_.still() && looksUsual();
    calm_ms_ = calm && !refreshing_ ? calm_ms_ + sweep_ms_ : 0;
    refreshing_ = calm_ms_ >= kRefresh_ms;
    next_tile_ = 0;
    sweep_ms_ = 0;
    sweep_ = {};
}

void SceneWatch::look(const SlowPicture& slow, const Background& background, std::size_t tile) {
    const std::size_t at = cellOf(tile);
    const std::uint8_t* now = slow.cells() + at;
    const std::uint8_t* usual = usual_.data() + at;
    const BlockMoments sums = kernels().blockMoments(now, usual, stride_);
    ++sweep_.tiles;
    sweep_.dark += sums.now <= kDark ? 1 : 0;
    sweep_.bright += sums.now >= kBright ? 1 : 0;
    sweep_.now += sums.now;
    sweep_.usual += sums.before;
    sweep_.now_now += std::int64_t{sums.now} * sums.now;
    sweep_.usual_usual += std::int64_t{sums.before} * sums.before;
    sweep_.now_usual += std::int64_t{sums.now} * sums.before;
    const Structure structure = structureOf(sums);
    if (structure.before < kLeastStructure) {
        learn(background, tile, structure.now < 4 * kLeastStructure);
        return;
    }
    ++sweep_.textured;
    // An IR filter may turn dark into bright: the sign does not matter.
    const bool kept = structure.now >= kLeastLeft && 4 * structure.common / 64 * (structure.common / 64) >=
                                                         structure.before / 64 * (structure.now / 64);
    const bool dull = sharpness(now, stride_) * 2 < sharpness(usual, stride_);
    sweep_.kept += kept ? 1 : 0;
    sweep_.dull += dull ? 1 : 0;
    learn(background, tile, kept && !dull);
}

void SceneWatch::learn(const Background& background, std::size_t tile, bool as_usual) {
    auto& unlike = unlike_[tile];
    unlike = as_usual ? 0 : static_cast<std::uint8_t>(std::min(unlike + 1, 255));
    if (refreshing_ && (as_usual || unlike >= kUnlikeSweeps)) adopt(background, tile);
}

/// The background knows no noise and no flakes.
void SceneWatch::adopt(const Background& background, std::size_t tile) {
    const std::size_t stride_px = background.grid().stride();
    const std::size_t top_px = (tile / columns_) * kTile * kCell_px;
    const std::size_t left_px = (tile % columns_) * kTile * kCell_px;
    for (std::size_t y = 0; y < kTile; ++y) {
        kernels().boxRow(kCell_px, background.pixels() + (top_px + y * kCell_px) * stride_px + left_px,
                         stride_px, usual_.data() + cellOf(tile) + y * stride_, kTile);
    }
}

SceneState SceneWatch::judge() const {
    const Sweep& s = sweep_;
    if (known_ms_ < kKnown_ms || s.tiles == 0) return SceneState::Ok;
    const bool known = s.textured >= kLeastTextured && s.textured * 25 >= s.tiles;
    const auto part = [&s](int count) { return count * 100 / std::max(s.textured, 1); };
    const bool lost = !known || part(s.kept) < 25;
    if (s.dark * 100 >= s.tiles * 98 && lost) return SceneState::Black;
    if (s.bright * 100 >= s.tiles * 70 && (lost || part(s.dull) >= 60)) return SceneState::Overexposed;
    // A black picture and a flooded one stand still as well.
    if (frozen_.frozen()) return SceneState::Frozen;
    if (!known) return SceneState::Ok;
    const double n = s.tiles;
    const double cross =
        static_cast<double>(s.now_usual) * n - static_cast<double>(s.now) * static_cast<double>(s.usual);
    const double now_var =
        static_cast<double>(s.now_now) * n - static_cast<double>(s.now) * static_cast<double>(s.now);
    const double usual_var =
        static_cast<double>(s.usual_usual) * n - static_cast<double>(s.usual) * static_cast<double>(s.usual);
    const bool same_layout = cross > 0 && cross * cross > 0.6 * now_var * usual_var;
    const bool other_layout = cross <= 0 || cross * cross < 0.6 * now_var * usual_var;
    // A flood of light that exposure control has already fought: far brighter, and much of the scene gone.
    if (s.now * 2 > s.usual * 5 && part(s.kept) < 85 && other_layout) return SceneState::Overexposed;
    if (part(s.kept) < 40 && same_layout && !restless_) return SceneState::Blurred;
    if (part(s.dull) >= 70 && same_layout && part(s.kept) < 75) return SceneState::Blurred;
    if (part(s.kept) < 25 || (part(s.kept) < 50 && other_layout))
        return part(s.dull) >= 45 ? SceneState::Covered : SceneState::Moved;
    return SceneState::Ok;
}

bool SceneWatch::looksUsual() const {
    return sweep_.kept * 100 >= sweep_.textured * 70 && sweep_.dull * 100 <= sweep_.textured * 30;
}

void SceneWatch::decide(SceneState seen, int dt_ms) {
    candidate_ms_ = seen == candidate_ ? candidate_ms_ + dt_ms : 0;
    candidate_ = seen;
    state_ms_ += dt_ms;
    const int needed_ms = seen == SceneState::Ok ? kRelease_ms : seen == SceneState::Frozen ? 0 : kOnset_ms;
    if (seen != state_ && candidate_ms_ >= needed_ms) {
        state_ = seen;
        state_ms_ = 0;
    }
    const bool view_lost =
        state_ == SceneState::Covered || state_ == SceneState::Moved || state_ == SceneState::Blurred;
    if (!view_lost || state_ms_ < kAdopt_ms) return;
    known_ms_ = 0;
    state_ = SceneState::Ok;
}

}  // namespace camgate::motion
