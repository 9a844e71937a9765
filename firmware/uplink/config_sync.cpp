#include "uplink/config_sync.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/log.hpp"
#include "evidence/bounded_json.hpp"
#include "evidence/object_reader.hpp"
#include "uplink/hub_messages.hpp"
#include "uplink/messages.hpp"
#include "uplink/topics.hpp"

namespace camgate::uplink {
namespace {

constexpr std::string_view kEnvelopeName = "config.desired";

}  // namespace

Result<DesiredConfiguration> parseDesired(ByteView payload) {
    const auto value = evidence::parseBoundedObject(asText(payload), kLongestDown_bytes);
    if (!value) return std::unexpected(value.error());
    evidence::ObjectReader in(*value);
    in.number("v", 1, 1);
    DesiredConfiguration desired;
    desired.revision = in.number("revision", 1);
    desired.base_revision = in.number("base_revision", 0);
    // A text, so that what is wrong with it stays as it is until all of it is named.
    desired.document = in.text("document", kLongestDown_bytes);
    if (auto read = in.status(); !read) return std::unexpected(read.error());
    return desired;
}

ConfigSync::ConfigSync(EventLoop& loop, Channel& control, outbox::AsyncOutbox& store, RefusalCounts& refused,
                       std::shared_ptr<const CommandGate> gate, ConfigurationOwner* owner)
    : loop_(loop),
      control_(control),
      store_(store),
      refused_(refused),
      gate_(std::move(gate)),
      owner_(owner) {}

void ConfigSync::onDesired(const HubMessage& message) {
    if (message.payload.empty() || owner_ == nullptr) return;  // empty: the hub took its wish back
    if (!gate_) return refused_.add(toString(evidence::EnvelopeRefusal::UnknownKey));
    if (message.payload.size() > evidence::kMaxEnvelope_bytes) return refused_.add("malformed");
    const auto open = [gate = gate_, text = message.payload,
                       now = loop_.clock().wallNow()](outbox::Outbox& outbox) -> Result<Opened> {
        return gate->open(asText(text), kEnvelopeName, now, outbox);
    };
    store_.ask<Opened>(open, lifeline_.guard([this](const Result<Opened>& opened) { onOpened(opened); }));
}

void ConfigSync::onOpened(const Result<Opened>& opened) {
    if (!opened) return refused_.add(toString(evidence::EnvelopeRefusal::Storage));
    const Opened& envelope = *opened;
    if (!envelope) {
        const auto refusal = envelope.error().refusal;
        refused_.add(toString(refusal));
        // A retained wish comes again with every subscription: that is no news.
        if (refusal != evidence::EnvelopeRefusal::OldCounter) {
            logEvent(LogLevel::Warning, "uplink", "desired-refused",
                     {{"reason", toString(refusal)}, {"detail", envelope.error().detail}});
        }
        return;
    }
    auto desired = parseDesired(envelope->payload);
    if (!desired) {
        refused_.add("malformed");
        logEvent(LogLevel::Warning, "uplink", "desired-refused",
                 {{"reason", "malformed"}, {"detail", desired.error()}});
        return;
    }
    desired->who = envelope->signer_name;
    owner_->onDesired(*desired);
}

void ConfigSync::publish() {
    retry_.cancel();
    if (owner_ == nullptr || !control_.up()) return;
    const std::string json = owner_->reportedJson();
    if (json.empty()) return;
    HubMessage message;
    message.topic = topicSuffix(Topic::ConfigReported);
    message.payload = payloadOf(json);
    message.content_type = "application/json";
    message.retain = true;
    const auto done = [this](Fate fate) {
        if (brokerHas(fate) || !control_.up() || retry_.active()) return;
        retry_ = loop_.runAfter(kRetry, [this] { publish(); });
    };
    if (!control_.publish(std::move(message), lifeline_.guard(done))) done(Fate::Refused);
}

}  // namespace camgate::uplink
