// So many at once, then one each interval: what strangers may make the gateway say or write. One thread.
#pragma once

#include <algorithm>

#include "base/clock.hpp"

namespace camgate::uplink {

class RateLimit {
  public:
    RateLimit(int burst, Duration interval) : burst_(burst), interval_(interval), left_(burst) {}

    bool take(BootTime now) {
        const auto earned = (now - since_) / interval_;
        if (earned > 0) {
            left_ = static_cast<int>(std::min<Duration::rep>(burst_, left_ + earned));
            since_ += earned * interval_;
        }
        if (left_ == 0) return false;
        --left_;
        return true;
    }

  private:
    int burst_;
    Duration interval_;
    int left_;
    BootTime since_{};
};

}  // namespace camgate::uplink
