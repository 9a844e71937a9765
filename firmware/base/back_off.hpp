// How long who lost something that many share waits before it asks again. Any thread, but randomShare().
#pragma once

#include "base/clock.hpp"

namespace camgate {

/// Between an eighth of the back-off and all of it, by a share of 0 to 1: without the first eighth many that
/// lost the same would come back at twice their mean rate at first.
Duration spreadBackOff(Duration back_off, double share);

/// Another number of 0 to 1 each time; loop thread only.
double randomShare();

}  // namespace camgate
