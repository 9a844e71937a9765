// A token bucket over what one worker sends: a camera may burst, not flood. One thread.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/clock.hpp"

namespace camgate::app {

class RateGuard {
  public:
    RateGuard(double bytes_per_second, double burst_bytes)
        : rate_(bytes_per_second), burst_(burst_bytes), level_(burst_bytes) {}

    /// False: over the rate, beyond the burst.
    bool take(std::size_t bytes, BootTime now) {
        const double seconds = std::chrono::duration<double>(now - last_).count();
        level_ = std::min(burst_, level_ + seconds * rate_) - static_cast<double>(bytes);
        last_ = now;
        return level_ >= 0;
    }

  private:
    double rate_;
    double burst_;
    double level_;
    BootTime last_;
};

}  // namespace camgate::app
