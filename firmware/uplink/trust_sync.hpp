// What comes on `trust`: verified and made durable on the state thread, in force for envelopes from then on,
// then told to whom it concerns. Loop thread only. Implements docs/ref/mqtt.md (trust).
#pragma once

#include <functional>
#include <memory>

#include "base/lifeline.hpp"
#include "outbox/async_outbox.hpp"
#include "uplink/command_gate.hpp"
#include "uplink/hub_transport.hpp"
#include "uplink/refusal_counts.hpp"
#include "uplink/trust_keeper.hpp"

namespace camgate::uplink {

class TrustSync {
  public:
    using Trusted = std::function<void(const Trust&)>;

    /// Without a keeper nothing is taken; without a gate nobody commands. What it borrows outlives it.
    TrustSync(outbox::AsyncOutbox& store, RefusalCounts& refused, std::shared_ptr<TrustKeeper> keeper,
              std::shared_ptr<CommandGate> gate, Trusted trusted);

    void onTrust(const HubMessage& message);

  private:
    using News = std::optional<Trust>;
    void onOffered(const Result<News>& news);

    outbox::AsyncOutbox& store_;
    RefusalCounts& refused_;
    std::shared_ptr<TrustKeeper> keeper_;
    std::shared_ptr<CommandGate> gate_;
    Trusted trusted_;
    Lifeline lifeline_;
};

}  // namespace camgate::uplink
