#include "uplink/range_set.hpp"

#include <algorithm>
#include <iterator>

namespace camgate::uplink {

void RangeSet::add(std::uint64_t from, std::uint64_t to) {
    if (from >= to) return;
    auto next = ranges_.lower_bound(from);
    if (next != ranges_.begin() && std::prev(next)->second >= from) --next;
    while (next != ranges_.end() && next->first <= to) {
        from = std::min(from, next->first);
        to = std::max(to, next->second);
        next = ranges_.erase(next);
    }
    ranges_[from] = to;
}

void RangeSet::remove(std::uint64_t number) {
    auto after = ranges_.upper_bound(number);
    if (after == ranges_.begin()) return;
    const auto range = std::prev(after);
    const auto [from, to] = *range;
    if (number >= to) return;
    ranges_.erase(range);
    if (from < number) ranges_[from] = number;
    if (number + 1 < to) ranges_[number + 1] = to;
}

bool RangeSet::contains(std::uint64_t number) const {
    const auto after = ranges_.upper_bound(number);
    return after != ranges_.begin() && number < std::prev(after)->second;
}

std::optional<std::uint64_t> RangeSet::first() const {
    if (ranges_.empty()) return std::nullopt;
    return ranges_.begin()->first;
}

std::uint64_t RangeSet::count() const {
    std::uint64_t count = 0;
    for (const auto& [from, to] : ranges_) count += to - from;
    return count;
}

}  // namespace camgate::uplink
