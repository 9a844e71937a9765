#include "uplink/trust_sync.hpp"

#include <utility>

#include "base/log.hpp"

namespace camgate::uplink {

TrustSync::TrustSync(outbox::AsyncOutbox& store, RefusalCounts& refused, std::shared_ptr<TrustKeeper> keeper,
                     std::shared_ptr<CommandGate> gate, Trusted trusted)
    : store_(store),
      refused_(refused),
      keeper_(std::move(keeper)),
      gate_(std::move(gate)),
      trusted_(std::move(trusted)) {}

void TrustSync::onTrust(const HubMessage& message) {
    if (message.payload.empty() || !keeper_) return;
    const auto offer = [keeper = keeper_, gate = gate_,
                        text = message.payload](outbox::Outbox&) -> Result<News> {
        auto news = keeper->offer(asText(text));
        // Before the next envelope is opened, which happens on this thread too.
        if (news && *news && gate) gate->follow(**news);
        return news;
    };
    store_.ask<News>(offer, lifeline_.guard([this](const Result<News>& news) { onOffered(news); }));
}

void TrustSync::onOffered(const Result<News>& news) {
    if (!news) {
        refused_.add(news.error().kind == ErrorKind::FailedPrecondition ? "old-trust" : "bad-trust");
        logEvent(LogLevel::Warning, "uplink", "trust-refused", {{"why", news.error()}});
        return;
    }
    if (!*news) return;  // retained: it comes again with every subscription
    const Trust& trust = **news;
    logEvent(LogLevel::Info, "uplink", "trust-changed",
             {{"version", trust.version}, {"revoked", trust.revoked.size()}});
    if (trusted_) trusted_(trust);
}

}  // namespace camgate::uplink
