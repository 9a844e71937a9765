#include "base/local_time.hpp"

#include <array>
#include <cstdio>
#include <utility>

namespace camgate {
namespace {

using namespace std::chrono;

TimeZone& zoneInUse() {
    static TimeZone zone;
    return zone;
}

std::string offsetText(seconds offset) {
    if (offset == seconds::zero()) return "Z";
    const auto away = round<minutes>(abs(offset)).count();
    std::array<char, 16> text{};
    const int length =
        std::snprintf(text.data(), text.size(), "%c%02d:%02d", offset < seconds::zero() ? '-' : '+',
                      static_cast<int>(away / 60), static_cast<int>(away % 60));
    return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace

void setTimeZone(TimeZone zone) {
    zoneInUse() = std::move(zone);
}

int localMinuteOfWeek(WallTime time) {
    const auto local = floor<minutes>(time.time_since_epoch() + zoneInUse().offsetAt(time));
    const sys_days day{floor<days>(local)};
    const int days_since_monday = static_cast<int>(weekday(day).iso_encoding()) - 1;
    return days_since_monday * 24 * 60 + static_cast<int>((local - day.time_since_epoch()).count());
}

std::string formatLocalTime(WallTime time) {
    const seconds offset = zoneInUse().offsetAt(time);
    const auto local = floor<seconds>(time.time_since_epoch()) + offset;
    const sys_days day{floor<days>(local)};
    const year_month_day date(day);
    const hh_mm_ss clock(local - day.time_since_epoch());
    std::array<char, 40> text{};
    const int length =
        std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d",
                      static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                      static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
    return std::string(text.data(), static_cast<std::size_t>(length)) + offsetText(offset);
}

}  // namespace camgate
