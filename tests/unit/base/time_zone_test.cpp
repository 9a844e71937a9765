#include "base/time_zone.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <ctime>
#include <limits>
#include <random>

#include "base/file_system.hpp"
#include "base/wall_text.hpp"
#include "support/base/time_zone.hpp"

using namespace camgate;
using namespace std::chrono_literals;
using std::chrono::seconds;

namespace {

WallTime wall(const char* text) {
    return parseWallTime(text).value();
}

/// What libc makes of the same files.
class LibcZone {
  public:
    explicit LibcZone(const std::string& name) {
        ::setenv("TZ", name.c_str(), 1);
        ::tzset();
    }
    LibcZone(const LibcZone&) = delete;
    LibcZone& operator=(const LibcZone&) = delete;
    ~LibcZone() {
        ::unsetenv("TZ");
        ::tzset();
    }
    seconds offsetAt(std::int64_t time) const {
        const auto narrow = static_cast<std::time_t>(time);
        std::tm local{};
        ::localtime_r(&narrow, &local);
        return seconds(local.tm_gmtoff);
    }
};

std::string fileOf(const char* name) {
    RealFileSystem files;
    return readTextFile(files, std::string("/usr/share/zoneinfo/") + name).value();
}

seconds offsetOf(const char* rule, const char* time) {
    return ZoneRule::parse(rule).value().offsetAt(
        std::chrono::duration_cast<seconds>(wall(time).time_since_epoch()));
}

}  // namespace

TEST_CASE("time zone: every zone of the machine is as libc reads it, from 1950 to 2100", "[base][zone]") {
    constexpr std::int64_t kLast =
        std::min<std::int64_t>(4'102'444'800, std::numeric_limits<std::time_t>::max());  // 2100-01-01
    std::mt19937 random(7);
    std::uniform_int_distribution<std::int64_t> any(-631'152'000, kLast);
    const auto names = timeZoneNames();
    CHECK(names.size() > 400);
    for (const std::string& name : names) {
        const auto zone = TimeZone::load(name);
        INFO(name);
        REQUIRE(zone);
        const LibcZone libc(name);
        for (int i = 0; i < 200; ++i) {
            const std::int64_t time = any(random);
            INFO(time);
            REQUIRE(zone->offsetAt(WallTime(seconds(time))) == libc.offsetAt(time));
        }
    }
}

TEST_CASE("time zone: clocks change in the second that the zone's law says", "[base][zone]") {
    const auto berlin = TimeZone::load("Europe/Berlin").value();
    CHECK(berlin.offsetAt(wall("2026-03-29T00:59:59Z")) == 1h);
    CHECK(berlin.offsetAt(wall("2026-03-29T01:00:00Z")) == 2h);
    CHECK(berlin.offsetAt(wall("2026-10-25T00:59:59Z")) == 2h);
    CHECK(berlin.offsetAt(wall("2026-10-25T01:00:00Z")) == 1h);
    // Beyond what the file lists, by its rule.
    CHECK(berlin.offsetAt(wall("2080-03-31T00:59:59Z")) == 1h);
    CHECK(berlin.offsetAt(wall("2080-03-31T01:00:00Z")) == 2h);
    CHECK(TimeZone::load("Asia/Ho_Chi_Minh").value().offsetAt(wall("2026-03-01T12:00:00Z")) == 7h);
    CHECK(TimeZone().offsetAt(wall("2026-03-01T12:00:00Z")) == 0h);
}

TEST_CASE("time zone: a rule has weekdays or days of the year, north and south of the equator",
          "[base][zone]") {
    CHECK(offsetOf("<+07>-7", "2026-07-01T00:00:00Z") == 7h);
    // New Zealand: from the last Sunday of September to the first of April.
    constexpr const char* kSouth = "NZST-12NZDT,M9.5.0,M4.1.0/3";
    CHECK(offsetOf(kSouth, "2040-01-01T00:00:00Z") == 13h);
    CHECK(offsetOf(kSouth, "2040-06-01T00:00:00Z") == 12h);
    // J60 is the first of March, whether or not the year has a 29th of February; 59 counts it.
    constexpr const char* kDays = "AAA0BBB-1:30,J60/0,59/0";
    CHECK(offsetOf(kDays, "2028-02-29T12:00:00Z") == 0h);
    CHECK(offsetOf(kDays, "2028-03-01T00:00:00Z") == 90min);
    CHECK(offsetOf(kDays, "2028-02-28T12:00:00Z") == 90min);
    for (const char* bad : {"", "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "<+07-7",
                            "CET-1CEST,M3.5.0,M10.5.0/3x", "CET-1CEST,M3.-5.0,M10.5.0", "CET-999"}) {
        INFO(bad);
        CHECK(ZoneRule::parse(bad).error().kind == ErrorKind::InvalidArgument);
    }
}

TEST_CASE("time zone: only what is a zone of the machine is one", "[base][zone]") {
    for (const char* name :
         {"", "Asia/Hanoi", "Asia", "/etc/passwd", "../../../etc/passwd", "zone.tab", "Asia/"}) {
        INFO(name);
        const auto zone = TimeZone::load(name);
        REQUIRE_FALSE(zone);
        CHECK_FALSE(zone.error().context.empty());
    }
    CHECK(TimeZone::load("Asia/Hanoi").error().kind == ErrorKind::NotFound);
}

TEST_CASE("time zone: a file that was cut or changed is refused or read, never read beyond its end",
          "[base][zone]") {
    const std::string whole = fileOf("Europe/Berlin");
    for (std::size_t length = 0; length < whole.size(); ++length)
        CHECK_FALSE(TimeZone::parse(asBytes(whole).first(length)));
    std::mt19937 random(11);
    for (int i = 0; i < 20'000; ++i) {
        std::string changed = whole;
        for (int flips = 0; flips < 3; ++flips)
            changed[random() % 200 + (i % 2) * 1200] = static_cast<char>(random());
        if (const auto zone = TimeZone::parse(asBytes(changed)))
            (void)zone->offsetAt(wall("2026-03-01T12:00:00Z"));
    }
}

TEST_CASE("local time: minutes of the week and the time as people read it", "[base][zone]") {
    CHECK(formatLocalTime(wall("2026-03-01T22:15:00.999Z")) == "2026-03-01T22:15:00Z");
    {
        const test::InTimeZone vietnam("Asia/Ho_Chi_Minh");
        CHECK(localMinuteOfWeek(wall("2026-03-01T18:30:00Z")) == 90);  // Monday 01:30
        CHECK(localMinuteOfWeek(wall("2025-12-31T00:00:00Z")) == (2 * 24 + 7) * 60);
        CHECK(formatLocalTime(wall("2026-03-01T18:30:00Z")) == "2026-03-02T01:30:00+07:00");
        CHECK(parseWallTime(formatLocalTime(wall("2026-03-01T18:30:00Z"))).value() ==
              wall("2026-03-01T18:30:00Z"));
    }
    const test::InTimeZone newfoundland("America/St_Johns");
    CHECK(formatLocalTime(wall("2026-01-01T00:00:00Z")) == "2025-12-31T20:30:00-03:30");
}
