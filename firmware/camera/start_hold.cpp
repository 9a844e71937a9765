#include "camera/start_hold.hpp"

#include <algorithm>
#include <utility>

#include "media/timestamp_mender.hpp"

namespace camgate::camera {

std::vector<ReceivedUnit> StartHold::take(ReceivedUnit unit) {
    held_.push_back(std::move(unit));
    const bool enough = held_.back().arrival - held_.front().arrival >= kHold || held_.size() >= kMostUnits;
    if (!over_ && !enough) return {};
    if (!std::exchange(over_, true)) align();
    return std::exchange(held_, {});
}

void StartHold::align() {
    Duration least = Duration::max();
    for (const ReceivedUnit& unit : held_) {
        // Without believable times there is nothing to learn from them: the mender goes by arrival.
        if (!unit.pts || std::chrono::abs(unit.arrival - *unit.pts) > media::kJump) return;
        least = std::min(least, unit.arrival - *unit.pts);
    }
    for (ReceivedUnit& unit : held_) unit.arrival = *unit.pts + least;
}

}  // namespace camgate::camera
