// Which bytes of a clip are there, as half-open ranges. Pure, one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace camgate::hub {

struct ByteRange {
    std::uint64_t from = 0;
    std::uint64_t to = 0;  ///< exclusive
    bool operator==(const ByteRange&) const = default;
};

class RangeSet {
  public:
    /// Overlaps and doubles are fine; an empty range is nothing.
    void add(ByteRange range);
    void clear() { ranges_.clear(); }
    bool covers(std::uint64_t size_bytes) const;
    std::uint64_t count() const;
    std::vector<ByteRange> ranges() const;
    /// The first `most` holes below `size_bytes`.
    std::vector<ByteRange> missing(std::uint64_t size_bytes, std::size_t most) const;

  private:
    std::map<std::uint64_t, std::uint64_t> ranges_;  // from, to; apart from one another
};

}  // namespace camgate::hub
