#include "events/zone_schedule.hpp"

#include <catch2/catch.hpp>

using namespace camgate;

TEST_CASE("schedule: each zone counts in its hours, one without hours always", "[events][zones]") {
    config::MotionConfig motion;
    motion.zones.resize(3);
    motion.zones[1].hours = "22:00-06:00";
    motion.zones[2].hours = "sun 00:00-24:00";
    const events::ZoneSchedule schedule(motion);
    const auto zonesAt = [&schedule](int day, int hour) {
        return schedule.activeAt((day * 24 + hour) * 60) & 7;
    };
    CHECK(zonesAt(0, 12) == 0b001);
    CHECK(zonesAt(0, 23) == 0b011);
    CHECK(zonesAt(6, 12) == 0b101);
    CHECK(zonesAt(6, 23) == 0b111);
}
