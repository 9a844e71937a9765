// After a loss lets nothing through until a decoder can start again: half a group of pictures is worth
// nothing and shows as garbage. Counts what it holds back. Pure; one thread.
#pragma once

#include <cstdint>

#include "media/access_unit.hpp"

namespace camgate::camera {

class UnitGate {
  public:
    /// False: the unit is to be dropped.
    bool admits(const media::AccessUnit& unit) {
        if (unit.random_access != media::RandomAccess::None) open_ = true;
        if (!open_) ++dropped_;
        return open_;
    }
    /// An admitted unit could not be handed on.
    void onLost() {
        open_ = false;
        ++dropped_;
    }
    /// Units were lost before they were seen here.
    void onLostBefore(std::uint64_t count) {
        open_ = false;
        dropped_ += count;
    }
    std::uint64_t dropped() const { return dropped_; }

  private:
    bool open_ = true;
    std::uint64_t dropped_ = 0;
};

}  // namespace camgate::camera
