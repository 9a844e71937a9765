// Thins frames to a wanted rate by their times: on average the rate, never more than one frame early, and a
// gap is not made up for. Pure; one thread.
#pragma once

#include "base/clock.hpp"

namespace camgate::camera {

class FramePacer {
  public:
    explicit FramePacer(int frames_per_second) : period_(std::chrono::seconds(1)) {
        period_ /= frames_per_second > 0 ? frames_per_second : 1;
    }
    bool takes(BootTime at) {
        // Cameras jitter: a frame a quarter period early is the one that was meant.
        const bool early = started_ && at < due_ - period_ / 4;
        const bool jumped_back = early && at < due_ - 4 * period_;
        if (early && !jumped_back) return false;
        due_ = started_ && due_ + period_ > at && !jumped_back ? due_ + period_ : at + period_;
        started_ = true;
        return true;
    }

  private:
    Duration period_;
    BootTime due_;
    bool started_ = false;
};

}  // namespace camgate::camera
