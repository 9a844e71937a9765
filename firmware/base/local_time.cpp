#include "base/local_time.hpp"

#include <ctime>

namespace camgate {

int localMinuteOfWeek(WallTime time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
    const auto narrow = static_cast<std::time_t>(seconds);
    std::tm local{};
    ::localtime_r(&narrow, &local);
    const int days_since_monday = (local.tm_wday + 6) % 7;
    return (days_since_monday * 24 + local.tm_hour) * 60 + local.tm_min;
}

}  // namespace camgate
