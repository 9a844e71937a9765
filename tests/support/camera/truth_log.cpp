#include "support/camera/truth_log.hpp"

#include <nlohmann/json.hpp>

#include "base/wall_text.hpp"

namespace camgate::test {

TruthLog::TruthLog(const std::string& path, motion::SyntheticScene scene, BootTime epoch)
    : out_(path), scene_(std::move(scene)), epoch_(epoch) {}

void TruthLog::advance(const Clock& clock) {
    const TimeMap map = clock.timeMap();
    const BootTime now = clock.bootNow();
    for (; epoch_ + scene_.timeOf(next_frame_) <= now; ++next_frame_) {
        const bool present = scene_.truth(next_frame_).has_value();
        if (present == present_) continue;
        present_ = present;
        const WallTime at = map.toWall(epoch_ + scene_.timeOf(next_frame_));
        const nlohmann::json line{{"at", formatWallTime(at)},
                                  {"wall_ns", at.time_since_epoch().count()},
                                  {"walker", present ? "enters" : "leaves"},
                                  {"frame", next_frame_}};
        out_ << line.dump() << std::endl;
    }
}

}  // namespace camgate::test
