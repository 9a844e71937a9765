// Which frame of the file a decoded picture is, and when it was taken. Frames are numbered in the order in
// which a decoder hands them out, which is how everybody counts them; what could not be decoded keeps its
// number. Files without presentation times (AVI) are numbered by that order alone. Any thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <set>

#include "base/clock.hpp"

namespace camgate::replay {

/// What the file says of one unit's time; each may be missing.
struct UnitTimes {
    std::optional<Duration> presentation;
    std::optional<Duration> decode;
};

struct FrameTime {
    std::int64_t frame = 0;
    BootTime time;
    bool operator==(const FrameTime&) const = default;
};

class FrameBook {
  public:
    /// Where a file starts: late enough for any pre-roll, early enough for any length.
    static constexpr BootTime kStart{std::chrono::hours(1)};

    /// The next unit in the file's order. The time that it goes to the decoder with: missing, doubled and
    /// impossible times are mended with `period`.
    BootTime addUnit(const UnitTimes& times, Duration period);
    /// The next picture of the decoder, by its unit's time. Nothing: a frame that was handed out before.
    std::optional<FrameTime> onPicture(BootTime time);
    std::int64_t frames() const;
    /// From the first frame to the last one.
    Duration length() const;

  private:
    std::optional<BootTime> believable(const UnitTimes& times, Duration period);

    mutable std::mutex mutex_;
    std::set<BootTime> pending_;  // units whose pictures did not come yet
    std::optional<BootTime> earliest_, latest_;
    Duration shift_{0};  // what jumps back in the file's times have added up to
    std::int64_t units_ = 0;
    std::int64_t next_frame_ = 0;
    bool by_order_ = false;
};

}  // namespace camgate::replay
