// Which extents clips hold: a pinned extent is not overwritten until its pin ends or expires. Pins may hold a
// quarter of the ring, at least one extent. In memory only: after a start whoever needs one pins again.
// Storage thread only. Implements docs/design/ring.md (Recycle).
#pragma once

#include <cstdint>
#include <map>
#include <set>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace camgate::ring {

using PinId = std::uint64_t;

class PinTable {
  public:
    PinTable(std::uint32_t extents, const Clock& clock);

    /// Unavailable: more would be held than may be.
    [[nodiscard]] Result<PinId> pin(std::set<std::uint32_t> extents, BootTime until);
    void unpin(PinId pin);
    bool holds(std::uint32_t extent) const;
    std::uint32_t extentsHeld() const;

  private:
    struct Pin {
        std::set<std::uint32_t> extents;
        BootTime until;
    };
    std::set<std::uint32_t> held() const;

    const Clock& clock_;
    std::size_t most_;
    std::map<PinId, Pin> pins_;
    PinId next_ = 1;
};

}  // namespace camgate::ring
