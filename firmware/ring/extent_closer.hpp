// Closes extents in which nothing more comes: index and footer go with a later round, behind a sync of what
// they name. Storage thread only. Implements docs/design/ring.md (Append, 2).
#pragma once

#include <vector>

#include "ring/extent_table.hpp"
#include "ring/ring_device.hpp"
#include "ring/ring_keys.hpp"

namespace camgate::ring {

class ExtentCloser {
  public:
    ExtentCloser(RingDevice& device, ExtentTable& extents, const RingKeys& keys)
        : device_(device), extents_(extents), keys_(keys) {}

    /// All of its records are synced.
    void add(std::uint32_t extent) { finished_.push_back({extent}); }
    /// In front of the round's sync. One that fails is tried again with the next round.
    void write();
    /// Behind it.
    void adopt();
    /// Both, with a sync of its own: where nothing can be opened before something is closed.
    [[nodiscard]] Status closeNow();

  private:
    struct Finished {
        std::uint32_t extent = 0;
        std::uint32_t tries = 0;
        bool written = false;
    };
    [[nodiscard]] Status writeOne(std::uint32_t extent);
    [[nodiscard]] Result<Bytes> footerBlock(const ExtentFooter& footer) const;

    RingDevice& device_;
    ExtentTable& extents_;
    const RingKeys& keys_;
    std::vector<Finished> finished_;
};

}  // namespace camgate::ring
