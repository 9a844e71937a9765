// Moves times of a pipeline's clock onto the boot clock. The offset is kept while it is right, so that the
// distances of frames stay exact; only a suspended machine or a stepped clock changes it. One thread.
#pragma once

#include <optional>

#include "base/clock.hpp"

namespace camgate::camera {

class BootClockMap {
  public:
    /// Readings of both clocks at one moment.
    void observe(Duration pipeline_now, BootTime boot_now) {
        const Duration offset = boot_now.time_since_epoch() - pipeline_now;
        if (!offset_ || std::chrono::abs(offset - *offset_) > kTolerance) offset_ = offset;
    }
    BootTime toBoot(Duration pipeline_time) const {
        return BootTime(pipeline_time + offset_.value_or(Duration::zero()));
    }

  private:
    static constexpr Duration kTolerance = std::chrono::milliseconds(50);
    std::optional<Duration> offset_;
};

}  // namespace camgate::camera
