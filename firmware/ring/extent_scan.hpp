// Reads an extent's records one after another: what start-up does with an extent that was not closed.
// A record counts only if its generation is the extent's and its counter is higher than the one before, so
// that neither an earlier round of the extent nor the rest of a failed write is taken for footage.
// Storage thread only. Implements docs/design/ring.md (Recovering).
#pragma once

#include "base/file_system.hpp"
#include "ring/extent_format.hpp"
#include "ring/ring_keys.hpp"

namespace camgate::ring {

struct ExtentPlace {
    std::uint32_t extent = 0;
    std::uint64_t file_offset = 0;
    std::uint64_t extent_bytes = 0;
    std::uint64_t ring_tag = 0;
    std::uint64_t generation = 0;  ///< 0: whatever the first record says
};

struct ScannedExtent {
    std::vector<RecordInfo> records;
    std::uint64_t generation = 0;
    std::optional<std::uint8_t> retention_class;  ///< as the records say
    std::uint64_t end_bytes = 0;                  ///< where the next round may begin, in the extent
    std::uint64_t highest_counter = 0;            ///< of all headers seen, dropped records included
    bool holes = false;                           ///< a record was dropped in front of one that was kept
    bool unreadable = false;                      ///< the card could not read all of it
    std::uint32_t dropped = 0;  ///< records whose header was there and whose bytes were not right
    std::uint32_t locked = 0;   ///< sealed records whose key was erased or cannot be had
};

/// What the card cannot read is left out like what is damaged.
[[nodiscard]] ScannedExtent scanExtent(File& file, const ExtentPlace& place, const RingKeys& keys);

}  // namespace camgate::ring
