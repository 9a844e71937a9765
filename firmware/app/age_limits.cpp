#include "app/age_limits.hpp"

namespace camgate::app {

std::vector<OldDays> oldDays(const std::vector<AgeLimit>& limits, const WallReading& now) {
    std::vector<OldDays> old;
    if (now.quality != WallQuality::Ntp) return old;
    const std::int32_t today = ring::dayOf(now.time);
    for (const AgeLimit& limit : limits) {
        if (limit.keep_days == 0) continue;
        const auto last = static_cast<std::int32_t>(today - limit.keep_days - 1);
        old.push_back({limit.camera_tag, {.last = last}});
    }
    return old;
}

}  // namespace camgate::app
