// Rows that the hub has, until the outbox has let go of them: they gather for a second, so that one write to
// the card takes many. What a cut of power forgets the hub gets again, and confirms again. Loop thread only.
// Implements docs/design/uplink.md (Rows).
#pragma once

#include <string>
#include <vector>

#include "base/event_loop.hpp"
#include "base/lifeline.hpp"
#include "outbox/async_outbox.hpp"

namespace camgate::uplink {

class ReceivedRows {
  public:
    ReceivedRows(EventLoop& loop, outbox::AsyncOutbox& store) : loop_(loop), store_(store) {}

    /// Of what goes beyond 4096 nothing is kept: the hub gets it again.
    void add(const std::vector<std::string>& ids);
    bool has(const std::string& id) const;

  private:
    void flush();

    EventLoop& loop_;
    outbox::AsyncOutbox& store_;
    std::vector<std::string> ids_;
    LoopHandle flush_;
    Lifeline lifeline_;
};

}  // namespace camgate::uplink
