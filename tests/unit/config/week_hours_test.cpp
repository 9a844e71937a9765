#include "config/week_hours.hpp"

#include <catch2/catch.hpp>

using camgate::config::WeekHours;

namespace {

constexpr int at(int day, int hour, int minute = 0) {
    return (day * 24 + hour) * 60 + minute;
}

}  // namespace

TEST_CASE("week hours: no text is always", "[config][hours]") {
    const auto always = WeekHours::parse("");
    REQUIRE(always);
    CHECK(always->includes(at(0, 0)));
    CHECK(always->includes(at(6, 23, 59)));
}

TEST_CASE("week hours: a night goes on into the next day, also over the week's end", "[config][hours]") {
    const auto nights = WeekHours::parse("22:00-06:00");
    REQUIRE(nights);
    for (int day = 0; day < 7; ++day) {
        CAPTURE(day);
        CHECK(nights->includes(at(day, 22)));
        CHECK(nights->includes(at(day, 5, 59)));  // of Monday: it is Sunday's night
        CHECK_FALSE(nights->includes(at(day, 6)));
        CHECK_FALSE(nights->includes(at(day, 21, 59)));
    }
}

TEST_CASE("week hours: days, and days over the week's end", "[config][hours]") {
    const auto hours = WeekHours::parse("mon-fri 08:00-18:00, sat-mon 20:00-24:00");
    REQUIRE(hours);
    CHECK(hours->includes(at(4, 17, 59)));
    CHECK_FALSE(hours->includes(at(5, 12)));
    CHECK(hours->includes(at(5, 20)));
    CHECK(hours->includes(at(6, 23, 59)));
    CHECK(hours->includes(at(0, 20)));
    CHECK_FALSE(hours->includes(at(1, 20)));
    const auto sunday = WeekHours::parse("sun 00:00-24:00");
    REQUIRE(sunday);
    CHECK(sunday->includes(at(6, 0)));
    CHECK_FALSE(sunday->includes(at(0, 0)));
}

TEST_CASE("week hours: what is no hours is refused with what was found", "[config][hours]") {
    for (const char* text : {"always", "25:00-26:00", "8:00-9:00", "mon", "mon-xxx 08:00-09:00", "08:00",
                             "08:00-09:60", "08:00-09:00,", "mon-fri  ", ","}) {
        CAPTURE(text);
        const auto hours = WeekHours::parse(text);
        // A comma at the end says nothing more: that is taken.
        if (std::string_view(text) == "08:00-09:00,") {
            CHECK(hours.has_value());
            continue;
        }
        REQUIRE_FALSE(hours.has_value());
        CHECK_THAT(hours.error().context, Catch::Matchers::Contains("expected hours"));
    }
}
