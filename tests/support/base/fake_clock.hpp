// A clock that stands still until a test moves it. Wall time can be stepped apart from boot time. Any thread.
#pragma once

#include <mutex>

#include "base/clock.hpp"

namespace camgate::test {

class FakeClock final : public Clock {
  public:
    BootTime bootNow() const override {
        const std::lock_guard lock(mutex_);
        return boot_;
    }
    WallReading wallNow() const override {
        const std::lock_guard lock(mutex_);
        return wall_;
    }

    void advance(Duration by) {
        const std::lock_guard lock(mutex_);
        boot_ += by;
        wall_.time += by;
    }
    void stepWall(Duration by) {
        const std::lock_guard lock(mutex_);
        wall_.time += by;
    }
    void setWall(WallReading wall) {
        const std::lock_guard lock(mutex_);
        wall_ = wall;
    }

  private:
    mutable std::mutex mutex_;
    BootTime boot_{std::chrono::seconds(100)};
    // 2026-03-01T12:00:00Z
    WallReading wall_{WallTime(std::chrono::seconds(1'772'366'400)), WallQuality::Ntp,
                      std::chrono::milliseconds(10)};
};

}  // namespace camgate::test
