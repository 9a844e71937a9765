// Which days of which camera are older than its footage may be kept. Only a clock that was set by the network
// counts: a clock that runs ahead would erase what must be kept. Loop thread only.
#pragma once

#include <cstdint>
#include <vector>

#include "base/clock.hpp"
#include "ring/ring_keys.hpp"

namespace camgate::app {

struct AgeLimit {
    std::uint64_t camera_tag = 0;
    std::int64_t keep_days = 0;  ///< the day that is on and so many before it; 0: no limit
};

struct OldDays {
    std::uint64_t camera_tag = 0;
    ring::DayRange days;
};

std::vector<OldDays> oldDays(const std::vector<AgeLimit>& limits, const WallReading& now);

}  // namespace camgate::app
