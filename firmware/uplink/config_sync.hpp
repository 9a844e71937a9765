// The configuration between hub and gateway: opens what comes on `config/desired`, keeps `config/reported` as
// it is. What a document means is not known here. Loop thread only. Implements docs/ref/mqtt.md (config).
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/event_loop.hpp"
#include "base/lifeline.hpp"
#include "outbox/async_outbox.hpp"
#include "uplink/channel.hpp"
#include "uplink/command_gate.hpp"
#include "uplink/refusal_counts.hpp"

namespace camgate::uplink {

struct DesiredConfiguration {
    std::uint64_t revision = 0;
    std::uint64_t base_revision = 0;
    std::string document;  ///< JSON text
    std::string who;       ///< name in the signer's certificate
};

/// InvalidArgument names the field.
[[nodiscard]] Result<DesiredConfiguration> parseDesired(ByteView payload);

/// Who decides about configurations.
class ConfigurationOwner {
  public:
    virtual ~ConfigurationOwner() = default;
    virtual void onDesired(const DesiredConfiguration& desired) = 0;
    /// As published now; empty: nothing is known yet.
    virtual std::string reportedJson() const = 0;
};

class ConfigSync {
  public:
    static constexpr Duration kRetry = std::chrono::seconds(5);

    /// Without an owner or a gate nothing is taken. What it borrows outlives it.
    ConfigSync(EventLoop& loop, Channel& control, outbox::AsyncOutbox& store, RefusalCounts& refused,
               std::shared_ptr<const CommandGate> gate, ConfigurationOwner* owner);

    void onUp() { publish(); }
    void onDown() { retry_.cancel(); }
    void onDesired(const HubMessage& message);
    /// What is reported is another now.
    void changed() { publish(); }

  private:
    using Opened = std::expected<evidence::OpenedEnvelope, evidence::EnvelopeFault>;

    void onOpened(const Result<Opened>& opened);
    void publish();

    EventLoop& loop_;
    Channel& control_;
    outbox::AsyncOutbox& store_;
    RefusalCounts& refused_;
    std::shared_ptr<const CommandGate> gate_;
    ConfigurationOwner* owner_;
    LoopHandle retry_;
    Lifeline lifeline_;
};

}  // namespace camgate::uplink
