#include "app/card_life.hpp"

#include <catch2/catch.hpp>

#include "app/write_times.hpp"
#include "support/base/memory_file_system.hpp"

using namespace camgate;
using namespace camgate::app;
using namespace std::chrono_literals;

TEST_CASE("card life: days follow from rating, what was written and the rate", "[app]") {
    // 117 TB rated, 17 TB written; 0.5 MB/s are 0.0432 TB a day: 100 / 0.0432 = 2314.8 days.
    const CardUse use{117, 17'000'000'000'000, 1'800'000'000, 1h};
    CHECK(writeRate(use) == 500'000);
    CHECK(*daysOfLife(use) == Approx(2314.8).margin(0.1));
    CHECK(daysOfLife({117, 200'000'000'000'000, 1'800'000'000, 1h}) == 0);
}

TEST_CASE("card life: what is not known is absent", "[app]") {
    CHECK_FALSE(daysOfLife({0, 17, 1'800'000'000, 1h}));
    CHECK_FALSE(daysOfLife({117, 17, 0, 1h}));
    CHECK_FALSE(writeRate({117, 17, 1000, 59s}));
}

TEST_CASE("card life: an eMMC's own figure is its worse one, and no other medium has one", "[app]") {
    const auto says = [](std::string_view life_time) {
        test::MemoryFileSystem files;  // a path's medium is its first directory there
        REQUIRE(files.open("/data/device/life_time", OpenMode::CreateNew)
                    .value()
                    ->writeAt(0, asBytes(life_time)));
        return emmcLifeUsed(files, "/data/ring");
    };
    CHECK(says("0x01 0x02\n") == 20);
    CHECK(says("0x0b 0x00\n") == 110);
    CHECK_FALSE(says("0x00 0x00\n"));
    CHECK_FALSE(says("0xff 0x0c\n"));
    CHECK_FALSE(says("nonsense!\n"));
    CHECK_FALSE(says("0x01"));
    test::MemoryFileSystem none;
    CHECK_FALSE(emmcLifeUsed(none, "/data/ring"));
}

TEST_CASE("write times: each round falls into the bucket that its time fits", "[app]") {
    WriteTimes times;
    for (const Duration took : {Duration(5ms), Duration(10ms), Duration(11ms), Duration(2s), Duration(50s)})
        times.note(took);
    CHECK(times.counts() == std::array<std::uint64_t, 10>{2, 1, 0, 0, 0, 1, 0, 0, 0, 1});
    CHECK(times.longest() == 50s);
}
