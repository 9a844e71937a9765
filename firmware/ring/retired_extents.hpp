// Which extents the card could not write: a table of its own in the ring's front, so that it can be written
// where the extent cannot. Writing it is the proof that the extent is bad and not the whole card. Storage
// thread only. Implements docs/ref/ring-format.md (Retired extents).
#pragma once

#include <set>

#include "ring/ring_device.hpp"

namespace camgate::ring {

class RetiredExtents {
  public:
    explicit RetiredExtents(RingDevice& device) : device_(device) {}

    /// What was written down; an unreadable table retires nothing, it is found out again.
    void load();
    bool contains(std::uint32_t extent) const { return extents_.contains(extent); }
    const std::set<std::uint32_t>& all() const { return extents_; }
    /// Durable when it returns. An error: the card as a whole fails, and nothing is retired.
    [[nodiscard]] Status add(std::uint32_t extent);
    /// In front of a round's sync: what a failed add() left on the card is written over.
    void mend();

  private:
    RingDevice& device_;
    [[nodiscard]] Status write(const std::set<std::uint32_t>& extents, bool sync_each);

    std::set<std::uint32_t> extents_;
    std::uint64_t sequence_ = 0;
    bool unsure_ = false;  ///< the card may hold another table than this
};

}  // namespace camgate::ring
