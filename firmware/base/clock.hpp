// Two kinds of time, two types. BootTime orders things and measures durations (CLOCK_BOOTTIME, starts at 0
// with each boot); WallTime is what people and courts read, and is only as good as its quality says.
// Tests use FakeClock (tests/support). Implements docs/design/time.md. Any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

namespace camgate {

/// Tag clocks: there is no now(), readings come from a Clock.
struct BootClock {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<BootClock>;
    static constexpr bool is_steady = true;
};
struct WallClock {
    using duration = std::chrono::nanoseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<WallClock>;  // since 1970-01-01T00:00:00Z
    static constexpr bool is_steady = false;
};

using BootTime = BootClock::time_point;
using WallTime = WallClock::time_point;
using Duration = std::chrono::nanoseconds;

/// Within 146 years of zero. Times from a card or the network are refused beyond it, so that sums and
/// differences of any two fit 64 bits.
constexpr bool computable(Duration duration) {
    constexpr Duration kBound{std::int64_t{1} << 62U};
    return -kBound < duration && duration < kBound;
}
constexpr bool computable(std::chrono::milliseconds duration) {
    constexpr std::chrono::milliseconds kBound{(std::int64_t{1} << 62U) / 1'000'000};
    return -kBound < duration && duration < kBound;
}

enum class WallQuality : std::uint8_t { Unsynced = 0, Rtc = 1, Ntp = 2 };
std::string_view toString(WallQuality quality);

struct WallReading {
    WallTime time;
    WallQuality quality = WallQuality::Unsynced;
    std::chrono::milliseconds error_bound{0};  ///< known with Ntp only
};

/// wall = boot + offset, as known at one moment.
struct TimeMap {
    Duration offset{0};
    WallQuality quality = WallQuality::Unsynced;
    std::chrono::milliseconds error_bound{0};
    WallTime toWall(BootTime boot) const { return WallTime(boot.time_since_epoch() + offset); }
    BootTime toBoot(WallTime wall) const { return BootTime(wall.time_since_epoch() - offset); }
};

class Clock {
  public:
    virtual ~Clock() = default;
    virtual BootTime bootNow() const = 0;
    virtual WallReading wallNow() const = 0;
    TimeMap timeMap() const;
};

/// The machine's clocks. Quality comes from the kernel's synchronisation state (adjtimex).
class SystemClock final : public Clock {
  public:
    BootTime bootNow() const override;
    WallReading wallNow() const override;
};

}  // namespace camgate
