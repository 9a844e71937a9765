#include "tools/hub/range_set.hpp"

#include <algorithm>
#include <iterator>

namespace camgate::hub {

void RangeSet::add(ByteRange range) {
    if (range.from >= range.to) return;
    auto next = ranges_.upper_bound(range.from);
    if (next != ranges_.begin() && std::prev(next)->second >= range.from) --next;
    while (next != ranges_.end() && next->first <= range.to) {
        range.from = std::min(range.from, next->first);
        range.to = std::max(range.to, next->second);
        next = ranges_.erase(next);
    }
    ranges_[range.from] = range.to;
}

bool RangeSet::covers(std::uint64_t size_bytes) const {
    return missing(size_bytes, 1).empty();
}

std::uint64_t RangeSet::count() const {
    std::uint64_t sum = 0;
    for (const auto& [from, to] : ranges_) sum += to - from;
    return sum;
}

std::vector<ByteRange> RangeSet::ranges() const {
    std::vector<ByteRange> all;
    for (const auto& [from, to] : ranges_) all.push_back({from, to});
    return all;
}

std::vector<ByteRange> RangeSet::missing(std::uint64_t size_bytes, std::size_t most) const {
    std::vector<ByteRange> holes;
    std::uint64_t at = 0;
    for (const auto& [from, to] : ranges_) {
        if (at >= size_bytes || holes.size() >= most) break;
        if (from > at) holes.push_back({at, std::min(from, size_bytes)});
        at = std::max(at, to);
    }
    if (at < size_bytes && holes.size() < most) holes.push_back({at, size_bytes});
    return holes;
}

}  // namespace camgate::hub
