// How long rounds took to become durable, as a histogram: what a card's stalls look like over months. Any
// thread, one at a time.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/clock.hpp"

namespace camgate::app {

class WriteTimes {
  public:
    /// A round longer than the last bound falls into one more bucket.
    static constexpr std::array<std::chrono::milliseconds, 9> kBounds{
        std::chrono::milliseconds(10),   std::chrono::milliseconds(30),    std::chrono::milliseconds(100),
        std::chrono::milliseconds(300),  std::chrono::milliseconds(1000),  std::chrono::milliseconds(2000),
        std::chrono::milliseconds(5000), std::chrono::milliseconds(10000), std::chrono::milliseconds(40000)};

    void note(Duration took) {
        const auto bound = std::ranges::lower_bound(kBounds, took);
        ++counts_[static_cast<std::size_t>(bound - kBounds.begin())];
        longest_ = std::max(longest_, took);
    }
    const std::array<std::uint64_t, kBounds.size() + 1>& counts() const { return counts_; }
    Duration longest() const { return longest_; }

  private:
    std::array<std::uint64_t, kBounds.size() + 1> counts_{};
    Duration longest_{0};
};

}  // namespace camgate::app
