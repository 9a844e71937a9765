// Measured figures, once a minute while the hub is there; never stored, never repeated. Loop thread only.
// Implements docs/ref/mqtt.md (telemetry).
#pragma once

#include <functional>

#include "base/event_loop.hpp"
#include "base/lifeline.hpp"
#include "outbox/async_outbox.hpp"
#include "uplink/channel.hpp"
#include "uplink/messages.hpp"
#include "uplink/providers.hpp"

namespace camgate::uplink {

class Telemetry {
  public:
    static constexpr Duration kPeriod = std::chrono::seconds(60);

    Telemetry(EventLoop& loop, Channel& control, outbox::AsyncOutbox& store, TelemetryProvider& provider,
              std::function<UplinkFigures()> uplink_figures);

    void start();

  private:
    void publish(const std::vector<outbox::Gap>& gaps);

    EventLoop& loop_;
    Channel& control_;
    outbox::AsyncOutbox& store_;
    TelemetryProvider& provider_;
    std::function<UplinkFigures()> uplink_figures_;
    LoopHandle timer_;
    Lifeline lifeline_;
};

}  // namespace camgate::uplink
