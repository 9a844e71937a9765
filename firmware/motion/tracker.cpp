#include "motion/tracker.hpp"

#include <algorithm>
#include <cstdlib>

namespace camgate::motion {
namespace {

constexpr int kOne_q4 = 16;
constexpr int kNeededSeen_ms = 400;
constexpr int kNeededNet_q4 = kBlock_px * kOne_q4 * 8 / 5;  // 1.6 blocks
constexpr int kNeededHits = 2;                              // at 1 fps two frames must do
constexpr int kMostCredit_ms = 250;                         // a gap in the frames is no evidence
constexpr int kFollow_ms = 4000;  // the starting point follows with this time constant
constexpr int kInPlace_q4 = kBlock_px * kOne_q4 / 2;
constexpr int kMostInPlace_ms = 10'000;
constexpr int kMostFrozen_ms = 1500;
constexpr int kOtherSize = 4;  // an object does not become that many times bigger or smaller at once
constexpr int kMissedCandidate_ms = 300;
constexpr int kMissedMotion_ms = 1000;
constexpr int kFlickering = 96;

std::int32_t distance_q4(std::int32_t dx, std::int32_t dy) {
    // Within 4 % of the root: the longer side plus 3/8 of the shorter, good enough against 1.6 blocks.
    const std::int32_t x = std::abs(dx);
    const std::int32_t y = std::abs(dy);
    return std::max(x, y) * 15 / 16 + std::min(x, y) * 3 / 8;
}

Edges_q4 edgesOf(const PixelBox& box) {
    return {box.left * kOne_q4, box.top * kOne_q4, box.right * kOne_q4, box.bottom * kOne_q4};
}

/// How far both edges went the same way: what only grows or shrinks has not moved. Something that enters or
/// leaves has one edge at the border; then its middle must do.
std::int32_t rigidShift_q4(std::int32_t low_from, std::int32_t low, std::int32_t high_from, std::int32_t high,
                           std::int32_t side) {
    const bool at_border =
        low_from <= kOne_q4 || low <= kOne_q4 || high_from >= side - kOne_q4 || high >= side - kOne_q4;
    const std::int32_t by_low = low - low_from;
    const std::int32_t by_high = high - high_from;
    if (at_border) return (by_low + by_high) / 2;
    if ((by_low > 0) != (by_high > 0)) return 0;
    return std::abs(by_low) < std::abs(by_high) ? by_low : by_high;
}

void moveTowards(std::int32_t& value, std::int32_t goal, int step_ms) {
    value += (goal - value) * step_ms / kFollow_ms;
}

void count(std::uint16_t& counter) {
    counter = static_cast<std::uint16_t>(std::min(counter + 1, 0xFFFF));
}

}  // namespace

void Tracker::clear() {
    count_ = 0;
}

void Tracker::follow(std::span<const FoundBlob> blobs, const Grid& grid, int dt_ms,
                     std::array<std::uint16_t, static_cast<std::size_t>(Rejection::Count)>& rejected) {
    owner_.fill(-1);
    // Those that are surely something choose first, then the older.
    // (Not stable_sort: that one allocates.)
    std::sort(tracks_.begin(), tracks_.begin() + static_cast<std::ptrdiff_t>(count_),
              [](const Track& a, const Track& b) {
                  if (a.confirmed != b.confirmed) return a.confirmed;
                  return a.seen_ms != b.seen_ms ? a.seen_ms > b.seen_ms : a.id < b.id;
              });
    for (std::size_t i = 0; i < count_; ++i) {
        Track& track = tracks_[i];
        track.age_ms += dt_ms;
        track.observed = observe(track, blobs, grid, dt_ms, static_cast<int>(i));
        track.missed_ms = track.observed ? 0 : track.missed_ms + dt_ms;
        judge(track, grid, dt_ms);
    }
    const auto gone = [&rejected, dt_ms](const Track& track) {
        const int longest = std::max(track.confirmed ? kMissedMotion_ms : kMissedCandidate_ms, dt_ms + 1);
        if (track.missed_ms < longest) return false;
        if (track.ever_confirmed) return true;
        const Rejection why = track.flicker >= kFlickering     ? Rejection::Flicker
                              : track.seen_ms < kNeededSeen_ms ? Rejection::TooShort
                                                               : Rejection::NoDisplacement;
        count(rejected[static_cast<std::size_t>(why)]);
        return true;
    };
    // Numbers in owner_ must stay true: gone tracks own no blob, so only those behind them move up.
    std::array<std::int8_t, kMostTracks> moved{};
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count_; ++i) {
        moved[i] = static_cast<std::int8_t>(kept);
        if (gone(tracks_[i])) continue;
        tracks_[kept++] = tracks_[i];
    }
    count_ = kept;
    for (auto& owner : owner_) {
        if (owner >= 0) owner = moved[static_cast<std::size_t>(owner)];
    }
    for (std::size_t b = 0; b < blobs.size(); ++b) {
        if (owner_[b] < 0 && count_ < kMostTracks) begin(blobs[b], b);
    }
}

bool Tracker::observe(Track& track, std::span<const FoundBlob> blobs, const Grid& grid, int dt_ms,
                      int index) {
    const int since_ms = dt_ms + track.missed_ms;
    const PixelBox expected = track.box.movedBy(track.speed_x_q4 * since_ms / (1000 * kOne_q4),
                                                track.speed_y_q4 * since_ms / (1000 * kOne_q4));
    // A car crosses the picture in a second; until the speed is known anything up to that may be the same.
    const int slack =
        kBlock_px + (track.hits < 3 ? grid.width_px : grid.width_px / 4) * std::min(since_ms, 1000) / 1000;
    const PixelBox reach = expected.grown(slack);
    const std::int32_t x = edgesOf(expected).middleX();
    const std::int32_t y = edgesOf(expected).middleY();
    int best = -1;
    std::int32_t best_distance = 0;
    for (std::size_t b = 0; b < blobs.size(); ++b) {
        if (owner_[b] >= 0 || blobs[b].box.overlap(reach) == 0) continue;
        const int area = blobs[b].box.area();
        const bool like = area <= kOtherSize * track.box.area() && track.box.area() <= kOtherSize * area;
        if (!like && blobs[b].box.overlap(expected) == 0) continue;
        const Edges_q4 edges = edgesOf(blobs[b].box);
        const std::int32_t away = distance_q4(edges.middleX() - x, edges.middleY() - y);
        // Of two as near, the bigger: fragments come and go beside the body.
        const std::int32_t cost = away - blobs[b].blocks * kOne_q4;
        if (best < 0 || cost < best_distance) {
            best = static_cast<int>(b);
            best_distance = cost;
        }
    }
    if (best < 0) return false;
    const FoundBlob& first = blobs[static_cast<std::size_t>(best)];
    owner_[static_cast<std::size_t>(best)] = static_cast<std::int8_t>(index);
    Observation seen{first.box, first.seeds, first.blocks, first.moving,
                     first.flicker_sum / std::max(first.blocks, 1)};
    int covered = first.box.area();
    for (std::size_t b = 0; b < blobs.size(); ++b) {
        if (owner_[b] >= 0 || blobs[b].box.overlap(expected.grown(kBlock_px / 2)) * 2 < blobs[b].box.area())
            continue;
        const PixelBox both = seen.box.joined(blobs[b].box);
        if ((covered + blobs[b].box.area()) * 5 < both.area() * 2) continue;
        owner_[b] = static_cast<std::int8_t>(index);
        covered += blobs[b].box.area();
        seen.box = both;
        seen.seeds += blobs[b].seeds;
        seen.blocks += blobs[b].blocks;
        seen.moving += blobs[b].moving;
    }
    update(track, seen, since_ms);
    return true;
}

void Tracker::update(Track& track, const Observation& seen, int dt_ms) {
    const Edges_q4 edges = edgesOf(seen.box);
    if (dt_ms > 0) {
        const int weight = track.hits < 3 ? 2 : 4;
        track.speed_x_q4 +=
            ((edges.middleX() - track.now.middleX()) * 1000 / dt_ms - track.speed_x_q4) / weight;
        track.speed_y_q4 +=
            ((edges.middleY() - track.now.middleY()) * 1000 / dt_ms - track.speed_y_q4) / weight;
    }
    track.box = seen.box;
    track.now = edges;
    // A sixteenth: of a person who stands, often only an arm moves.
    const bool moves = seen.moving > 0 && seen.moving * 16 >= seen.blocks;
    if (moves) track.seen_ms += std::min(dt_ms, kMostCredit_ms);
    track.frozen_ms = moves ? 0 : track.frozen_ms + dt_ms;
    ++track.hits;
    track.flicker = std::max(seen.flicker, track.flicker * 7 / 8);
}

void Tracker::judge(Track& track, const Grid& grid, int dt_ms) {
    track.net_q4 = distance_q4(rigidShift_q4(track.from.left, track.now.left, track.from.right,
                                             track.now.right, grid.width_px * kOne_q4),
                               rigidShift_q4(track.from.top, track.now.top, track.from.bottom,
                                             track.now.bottom, grid.height_px * kOne_q4));
    const int step_ms = std::min(dt_ms, kFollow_ms / 4);
    moveTowards(track.from.left, track.now.left, step_ms);
    moveTowards(track.from.top, track.now.top, step_ms);
    moveTowards(track.from.right, track.now.right, step_ms);
    moveTowards(track.from.bottom, track.now.bottom, step_ms);
    track.in_place_ms = track.net_q4 < kInPlace_q4 ? track.in_place_ms + dt_ms : 0;
    if (track.observed && track.seen_ms >= kNeededSeen_ms && track.hits >= kNeededHits &&
        track.net_q4 >= kNeededNet_q4) {
        track.confirmed = true;
        track.ever_confirmed = true;
    }
    if (!track.confirmed || (track.in_place_ms < kMostInPlace_ms && track.frozen_ms < kMostFrozen_ms)) return;
    track.confirmed = false;
    track.seen_ms = 0;
    track.from = track.now;
}

void Tracker::begin(const FoundBlob& blob, std::size_t index) {
    Track track;
    track.id = next_id_++;
    track.box = blob.box;
    track.now = track.from = edgesOf(blob.box);
    track.hits = 1;
    track.flicker = blob.flicker_sum / std::max(blob.blocks, 1);
    track.observed = true;
    owner_[index] = static_cast<std::int8_t>(count_);
    tracks_[count_++] = track;
}

}  // namespace camgate::motion
