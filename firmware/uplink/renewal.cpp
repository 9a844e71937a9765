#include "uplink/renewal.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/back_off.hpp"
#include "base/log.hpp"
#include "evidence/bounded_json.hpp"
#include "evidence/object_reader.hpp"
#include "evidence/signed_document.hpp"
#include "uplink/messages.hpp"
#include "uplink/topics.hpp"

namespace camgate::uplink {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestWord_bytes = kLongestRequest_bytes * 2 + 16384;
/// Whether the time is known by now.
constexpr Duration kLook = std::chrono::minutes(10);
constexpr evidence::DocumentKind kWord{"renewal", "camgate-renewal-v1", kLongestWord_bytes};

}  // namespace

Result<std::string> signRenewal(const std::string& request, const crypto::Identity& evidence_key) {
    const auto document = evidence::signDocument(kWord, asBytes(request), evidence_key);
    if (!document) return std::unexpected(document.error());
    return R"({"v":1,"signed":)" + *document + "}";
}

Result<RenewalWord> verifyRenewal(std::string_view message, const crypto::Certificate& authority,
                                  WallTime at) {
    const auto document = evidence::parseBoundedObject(message, kLongestWord_bytes + 64);
    if (!document) return passOn(document.error(), "renewal");
    evidence::ObjectReader in(*document);
    in.number("v", 1, 1);
    const std::string text = in.nested("signed");
    if (auto read = in.status(); !read) return passOn(read.error(), "renewal");
    const auto word = evidence::verifyDocument(kWord, text, authority, at);
    if (!word) return passOn(word.error(), "renewal");
    return RenewalWord{std::string(asText(word->bytes)), word->signer_name, word->signer};
}

Renewal::Renewal(EventLoop& loop, Channel& control, outbox::AsyncOutbox& state, RefusalCounts& refused,
                 std::shared_ptr<IdentityStore> store, RenewalSettings settings)
    : loop_(loop),
      control_(control),
      state_(state),
      refused_(refused),
      store_(std::move(store)),
      settings_(std::move(settings)) {}

Duration Renewal::backOff(int asked, Duration left) {
    Duration wait = kLeastWait;
    for (int i = 1; i < asked && wait < kCheck; ++i) wait *= 2;
    return std::max(std::min({wait, kCheck, left / 16}), kLeastWait);
}

void Renewal::onUp() {
    if (!store_ || !settings_.evidence) return;
    // What the broker has taken is not asked for again because the line came back.
    checkIn(std::max(next_ - loop_.clock().bootNow(), Duration::zero()));
}

void Renewal::checkIn(Duration wait) {
    next_ = loop_.clock().bootNow() + wait;
    if (!control_.up()) return;  // onUp() goes on
    if (wait == Duration::zero()) return check();
    check_ = loop_.runAfter(wait, [this] {
        check_.cancel();
        check();
    });
}

void Renewal::check() {
    const WallReading now = loop_.clock().wallNow();
    if (installed_) return;
    if (now.quality == WallQuality::Unsynced) return checkIn(kLook);
    if (!due(settings_.from, settings_.to, now.time)) return checkIn(kCheck);
    const auto make = [store = store_, evidence = settings_.evidence,
                       now = now.time](outbox::Outbox&) -> Result<Message> {
        const auto reverted = store->reverted();
        if (reverted && now - *reverted < kTryAgain && *reverted <= now) return std::nullopt;
        const auto request = store->request({});
        if (!request) return std::unexpected(request.error());
        auto message = signRenewal(*request, *evidence);
        if (!message) return std::unexpected(message.error());
        return std::optional(std::move(*message));
    };
    state_.ask<Message>(make, lifeline_.guard([this](const Result<Message>& message) { ask(message); }));
}

void Renewal::ask(const Result<Message>& message) {
    if (!control_.up()) return;
    if (message && !*message) return checkIn(kCheck);
    const Duration wait = backOff(++asked_, settings_.to - loop_.clock().wallNow().time);
    checkIn(settings_.random == nullptr ? wait : spreadBackOff(wait, settings_.random()));
    if (!message) return logEvent(LogLevel::Warning, "uplink", "renewal-failed", {{"why", message.error()}});
    HubMessage out;
    out.topic = topicSuffix(Topic::Renewal);
    out.payload = payloadOf(**message);
    out.content_type = "application/json";
    if (!control_.publish(std::move(out), lifeline_.guard([this](Fate fate) { onFate(fate); })))
        onFate(Fate::Lost);
}

/// What never reached the broker is asked for when the line is back.
void Renewal::onFate(Fate fate) {
    if (fate != Fate::Lost) return;
    next_ = loop_.clock().bootNow();
    asked_ = std::max(asked_ - 1, 0);
}

void Renewal::onBundle(const HubMessage& message) {
    if (!store_ || installed_) return;
    const auto accept = [store = store_, text = message.payload, authority = settings_.authority_pem,
                         anchor = settings_.anchor_pem,
                         now = loop_.clock().wallNow().time](outbox::Outbox&) -> Result<bool> {
        const auto bundle = readCertificateBundle(asText(text));
        if (!bundle) return std::unexpected(bundle.error());
        if (auto kept = store->accept(*bundle, authority, anchor, now); !kept)
            return std::unexpected(kept.error());
        return true;
    };
    state_.ask<bool>(accept, lifeline_.guard([this](const Result<bool>& done) { onAccepted(done); }));
}

void Renewal::onAccepted(const Result<bool>& accepted) {
    if (!accepted) {
        refused_.add("bad-bundle");
        logEvent(LogLevel::Warning, "uplink", "renewal-failed", {{"why", accepted.error()}});
        return;
    }
    if (std::exchange(installed_, true)) return;
    logEvent(LogLevel::Info, "uplink", "renewal-on-trial");
    settings_.installed();
}

}  // namespace camgate::uplink
