#include "base/clock.hpp"

#include <sys/timex.h>
#include <time.h>

#include <array>

namespace camgate {
namespace {

Duration readClock(clockid_t id) {
    timespec ts{};
    ::clock_gettime(id, &ts);
    return std::chrono::seconds(ts.tv_sec) + std::chrono::nanoseconds(ts.tv_nsec);
}

}  // namespace

std::string_view toString(WallQuality quality) {
    constexpr std::array<std::string_view, 3> names{"unsynced", "rtc", "ntp"};
    return names.at(static_cast<std::size_t>(quality));
}

TimeMap Clock::timeMap() const {
    const BootTime boot = bootNow();
    const WallReading wall = wallNow();
    return {wall.time.time_since_epoch() - boot.time_since_epoch(), wall.quality, wall.error_bound};
}

BootTime SystemClock::bootNow() const {
    return BootTime(readClock(CLOCK_BOOTTIME));
}

WallReading SystemClock::wallNow() const {
    timex state{};
    const int sync = ::adjtimex(&state);
    const bool synced = sync >= 0 && sync != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
    WallReading reading{WallTime(readClock(CLOCK_REALTIME)), WallQuality::Rtc, std::chrono::milliseconds(0)};
    // Before this firmware was written no clock can be right.
    constexpr WallTime kProjectStart{std::chrono::seconds(1'700'000'000)};
    if (reading.time < kProjectStart) {
        reading.quality = WallQuality::Unsynced;
    } else if (synced) {
        reading.quality = WallQuality::Ntp;
        reading.error_bound =
            std::chrono::ceil<std::chrono::milliseconds>(std::chrono::microseconds(state.maxerror));
    }
    return reading;
}

}  // namespace camgate
