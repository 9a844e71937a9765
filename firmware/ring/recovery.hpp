// What a start finds on the card: each extent's footer, the records of those that were not closed, and where
// each class goes on. Writes nothing. Storage thread only. Implements docs/design/ring.md (Recover).
#pragma once

#include "ring/extent_table.hpp"
#include "ring/ring_device.hpp"
#include "ring/ring_keys.hpp"

namespace camgate::ring {

/// Fills the table and the device's count of bytes ever written; the number of records that were torn.
/// FailedPrecondition: a newer firmware wrote there.
[[nodiscard]] Result<std::uint64_t> readExtents(RingDevice& device, ExtentTable& extents,
                                                const RingKeys& keys);

struct ClassPlace {
    std::optional<std::uint32_t> current;  ///< goes on behind its last record
    std::vector<std::uint32_t> prepared;   ///< opened, nothing in them yet; the oldest first
};
struct Places {
    std::array<ClassPlace, kRetentionClasses> classes;
    std::vector<std::uint32_t> unfinished;  ///< to be closed
};
Places placeUnclosed(ExtentTable& extents);

}  // namespace camgate::ring
