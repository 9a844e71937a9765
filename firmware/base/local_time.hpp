// Wall time as a household's clock on the wall shows it: one time zone for the process, summer time and all.
// One thread: the control loop's, or a program's only one.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/time_zone.hpp"

namespace camgate {

/// UTC until it is set.
void setTimeZone(TimeZone zone);

/// Minutes since Monday 00:00.
int localMinuteOfWeek(WallTime time);

/// For people, and still a time that parseWallTime() takes: "2026-03-01T22:15:00+07:00", of UTC "Z".
std::string formatLocalTime(WallTime time);

}  // namespace camgate
