#include "config/week_hours.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

namespace camgate::config {
namespace {

constexpr int kHour = 60;
constexpr int kDay = 24 * kHour;
constexpr int kWeek = 7 * kDay;
constexpr std::array<std::string_view, 7> kDays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

/// What stands before the first `separator`; the rest stays in `text`, empty where there is none.
std::string_view cutAt(std::string_view& text, char separator) {
    const auto at = std::min(text.find(separator), text.size());
    const std::string_view before = text.substr(0, at);
    text.remove_prefix(std::min(at + 1, text.size()));
    return trimmed(before);
}

std::optional<int> dayOf(std::string_view text) {
    const auto found = std::find(kDays.begin(), kDays.end(), text);
    if (found == kDays.end()) return std::nullopt;
    return static_cast<int>(found - kDays.begin());
}

std::optional<int> minuteOf(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const auto number = [&text](std::size_t at) {
        int value = -1;
        const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + 2, value);
        return error == std::errc{} && end == text.data() + at + 2 ? value : -1;
    };
    const int minute = number(0) * kHour + number(3);
    const bool valid = number(0) >= 0 && number(3) >= 0 && number(3) < kHour && minute <= kDay;
    return valid ? std::optional(minute) : std::nullopt;
}

struct Days {
    int first = 0, last = 6;
};

/// "mon", "mon-fri", or over the week's end "sat-mon".
std::optional<Days> daysOf(std::string_view text) {
    const bool range = text.find('-') != std::string_view::npos;
    const auto first = dayOf(cutAt(text, '-'));
    const auto last = range ? dayOf(trimmed(text)) : first;
    if (!first || !last) return std::nullopt;
    return Days{*first, *last >= *first ? *last : *last + 7};
}

}  // namespace

Result<WeekHours> WeekHours::parse(std::string_view text) {
    WeekHours hours;
    text = trimmed(text);
    while (!text.empty()) {
        const std::string item(cutAt(text, ','));
        std::string_view rest = item;
        Days days;
        const auto bad = [&item] {
            return fail(ErrorKind::InvalidArgument,
                        "\"" + item + "\": expected " + std::string(kHoursExpected));
        };
        if (rest.find(' ') != std::string_view::npos) {
            const auto named = daysOf(cutAt(rest, ' '));
            if (!named) return bad();
            days = *named;
        }
        rest = trimmed(rest);
        const auto from = minuteOf(cutAt(rest, '-'));
        const auto to = minuteOf(trimmed(rest));
        if (!from || !to) return bad();
        for (int day = days.first; day <= days.last; ++day) {
            const int start = day % 7 * kDay + *from;
            hours.spans_.push_back({start, start + *to - *from + (*to <= *from ? kDay : 0)});
        }
    }
    return hours;
}

bool WeekHours::includes(int minute_of_week) const {
    return spans_.empty() || std::any_of(spans_.begin(), spans_.end(), [minute_of_week](const Span& span) {
               return (minute_of_week >= span.from && minute_of_week < span.to) ||
                      (minute_of_week + kWeek >= span.from && minute_of_week + kWeek < span.to);
           });
}

}  // namespace camgate::config
