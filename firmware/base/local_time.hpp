// Wall time as a household's clock on the wall shows it: the machine's time zone, summer time and all.
// Any thread.
#pragma once

#include "base/clock.hpp"

namespace camgate {

/// Minutes since Monday 00:00.
int localMinuteOfWeek(WallTime time);

}  // namespace camgate
