#include "base/wall_text.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <optional>

namespace camgate {
namespace {

using namespace std::chrono;

/// Takes digits off the front of a text; remembers the first failure.
struct Scanner {
    std::string_view rest;
    bool ok = true;

    int number(std::size_t digits) {
        int value = 0;
        if (rest.size() < digits) return ok = false, 0;
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + digits, value);
        if (error != std::errc{} || end != rest.data() + digits || value < 0) return ok = false, 0;
        rest.remove_prefix(digits);
        return value;
    }
    bool accept(char c) {
        if (rest.empty() || rest.front() != c) return false;
        rest.remove_prefix(1);
        return true;
    }
    void expect(char c) { ok = accept(c) && ok; }
};

nanoseconds scanFraction(Scanner& in) {
    nanoseconds fraction{0};
    if (!in.accept('.')) return fraction;
    nanoseconds unit{100'000'000};
    bool any = false;
    while (!in.rest.empty() && in.rest.front() >= '0' && in.rest.front() <= '9') {
        fraction += unit * (in.rest.front() - '0');
        unit /= 10;
        any = true;
        in.rest.remove_prefix(1);
    }
    in.ok = in.ok && any;
    return fraction;
}

minutes scanOffset(Scanner& in) {
    if (in.accept('Z')) return minutes{0};
    const int sign = in.accept('-') ? -1 : 1;
    if (sign > 0) in.expect('+');
    const int hour = in.number(2);
    in.expect(':');
    return sign * (hours(hour) + minutes(in.number(2)));
}

}  // namespace

std::string formatWallTime(WallTime time) {
    const auto since = floor<milliseconds>(time.time_since_epoch());
    const auto day = floor<days>(since);
    const year_month_day date{sys_days(day)};
    const hh_mm_ss clock{since - day};
    std::array<char, 40> text{};
    const int length = std::snprintf(
        text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return std::string(text.data(), static_cast<std::size_t>(length));
}

Result<WallTime> parseWallTime(std::string_view text) {
    Scanner in{text};
    const int year_number = in.number(4);
    in.expect('-');
    const int month_number = in.number(2);
    in.expect('-');
    const int day_number = in.number(2);
    in.expect('T');
    const int hour = in.number(2);
    in.expect(':');
    const int minute = in.number(2);
    in.expect(':');
    const int second = in.number(2);
    const nanoseconds fraction = scanFraction(in);
    const minutes offset = scanOffset(in);
    const year_month_day date{year(year_number), month(static_cast<unsigned>(month_number)),
                              day(static_cast<unsigned>(day_number))};
    // All of them are computable().
    if (in.ok && (year_number < 1900 || year_number > 2100)) {
        return fail(ErrorKind::InvalidArgument,
                    "\"" + std::string(text) + "\" is not within the years 1900 to 2100");
    }
    if (!in.ok || !in.rest.empty() || !date.ok() || hour > 23 || minute > 59 || second > 60) {
        return fail(ErrorKind::InvalidArgument,
                    "\"" + std::string(text) + "\" is not a time like 2026-03-01T22:15:00Z");
    }
    return WallTime(sys_days(date).time_since_epoch() + hours(hour) + minutes(minute) + seconds(second) +
                    fraction - offset);
}

}  // namespace camgate
