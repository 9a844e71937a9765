#include "base/zone_rule.hpp"

#include <charconv>
#include <string>

namespace camgate {
namespace {

using std::chrono::seconds;

bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Takes the parts of the text off its front; remembers the first failure.
struct RuleText {
    std::string_view rest;
    bool ok = true;

    bool accept(char c) {
        if (!rest.starts_with(c)) return false;
        rest.remove_prefix(1);
        return true;
    }
    void expect(char c) { ok = accept(c) && ok; }

    int number(int least, int most) {
        int value = 0;
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
        if (error != std::errc{} || value < least || value > most || rest.starts_with('-'))
            return ok = false, 0;
        rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
        return value;
    }

    /// "CET" or "<+07>"; what it says does not matter.
    void name() {
        const bool quoted = accept('<');
        std::size_t length = 0;
        while (length < rest.size() && (quoted ? rest[length] != '>' : isLetter(rest[length]))) ++length;
        ok = ok && length >= 3;
        rest.remove_prefix(length);
        if (quoted) expect('>');
    }

    /// "-3:30"; hours go to 167 (RFC 8536).
    seconds time() {
        const bool negative = accept('-');
        if (!negative) accept('+');
        seconds value = std::chrono::hours(number(0, 167));
        if (accept(':')) value += std::chrono::minutes(number(0, 59));
        if (accept(':')) value += seconds(number(0, 59));
        return negative ? -value : value;
    }

    /// Written as what is to be added for UTC.
    seconds offset() { return -time(); }

    ClockChange change() {
        ClockChange out;
        expect(',');
        if (accept('M')) {
            out.month = number(1, 12);
            expect('.');
            out.week = number(1, 5);
            expect('.');
            out.day = number(0, 6);
        } else {
            const bool without_leap = accept('J');
            out.kind = without_leap ? ClockChange::Kind::DayWithoutLeap : ClockChange::Kind::DayWithLeap;
            out.day = number(without_leap ? 1 : 0, 365);
        }
        if (accept('/')) out.time = time();
        return out;
    }

    ZoneRule rule() {
        ZoneRule out;
        name();
        out.standard = offset();
        if (!ok || rest.empty()) return out;
        ZoneRule::Summer summer;
        name();
        summer.offset = rest.starts_with(',') ? out.standard + std::chrono::hours(1) : offset();
        summer.begin = change();
        summer.end = change();
        out.summer = summer;
        return out;
    }
};

}  // namespace

Result<ZoneRule> ZoneRule::parse(std::string_view text) {
    RuleText in{text};
    ZoneRule rule = in.rule();
    if (in.ok && in.rest.empty()) return rule;
    return fail(ErrorKind::InvalidArgument, "\"" + std::string(text) + "\" is no rule of a time zone");
}

seconds ClockChange::in(std::chrono::year year) const {
    using namespace std::chrono;
    if (kind != Kind::WeekdayOfMonth) {
        const bool moved = kind == Kind::DayWithoutLeap && year.is_leap() && day >= 60;
        const int from_first = kind == Kind::DayWithoutLeap ? day - 1 + (moved ? 1 : 0) : day;
        return (sys_days(year / January / 1) + days(from_first)).time_since_epoch() + time;
    }
    const auto of = year / std::chrono::month(static_cast<unsigned>(month));
    const weekday wanted(static_cast<unsigned>(day));
    // Week 5 is the last one.
    const sys_days date =
        week == 5 ? sys_days(of / wanted[last]) : sys_days(of / wanted[static_cast<unsigned>(week)]);
    return date.time_since_epoch() + time;
}

seconds ZoneRule::offsetAt(seconds time) const {
    if (!summer) return standard;
    const std::chrono::sys_days day{std::chrono::floor<std::chrono::days>(time + standard)};
    const std::chrono::year year = std::chrono::year_month_day(day).year();
    const seconds begin = summer->begin.in(year)-standard;
    const seconds end = summer->end.in(year)-summer->offset;
    // South of the equator summer lies across the new year.
    const bool now = begin < end ? time >= begin && time < end : time >= begin || time < end;
    return now ? summer->offset : standard;
}

}  // namespace camgate
