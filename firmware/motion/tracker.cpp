#include "motion/tracker.hpp"

#include <algorithm>
#include <cstdlib>

namespace camgate::motion {
namespace {

constexpr int kOne_q4 = 16;
constexpr int kOtherSize = 4;  // an object does not become that many times bigger or smaller at once
constexpr int kMissedCandidate_ms = 300;
constexpr int kMissedFaint_ms = 1000;
constexpr int kMissedMotion_ms = 1000;
constexpr int kClutterMemory_ms = 15'000;
constexpr int kLongKnown_ms = 2500;
constexpr int kBornHits = 2;
constexpr int kFirstLook_ms = 1000;   // who is there already has not come up
constexpr int kLeastClutter_px = 50;  // area
constexpr int kFlickering = 16;
constexpr int kWeakMemory_ms = 3000;
constexpr int kMostClutter_q8 = 6 * 256;

void count(std::uint16_t& counter) {
    counter = static_cast<std::uint16_t>(std::min(counter + 1, 0xFFFF));
}

Observation seenAs(const FoundBlob& blob) {
    return {.box = blob.box,
            .seeds = blob.seeds,
            .blocks = blob.blocks,
            .moving = blob.moving,
            .changed_px = blob.changed_px,
            .lasting_percent = std::min(blob.lasting * 100 / std::max(blob.difference, 1), 100),
            .weak = blob.isWeak(),
            .flicker = blob.flicker_sum / std::max(blob.blocks, 1)};
}

}  // namespace

void Tracker::clear() {
    count_ = 0;
    looking_ms_ = 0;
}

void Tracker::follow(std::span<const FoundBlob> blobs, const Grid& grid, int dt_ms, bool lit_anew,
                     RejectionCounts& rejected) {
    owner_.fill(-1);
    // Those that are surely something choose first, then the older.
    // (Not stable_sort: that one allocates.)
    std::sort(tracks_.begin(), tracks_.begin() + static_cast<std::ptrdiff_t>(count_),
              [](const Track& a, const Track& b) {
                  if (a.confirmed != b.confirmed) return a.confirmed;
                  return a.seen_ms != b.seen_ms ? a.seen_ms > b.seen_ms : a.id < b.id;
              });
    looking_ms_ = lit_anew ? 0 : std::min(looking_ms_ + dt_ms, kFirstLook_ms);
    if (!lit_anew) countWeak(blobs, dt_ms);
    clutter_q8_ -= clutter_q8_ * std::min(dt_ms, kClutterMemory_ms) / kClutterMemory_ms;
    for (std::size_t i = 0; i < count_; ++i) {
        Track& track = tracks_[i];
        track.age_ms += dt_ms;
        track.observed = observe(track, blobs, grid, dt_ms, static_cast<int>(i));
        track.missed_ms = track.observed ? 0 : track.missed_ms + dt_ms;
        if (track.observed && track.hits == kBornHits && countsAsClutter(track))
            clutter_q8_ = std::min(clutter_q8_ + 256 * 1000 / kClutterMemory_ms, kMostClutter_q8);
        track.judge(grid, dt_ms, unrest());
    }
    dropGone(dt_ms, rejected);
    for (std::size_t b = 0; b < blobs.size() && count_ < kMostTracks; ++b) {
        if (owner_[b] >= 0 || (blobs[b].isWeak() && besideStrong(blobs[b].box))) continue;
        owner_[b] = static_cast<std::int8_t>(count_);
        Track& track = tracks_[count_++];
        track = Track();
        track.id = next_id_++;
        track.begin(seenAs(blobs[b]));
    }
}

/// Something new in the middle of nowhere that flies, and does not flicker on the spot.
bool Tracker::countsAsClutter(const Track& track) const {
    const int speed_q4 = std::max(std::abs(track.speed_x_q4), std::abs(track.speed_y_q4));
    const bool flies = 2 * speed_q4 > longerSide(track.box) * kOne_q4;
    return looking_ms_ == kFirstLook_ms && flies && !track.weak && track.box.area() >= kLeastClutter_px &&
           track.flicker < kFlickering && !nearConfirmed(track.box);
}

void Tracker::countWeak(std::span<const FoundBlob> blobs, int dt_ms) {
    int weak = 0;
    for (const FoundBlob& blob : blobs) weak += blob.isWeak() && !nearConfirmed(blob.box) ? 1 : 0;
    weak_q8_ += (weak * 256 - weak_q8_) * std::min(dt_ms, kWeakMemory_ms) / kWeakMemory_ms;
}

bool Tracker::nearConfirmed(const PixelBox& box) const {
    return std::any_of(tracks_.begin(), tracks_.begin() + static_cast<std::ptrdiff_t>(count_),
                       [&box](const Track& track) {
                           return track.ever_confirmed && track.age_ms > kLongKnown_ms &&
                                  track.box.grown(3 * kBlock_px).overlap(box) > 0;
                       });
}

/// What is faint beside something clear is its trail: the slow eye still sees where it was.
bool Tracker::besideStrong(const PixelBox& box) const {
    return std::any_of(
        tracks_.begin(), tracks_.begin() + static_cast<std::ptrdiff_t>(count_), [&box](const Track& track) {
            return track.observed && !track.faint() && track.box.grown(2 * kBlock_px).overlap(box) > 0;
        });
}

void Tracker::dropGone(int dt_ms, RejectionCounts& rejected) {
    const auto gone = [&](const Track& track) {
        const int patience_ms = track.confirmed ? kMissedMotion_ms
                                : track.faint() ? kMissedFaint_ms
                                                : kMissedCandidate_ms;
        const int longest = std::max(patience_ms, dt_ms + 1);
        if (track.missed_ms < longest) return false;
        if (track.ever_confirmed) return true;
        count(rejected[static_cast<std::size_t>(track.lacks)]);
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
}

bool Tracker::observe(Track& track, std::span<const FoundBlob> blobs, const Grid& grid, int dt_ms,
                      int index) {
    const int since_ms = dt_ms + track.missed_ms;
    const PixelBox expected = track.expectedAfter(since_ms);
    // A car crosses the picture in a second; until the speed is known anything up to that may be the same.
    const int slack =
        kBlock_px + (track.hits < 3 ? grid.width_px : grid.width_px / 4) * std::min(since_ms, 1000) / 1000;
    const PixelBox reach = expected.grown(slack);
    const Edges_q4 there = Edges_q4::of(expected);
    int best = -1;
    std::int32_t best_cost = 0;
    for (std::size_t b = 0; b < blobs.size(); ++b) {
        if (owner_[b] >= 0 || blobs[b].box.overlap(reach) == 0) continue;
        if (blobs[b].isWeak() && (!track.faint() || besideStrong(blobs[b].box))) continue;
        const int area = blobs[b].box.area();
        const bool like = area <= kOtherSize * track.box.area() && track.box.area() <= kOtherSize * area;
        if (!like && blobs[b].box.overlap(expected) == 0) continue;
        const Edges_q4 edges = Edges_q4::of(blobs[b].box);
        // Of two as near, the bigger: fragments come and go beside the body.
        const std::int32_t cost =
            distance(edges.middleX() - there.middleX(), edges.middleY() - there.middleY()) -
            blobs[b].blocks * kOne_q4;
        if (best < 0 || cost < best_cost) {
            best = static_cast<int>(b);
            best_cost = cost;
        }
    }
    if (best < 0) return false;
    owner_[static_cast<std::size_t>(best)] = static_cast<std::int8_t>(index);
    Observation seen = seenAs(blobs[static_cast<std::size_t>(best)]);
    addFragments(seen, expected, blobs, index);
    track.update(seen, since_ms);
    return true;
}

void Tracker::addFragments(Observation& seen, const PixelBox& expected, std::span<const FoundBlob> blobs,
                           int index) {
    int covered = seen.box.area();
    for (std::size_t b = 0; b < blobs.size(); ++b) {
        const FoundBlob& blob = blobs[b];
        if (owner_[b] >= 0 || blob.box.overlap(expected.grown(kBlock_px / 2)) * 2 < blob.box.area()) continue;
        const PixelBox both = seen.box.joined(blob.box);
        if ((covered + blob.box.area()) * 5 < both.area() * 2) continue;
        owner_[b] = static_cast<std::int8_t>(index);
        covered += blob.box.area();
        seen.box = both;
        seen.seeds += blob.seeds;
        seen.blocks += blob.blocks;
        seen.moving += blob.moving;
        seen.changed_px += blob.changed_px;
    }
}

}  // namespace camgate::motion
