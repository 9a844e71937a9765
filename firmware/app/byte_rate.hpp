// How fast something that is counted grows: over the last minute, as soon as 10 s were measured. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "base/clock.hpp"

namespace camgate::app {

class ByteRate {
  public:
    /// Call it again and again. A count that fell begins anew.
    void note(BootTime now, std::uint64_t bytes_so_far);
    /// Bytes per second.
    std::optional<double> perSecond() const;

  private:
    struct Reading {
        BootTime at;
        std::uint64_t bytes;
    };
    std::deque<Reading> readings_;
};

}  // namespace camgate::app
