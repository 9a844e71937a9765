// A clock that stands still until a test moves it. Wall time can be stepped apart from boot time.
#pragma once

#include "base/clock.hpp"

namespace camgate::test {

class FakeClock final : public Clock {
  public:
    BootTime bootNow() const override { return boot_; }
    WallReading wallNow() const override { return wall_; }

    void advance(Duration by) {
        boot_ += by;
        wall_.time += by;
    }
    void stepWall(Duration by) { wall_.time += by; }
    void setWall(WallReading wall) { wall_ = wall; }

  private:
    BootTime boot_{std::chrono::seconds(100)};
    // 2026-03-01T12:00:00Z
    WallReading wall_{WallTime(std::chrono::seconds(1'772'366'400)), WallQuality::Ntp,
                      std::chrono::milliseconds(10)};
};

}  // namespace camgate::test
