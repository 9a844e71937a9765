#include "motion/scene_watch.hpp"

#include <algorithm>
#include <bit>

#include "motion/kernels.hpp"
#include "motion/texture.hpp"

namespace camgate::motion {
namespace {

constexpr std::size_t kTile = 8;  // cells a side
constexpr int kTileArea = 64;
constexpr int kSweep_ms = 500;
constexpr int kKnown_ms = 6000, kKnownAtLast_ms = 12'000;
constexpr int kSettledLight_ms = 3000;
constexpr int kRefresh_ms = 8000;
constexpr int kOnset_ms = 4000;
constexpr int kRelease_ms = 1500;
constexpr int kAdopt_ms = 600'000;           // a new view becomes the usual one
constexpr std::uint8_t kUnlikeSweeps = 120;  // a minute: something that was put there
constexpr std::int64_t kLeastStructure = 4096 * 3 / 2;
constexpr std::int64_t kLeastLeft = 4096 / 4;
constexpr int kAside = 3;  // cells
constexpr std::size_t kRestless_percent = 6;
constexpr int kUsuallyMoved_sweeps = 16;
constexpr std::uint32_t kSameLight = 8;  // a part
constexpr int kLeastTextured = 8;
constexpr int kKept_parts = 4;  // of the product of both pictures' structure they must have one in common
constexpr int kKept_percent = 75;
constexpr int kPale_percent = 60;
constexpr int kWeakened_percent = 25;
constexpr int kEmpty_percent = 40;
constexpr int kStrange_percent = 20;
constexpr int kSameLayout_percent = 80;
constexpr int kWeakCover_parts = 8;
constexpr int kWhite_percent = 40;
constexpr int kBlack_percent = 94;  // a clock may shine
constexpr std::int64_t kBlackSpread = kTileArea * kTileArea * 12 / 10;
constexpr std::uint32_t kDark = 20 * kTileArea;
constexpr std::uint32_t kBright = 235 * kTileArea;

bool litAlike(std::uint32_t a, std::uint32_t b) {
    return a <= b + b / kSameLight && b <= a + a / kSameLight;
}

}  // namespace

SceneWatch::SceneWatch(const Grid& grid, const SlowPicture& slow)
    : stride_(slow.stride()),
      // The last tile of a row or column has no neighbours to tell its sharpness by.
      columns_((grid.stride() / kCell_px - 1) / kTile),
      rows_((static_cast<std::size_t>(grid.rows) * kCells - 1) / kTile),
      usual_(rows_ * kTile * stride_),
      unlike_(std::max<std::size_t>(columns_ * rows_, 1)),
      noise_q4_(unlike_.size()),
      frozen_(grid.blocks()) {}

void SceneWatch::step(const SlowPicture& slow, const Background& background,
                      std::span<const std::uint16_t> sums, int dt_ms) {
    frozen_.step(sums, dt_ms);
    sweep_ms_ += dt_ms;
    if (!known_) getToKnow(slow, background, dt_ms);
    // A flood of light begins as other light does: nothing is learnt of it while it grows.
    if (!litAlike(frozen_.lit(), calm_light_)) {
        calm_light_ = frozen_.lit();
        calm_ms_ = 0;
        same_light_ms_ = 0;
        refreshing_ = false;
    }
    same_light_ms_ = std::min(same_light_ms_ + dt_ms, kSettledLight_ms);
    const std::size_t tiles = columns_ * rows_;
    const std::size_t due = tiles * static_cast<std::size_t>(std::min(dt_ms, kSweep_ms)) / kSweep_ms + 1;
    for (std::size_t i = 0; i < due && next_tile_ < tiles; ++i) look(slow, background, next_tile_++);
    if (next_tile_ < tiles) return;
    noteMoving(slow.movedBlocks(), sums.size());
    const SceneState seen = judge();
    ask_places_ = seen == SceneState::Moved;
    decide(ask_places_ && inPlace() ? SceneState::Ok : seen, sweep_ms_);
    const bool calm =
        state_ == SceneState::Ok && candidate_ == SceneState::Ok && !frozen_.still() && looksUsual();
    calm_ms_ = calm && !refreshing_ ? calm_ms_ + sweep_ms_ : 0;
    refreshing_ = calm_ms_ >= kRefresh_ms;
    next_tile_ = 0;
    sweep_ms_ = 0;
    sweep_ = {};
}

/// A passer-by close to the camera moves more of the picture than noise, rain or snow, which go on for ever.
void SceneWatch::noteMoving(std::size_t moved_blocks, std::size_t blocks) {
    const int moved_q4 = static_cast<int>(moved_blocks) * 16;
    restless_ = (moved_q4 - usually_moved_q4_) * 100 > static_cast<int>(blocks * kRestless_percent) * 16;
    if (state_ == SceneState::Ok && candidate_ == SceneState::Ok)
        usually_moved_q4_ += (moved_q4 - usually_moved_q4_) / kUsuallyMoved_sweeps;
}

/// Not while somebody passes or the background follows new light, noise and all, if that can be helped.
void SceneWatch::getToKnow(const SlowPicture& slow, const Background& background, int dt_ms) {
    known_ms_ += dt_ms;
    const bool unsettled = restless_ || same_light_ms_ < kSettledLight_ms;
    known_ = known_ms_ >= (unsettled ? kKnownAtLast_ms : kKnown_ms);
    for (std::size_t tile = 0; known_ && tile < columns_ * rows_; ++tile) adopt(slow, background, tile);
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
    // The deviation of noise is 5/4 of its mean difference: 4096 * (5/4)^2 / 16^2 = 25.
    const std::int64_t noise = 25 * std::int64_t{noise_q4_[tile]} * noise_q4_[tile];
    if (sums.now <= kDark) {
        sweep_.dark_now += sums.now;
        sweep_.dark_now_now += std::int64_t{sums.now} * sums.now;
    }
    const std::int64_t left = std::max<std::int64_t>(structure.now - noise, 0);
    const std::int64_t shows = std::max(kLeastStructure, 3 * noise);
    if (structure.before < shows) {
        if (left >= shows) noteStrange(left);
        learn(slow, background, tile, structure.now < 4 * kLeastStructure);
        return;
    }
    ++sweep_.textured;
    const bool empty = left < kLeastLeft || left * 16 < structure.before;
    // An IR filter may turn dark into bright: the sign does not matter.
    const bool kept =
        structure.now >= kLeastLeft && kKept_parts * (structure.common / 64) * (structure.common / 64) >=
                                           structure.before / 64 * (structure.now / 64);
    const std::int64_t brighter_q4 = std::int64_t{sums.now} * 16 / std::max(sums.before, 1U);
    const bool pale = left / 16 * 256 * 4 < structure.before / 16 * brighter_q4 * brighter_q4;
    const bool beside = tile >= columns_ && tile % columns_ > 0;  // all around it
    if (ask_places_ && beside) {
        ++sweep_.asked;
        sweep_.in_place += inPlace(slow, tile) ? 1 : 0;
    }
    sweep_.kept += kept ? 1 : 0;
    if (!kept) ++sweep_.lost[strengthOf(structure.before)];
    if (left >= shows && !kept) noteStrange(left);
    sweep_.empty += empty ? 1 : 0;
    sweep_.pale += pale ? 1 : 0;
    learn(slow, background, tile, kept);
}

bool SceneWatch::inPlace(const SlowPicture& slow, std::size_t tile) const {
    const auto structureAt = [&](int right, int down) {
        const std::ptrdiff_t aside = down * static_cast<std::ptrdiff_t>(stride_) + right;
        return structureOf(kernels().blockMoments(slow.cells() + cellOf(tile) + aside,
                                                  usual_.data() + cellOf(tile), stride_));
    };
    const Structure here = structureAt(0, 0);
    if (here.now < kLeastLeft) return false;
    // What both have in common, squared, over the structure of what shows: a fifth more than anywhere beside.
    // In 64ths, so that the products fit into 63 bits.
    const std::int64_t here_common = here.common / 64;
    for (int i = 0; i < 9; ++i) {
        if (i == 4) continue;
        const Structure there = structureAt((i % 3 - 1) * kAside, (i / 3 - 1) * kAside);
        const std::int64_t there_common = there.common / 64;
        if (5 * here_common * here_common * (there.now / 64) <=
            6 * there_common * there_common * (here.now / 64))
            return false;
    }
    return true;
}

/// Infra-red light shows other surfaces in the same places; a view that was pushed has none of them.
bool SceneWatch::inPlace() const {
    if (sweep_.asked == 0) return false;
    const int in_place_percent = sweep_.in_place * 100 / sweep_.asked;
    return in_place_percent >= 50 || in_place_percent + sweep_.keptPercent() >= 100;
}

std::size_t SceneWatch::strengthOf(std::int64_t structure) {
    const auto steps = static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(structure) / 4096));
    return std::min(steps, Strengths{}.size() - 1);
}

void SceneWatch::noteStrange(std::int64_t structure) {
    ++sweep_.strange;
    ++sweep_.strange_of[strengthOf(structure)];
}

void SceneWatch::learn(const SlowPicture& slow, const Background& background, std::size_t tile,
                       bool as_usual) {
    auto& unlike = unlike_[tile];
    unlike = as_usual ? 0 : static_cast<std::uint8_t>(std::min(unlike + 1, 255));
    if (refreshing_ && (as_usual || unlike >= kUnlikeSweeps)) adopt(slow, background, tile);
}

/// The background knows no noise and no flakes.
void SceneWatch::adopt(const SlowPicture& slow, const Background& background, std::size_t tile) {
    const std::size_t stride_px = background.grid().stride();
    const std::size_t top_px = (tile / columns_) * kTile * kCell_px;
    const std::size_t left_px = (tile % columns_) * kTile * kCell_px;
    for (std::size_t y = 0; y < kTile; ++y) {
        kernels().boxRow(kCell_px, background.pixels() + (top_px + y * kCell_px) * stride_px + left_px,
                         stride_px, usual_.data() + cellOf(tile) + y * stride_, kTile);
    }
    const std::size_t block =
        background.grid().index(static_cast<int>(tile % columns_) * 2, static_cast<int>(tile / columns_) * 2);
    const auto columns = static_cast<std::size_t>(background.grid().columns);
    const int sum_q4 = slow.noise_q4(block) + slow.noise_q4(block + 1) + slow.noise_q4(block + columns) +
                       slow.noise_q4(block + columns + 1);
    noise_q4_[tile] = static_cast<std::uint8_t>(std::min(sum_q4 / 4, 255));
}

int SceneWatch::sameLayout() const {
    const Sweep& s = sweep_;
    const double n = s.tiles;
    const auto spread = [n](std::int64_t products, std::int64_t a, std::int64_t b) {
        return static_cast<double>(products) * n - static_cast<double>(a) * static_cast<double>(b);
    };
    const double common = spread(s.now_usual, s.now, s.usual);
    const double now = spread(s.now_now, s.now, s.now);
    const double usual = spread(s.usual_usual, s.usual, s.usual);
    return common <= 0 ? 0 : static_cast<int>(100 * common * common / (now * usual + 1));
}

/// A lens cap, a dead light: not even the slope that a hand or a cloth has.
bool SceneWatch::allBlack() const {
    const Sweep& s = sweep_;
    if (s.dark * 100 < s.tiles * kBlack_percent) return false;
    const std::int64_t spread = s.dark_now_now * s.dark - s.dark_now * s.dark_now;
    return spread <= std::int64_t{s.dark} * s.dark * kBlackSpread;
}

SceneState SceneWatch::judge() const {
    const Sweep& s = sweep_;
    if (!known_ || s.tiles == 0) return SceneState::Ok;
    const bool known = s.textured >= kLeastTextured && s.textured * 25 >= s.tiles;
    const auto part = [&s](int count) { return count * 100 / std::max(s.textured, 1); };
    const bool lost = !known || part(s.kept) < 25;
    if (lost && allBlack()) return SceneState::Black;
    if (s.bright * 100 >= s.tiles * 70 && (lost || part(s.empty) >= 60)) return SceneState::Overexposed;
    if (!known) return frozen_.frozen() ? SceneState::Frozen : SceneState::Ok;
    if (flooded()) return SceneState::Overexposed;
    const bool same_layout = sameLayout() >= kSameLayout_percent;
    // Under the usual light nothing but focus weakens structure.
    const bool weakened = litAlike(static_cast<std::uint32_t>(s.now), static_cast<std::uint32_t>(s.usual)) &&
                          part(s.pale - s.empty) >= kWeakened_percent;
    if (same_layout && (weakened || part(s.pale) >= kPale_percent)) return SceneState::Blurred;
    if (part(s.kept) >= kKept_percent) return frozen_.frozen() ? SceneState::Frozen : SceneState::Ok;
    // Where much of a scene is plain, a pushed camera empties tiles as well, but shows other structure
    // elsewhere.
    if (part(s.empty) >= kEmpty_percent && part(s.strange) < kStrange_percent) return SceneState::Covered;
    if (lost && !showsOtherContrasts()) return SceneState::Covered;
    // Sky, houses and street lie in bands: a camera that was turned aside shows the same layout.
    return same_layout && part(s.strange) < kStrange_percent ? SceneState::Ok : SceneState::Moved;
}

/// Light into the lens, though exposure control has already fought it: far brighter, but the contrast has not
/// grown with the level, neither of the structure nor of the layout. Light on the scene takes both with it.
bool SceneWatch::flooded() const {
    const Sweep& s = sweep_;
    if (s.usual == 0 || s.now <= s.usual * 2) return false;
    // It adds to what shows, or hides it in white; a cover hides it in grey.
    if (s.kept * 4 < s.textured && s.bright * 100 < s.tiles * kWhite_percent) return false;
    if (s.pale * 100 >= s.textured * kPale_percent) return true;
    const auto contrast = [n = static_cast<double>(s.tiles)](std::int64_t sum, std::int64_t squares) {
        return n * static_cast<double>(squares) / (static_cast<double>(sum) * static_cast<double>(sum)) - 1;
    };
    return contrast(s.now, s.now_now) * 2 < contrast(s.usual, s.usual_usual);
}

bool SceneWatch::showsOtherContrasts() const {
    const Sweep& s = sweep_;
    const int all_lost = s.textured - s.kept;
    int lost = 0, strange = 0;
    for (std::size_t i = s.lost.size(); i-- > 0 && lost * 3 < all_lost;) {
        lost += s.lost[i];
        strange += s.strange_of[i];
    }
    return strange * kWeakCover_parts >= lost;
}

bool SceneWatch::looksUsual() const {
    const int kept_percent = sweep_.keptPercent();
    return kept_percent >= 90 || (kept_percent >= 80 && sameLayout() >= kSameLayout_percent);
}

void SceneWatch::decide(SceneState seen, int dt_ms) {
    // What passes close by hides the scene as well, but not for long.
    candidate_ms_ = seen == candidate_ ? candidate_ms_ + (restless_ ? dt_ms / 2 : dt_ms) : 0;
    candidate_ = seen;
    state_ms_ += dt_ms;
    // The first picture after a black or plain one may still count as an encoder's keyframe.
    const int frozen_ms = state_ == SceneState::Ok ? 0 : kRelease_ms;
    const int needed_ms = seen == SceneState::Ok       ? kRelease_ms
                          : seen == SceneState::Frozen ? frozen_ms
                                                       : kOnset_ms;
    if (seen != state_ && candidate_ms_ >= needed_ms) {
        state_ = seen;
        state_ms_ = 0;
    }
    const bool view_lost =
        state_ == SceneState::Covered || state_ == SceneState::Moved || state_ == SceneState::Blurred;
    if (!view_lost || state_ms_ < kAdopt_ms) return;
    known_ = false;
    known_ms_ = 0;
    state_ = SceneState::Ok;
}

}  // namespace camgate::motion
