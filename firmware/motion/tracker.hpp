// Follows blobs from frame to frame: which of them is the same thing as before. What a track must show to be
// real motion is the track's own business. Fixed memory. One thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "motion/track.hpp"

namespace camgate::motion {

class Tracker {
  public:
    static constexpr std::size_t kMostTracks = 64;

    void clear();
    /// Returns nothing; tracks() has the outcome. `lit_anew`: what comes up now is the light's doing and says
    /// nothing about weather. `rejected` counts candidates that ended without being motion.
    void follow(std::span<const FoundBlob> blobs, const Grid& grid, int dt_ms, bool lit_anew,
                RejectionCounts& rejected);
    std::span<const Track> tracks() const { return std::span(tracks_).first(count_); }
    std::span<Track> tracks() { return std::span(tracks_).first(count_); }
    /// The track of blob i of the last follow(), or -1.
    int trackOf(std::size_t blob) const { return owner_[blob]; }
    /// Over the last seconds.
    Unrest unrest() const { return {clutter_q8_ / 16, weak_q8_ / 16}; }

  private:
    bool observe(Track& track, std::span<const FoundBlob> blobs, const Grid& grid, int dt_ms, int index);
    void addFragments(Observation& seen, const PixelBox& expected, std::span<const FoundBlob> blobs,
                      int index);
    void dropGone(int dt_ms, RejectionCounts& rejected);
    bool countsAsClutter(const Track& track) const;
    void countWeak(std::span<const FoundBlob> blobs, int dt_ms);
    bool nearConfirmed(const PixelBox& box) const;
    bool besideStrong(const PixelBox& box) const;

    std::array<Track, kMostTracks> tracks_{};
    std::size_t count_ = 0;
    std::uint32_t next_id_ = 1;
    int clutter_q8_ = 0, weak_q8_ = 0;
    int looking_ms_ = 0;
    std::array<std::int8_t, BlobFinder::kMostFound> owner_{};
};

}  // namespace camgate::motion
