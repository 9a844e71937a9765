// Turns a camera's presentation times, which may be missing, equal, jumping by hours or out of order, into a
// decode time that grows strictly and a presentation time that is never before it, both on the boot clock and
// close to the arrival. Never drops a frame. One mender per stream and connection. Method and bounds:
// docs/design/time.md. Owner's thread only.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "base/clock.hpp"

namespace camgate::media {

/// presentation <= arrival + kMaxEarly, and >= arrival - kMaxLate unless the picture waited for reordering.
/// Lateness over kSteadyLate that lasts is taken out; only a stalled network may cause more for a while.
constexpr Duration kMaxEarly = std::chrono::seconds(1);
constexpr Duration kSteadyLate = std::chrono::seconds(1);
constexpr Duration kMaxLate = std::chrono::seconds(5);
/// A time stamp this far off what the arrival says is a jump of the camera's clock.
constexpr Duration kJump = std::chrono::seconds(2);
/// Between decode times where frames crowd: 9 ticks of 90 kHz.
constexpr Duration kMinStep = std::chrono::microseconds(100);

struct MendedTimes {
    BootTime decode_time;
    BootTime presentation_time;
    bool mended = false;         ///< the camera's time was missing, impossible or could not be kept
    bool discontinuity = false;  ///< first frame, a jump, or a gap in front
};

class TimestampMender {
  public:
    /// From the sequence parameter set; absent if it does not say. Larger ones are learned when they show.
    void setReorderDepth(std::optional<std::uint8_t> depth);

    /// One call per frame, in decoding order.
    MendedTimes mend(std::optional<BootTime> pts, BootTime arrival);

    std::uint8_t reorderDepth() const { return depth_; }
    /// Median distance of frames in output order, as far as known.
    Duration frameInterval() const;

  private:
    /// The camera's time and what it became.
    struct Anchor {
        std::int64_t pts_ns;
        std::int64_t boot_ns;
    };
    enum class Place { Ahead, Between, Repeated, Jumped };

    Place placeOf(std::int64_t pts) const;
    std::int64_t leastStep() const;
    std::int64_t mapAhead(std::int64_t pts, std::int64_t arrival);
    std::int64_t mapBetween(std::int64_t pts) const;
    std::int64_t guess(std::int64_t arrival) const;
    std::int64_t anchorAnew(std::int64_t arrival);
    bool jumpsAhead(std::int64_t pts, std::int64_t arrival) const;
    void remember(std::int64_t pts, std::int64_t boot);
    void learnDepth(std::int64_t boot);
    void trackLateness(std::int64_t lateness, std::int64_t arrival);
    std::int64_t onTimeFor(std::int64_t boot) const;
    std::int64_t plainDecodeTimeFor(std::int64_t boot) const;
    std::int64_t decodeTimeFor(std::int64_t boot);

    std::uint8_t stated_depth_ = 0;
    std::uint8_t depth_ = 0;
    std::vector<Anchor> anchors_;             ///< newest of this clock, sorted
    std::vector<std::int64_t> outputs_;       ///< newest presentation times, sorted
    std::deque<std::int64_t> arrival_steps_;  ///< newest distances of arrivals
    std::int64_t last_pts_ = 0;
    std::int64_t last_arrival_ = 0;
    std::int64_t last_decode_ = 0;
    std::int64_t highest_ = 0;  ///< highest presentation time given out
    bool started_ = false;
    // Least lateness of the running and of the last whole window; what both exceed is no jitter.
    std::int64_t window_began_ = 0;
    std::optional<std::int64_t> window_least_;
    std::optional<std::int64_t> last_window_least_;
};

}  // namespace camgate::media
