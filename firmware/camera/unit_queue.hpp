// Access units on their way from a streaming thread to the loop. Bounded by bytes; full, it rejects, and the
// next unit that fits says how many went missing. Any thread.
#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "base/bytes.hpp"
#include "base/clock.hpp"

namespace camgate::camera {

/// One access unit as the parser gave it.
struct ReceivedUnit {
    Bytes annex_b;
    std::optional<BootTime> pts;
    BootTime arrival;
    bool frames_lost = false;
    std::uint64_t dropped_before = 0;
};

class UnitQueue {
  public:
    explicit UnitQueue(std::size_t capacity_bytes) : capacity_bytes_(capacity_bytes) {}

    /// True if it was empty before: the loop has to be woken.
    bool push(ReceivedUnit unit) {
        const std::lock_guard lock(mutex_);
        if (waiting_bytes_ + unit.annex_b.size() > capacity_bytes_) {
            ++rejected_;
            return false;
        }
        unit.dropped_before = std::exchange(rejected_, 0);
        waiting_bytes_ += unit.annex_b.size();
        units_.push_back(std::move(unit));
        return units_.size() == 1;
    }
    /// All that waits.
    std::deque<ReceivedUnit> take() {
        const std::lock_guard lock(mutex_);
        waiting_bytes_ = 0;
        return std::exchange(units_, {});
    }

  private:
    const std::size_t capacity_bytes_;
    std::mutex mutex_;
    std::deque<ReceivedUnit> units_;
    std::size_t waiting_bytes_ = 0;
    std::uint64_t rejected_ = 0;
};

}  // namespace camgate::camera
