#include "uplink/telemetry.hpp"

#include <utility>

#include "uplink/topics.hpp"

namespace camgate::uplink {

Telemetry::Telemetry(EventLoop& loop, Channel& control, outbox::AsyncOutbox& store,
                     TelemetryProvider& provider, std::function<UplinkFigures()> uplink_figures)
    : loop_(loop),
      control_(control),
      store_(store),
      provider_(provider),
      uplink_figures_(std::move(uplink_figures)) {}

void Telemetry::start() {
    timer_ = loop_.runEvery(kPeriod, [this] {
        if (!control_.up()) return;
        store_.ask<std::vector<outbox::Gap>>([](outbox::Outbox& outbox) { return outbox.gaps(); },
                                             lifeline_.guard([this](Result<std::vector<outbox::Gap>> gaps) {
                                                 publish(gaps.value_or(std::vector<outbox::Gap>{}));
                                             }));
    });
}

void Telemetry::publish(const std::vector<outbox::Gap>& gaps) {
    UplinkFigures figures = uplink_figures_();
    figures.gaps = gaps;
    HubMessage message;
    message.topic = topicSuffix(Topic::Telemetry);
    message.payload = payloadOf(telemetryJson(loop_.clock().wallNow().time, provider_.telemetry(), figures));
    message.content_type = "application/json";
    message.expiry_s = static_cast<std::uint32_t>(std::chrono::seconds(60).count());
    // Without room in the window this minute is skipped: the next has newer figures.
    static_cast<void>(control_.publish(std::move(message), {}));
}

}  // namespace camgate::uplink
