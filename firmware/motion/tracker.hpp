// Follows blobs from frame to frame and says which of them is real motion: seen for 0.4 s and moved by 1.6
// blocks from where it began, which insects, flicker and leaves do not. Integer arithmetic, fixed memory.
// One thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "motion/blobs.hpp"
#include "motion/motion_result.hpp"

namespace camgate::motion {

/// A candidate of this frame: one found blob, or several fragments of one object.
struct Observation {
    PixelBox box;
    int seeds = 0;
    int blocks = 0;
    int moving = 0;
    int flicker = 0;  ///< mean flicker memory under it, 0..255
};

/// Edges of a box on the small plane in 1/16 px.
struct Edges_q4 {
    std::int32_t left = 0, top = 0, right = 0, bottom = 0;
    std::int32_t middleX() const { return (left + right) / 2; }
    std::int32_t middleY() const { return (top + bottom) / 2; }
};

struct Track {
    std::uint32_t id = 0;
    PixelBox box;
    Edges_q4 now, from;  ///< displacement counts from there to now; `from` follows slowly
    std::int32_t speed_x_q4 = 0, speed_y_q4 = 0;  ///< 1/16 px per second
    std::int32_t seen_ms = 0;                     ///< seen moving; what changed once and stays is a ghost
    std::int32_t age_ms = 0, missed_ms = 0;
    std::int32_t in_place_ms = 0;  ///< without net displacement
    std::int32_t frozen_ms = 0;    ///< without any change between frames
    std::int32_t hits = 0;
    std::int32_t net_q4 = 0;  ///< net displacement now
    int flicker = 0;
    bool confirmed = false;
    bool ever_confirmed = false;
    bool observed = false;  ///< in this frame
};

class Tracker {
  public:
    static constexpr std::size_t kMostTracks = 64;

    void clear();
    /// Returns nothing; tracks() has the outcome. `rejected` counts candidates that ended without being
    /// motion.
    void follow(std::span<const FoundBlob> blobs, const Grid& grid, int dt_ms,
                std::array<std::uint16_t, static_cast<std::size_t>(Rejection::Count)>& rejected);
    std::span<const Track> tracks() const { return std::span(tracks_).first(count_); }
    /// The track of blob i of the last follow(), or -1.
    int trackOf(std::size_t blob) const { return owner_[blob]; }

  private:
    bool observe(Track& track, std::span<const FoundBlob> blobs, const Grid& grid, int dt_ms, int index);
    void update(Track& track, const Observation& seen, int dt_ms);
    void judge(Track& track, const Grid& grid, int dt_ms);
    void begin(const FoundBlob& blob, std::size_t index);

    std::array<Track, kMostTracks> tracks_{};
    std::size_t count_ = 0;
    std::uint32_t next_id_ = 1;
    std::array<std::int8_t, BlobFinder::kMostFound> owner_{};
};

}  // namespace camgate::motion
