// Publishes in flight: how many may be, how long the oldest has waited, and what the last round trip took.
// Exists because Paho stalls for a second at its own window and knows no deadline for acknowledgements.
// Pure; one thread. Implements docs/design/link.md.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "base/clock.hpp"

namespace camgate::link {

/// What may be in flight: what the daemon asked for, strictly below the broker's Receive Maximum, at least 1.
std::uint16_t windowBelow(std::uint16_t asked, std::uint16_t broker_receive_maximum);

class AckWindow {
  public:
    void setLimit(std::uint16_t limit) { limit_ = limit; }
    std::uint16_t limit() const { return limit_; }
    bool full() const { return waiting_.size() >= limit_; }
    std::size_t inFlight() const { return waiting_.size(); }

    /// A ticket for what is being sent; `id` is the daemon's.
    std::uint32_t start(std::uint64_t id, BootTime now);
    /// The daemon's id; nothing for a ticket that is not in flight. `acknowledged` measures the round trip.
    std::optional<std::uint64_t> finish(std::uint32_t ticket, BootTime now, bool acknowledged);

    /// Since when the oldest waits.
    std::optional<BootTime> oldest() const;
    /// Zero until the first acknowledgement.
    Duration roundTrip() const { return round_trip_; }

  private:
    struct Waiting {
        std::uint64_t id;
        BootTime since;
    };
    std::uint16_t limit_ = 1;
    std::uint32_t next_ticket_ = 1;
    std::map<std::uint32_t, Waiting> waiting_;
    Duration round_trip_{0};
};

}  // namespace camgate::link
