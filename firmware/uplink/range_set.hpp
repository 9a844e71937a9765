// A set of numbers as half-open ranges: which chunks of a clip the hub still misses. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

namespace camgate::uplink {

class RangeSet {
  public:
    /// [from, to); nothing if it is empty.
    void add(std::uint64_t from, std::uint64_t to);
    void remove(std::uint64_t number);
    void clear() { ranges_.clear(); }
    bool empty() const { return ranges_.empty(); }
    bool contains(std::uint64_t number) const;
    /// The least.
    std::optional<std::uint64_t> first() const;
    std::uint64_t count() const;

  private:
    std::map<std::uint64_t, std::uint64_t> ranges_;  // from, to; apart from one another
};

}  // namespace camgate::uplink
