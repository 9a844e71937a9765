#include "evidence/clock_watch.hpp"

#include <algorithm>

namespace camgate::evidence {
namespace {

/// Below it is what NTP does all the time.
constexpr Duration kStep = std::chrono::milliseconds(100);

}  // namespace

bool ClockWatch::observe(BootTime now, const TimeMap& map) {
    if (!corrections_.empty()) {
        const TimeMap& last = corrections_.back().map;
        const bool same = map.quality == last.quality && std::chrono::abs(map.offset - last.offset) <= kStep;
        if (same) return false;
    }
    corrections_.push_back({session_, now, map});
    if (corrections_.size() > kMaxCorrections) {
        corrections_.pop_front();
        ++left_out_;
    }
    return true;
}

void ClockWatch::addSince(std::uint64_t seen, Checkpoint& checkpoint) const {
    if (seen < left_out_) checkpoint.corrections_left_out = left_out_ - seen;
    for (std::uint64_t i = std::max(seen, left_out_); i < noted(); ++i) {
        checkpoint.corrections.push_back(corrections_[static_cast<std::size_t>(i - left_out_)]);
    }
}

}  // namespace camgate::evidence
