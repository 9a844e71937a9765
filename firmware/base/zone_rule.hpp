// What a zone's clocks do after the last change that its file lists, for good: POSIX's TZ text, as in
// "CET-1CEST,M3.5.0,M10.5.0/3". Any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"

namespace camgate {

/// When clocks are put forward or back, each year.
struct ClockChange {
    enum class Kind : std::uint8_t { WeekdayOfMonth, DayWithoutLeap, DayWithLeap };
    Kind kind = Kind::WeekdayOfMonth;
    int month = 0, week = 0;  ///< of a WeekdayOfMonth
    int day = 0;              ///< of the week, else of the year
    std::chrono::seconds time{7200};

    /// Since 1970, as the clock before the change shows it.
    std::chrono::seconds in(std::chrono::year year) const;
};

struct ZoneRule {
    struct Summer {
        std::chrono::seconds offset{};
        ClockChange begin, end;
    };
    std::chrono::seconds standard{};
    std::optional<Summer> summer;

    /// InvalidArgument: not such a text.
    [[nodiscard]] static Result<ZoneRule> parse(std::string_view text);
    /// East of Greenwich, at a time since 1970 in UTC.
    std::chrono::seconds offsetAt(std::chrono::seconds time) const;
};

}  // namespace camgate
