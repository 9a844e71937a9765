#include "uplink/presence.hpp"

#include <utility>

#include "uplink/messages.hpp"
#include "uplink/new_id.hpp"
#include "uplink/topics.hpp"

namespace camgate::uplink {
namespace {

constexpr Duration kRetry = std::chrono::seconds(5);

}  // namespace

Presence::Presence(EventLoop& loop, Channel& control, std::function<std::string(const std::string&)> document)
    : loop_(loop), control_(control), document_(std::move(document)), session_(newId()) {}

std::string Presence::beginSession() {
    session_ = newId();
    return offlineJson(session_);
}

void Presence::onUp() {
    over_ = false;
    publish();
}

void Presence::onDown() {
    timer_.cancel();
}

void Presence::changed() {
    if (!control_.up() || over_ || timer_.active()) return;
    const BootTime due = last_ + kLeastInterval;
    const BootTime now = loop_.clock().bootNow();
    if (now >= due) {
        publish();
    } else {
        publishAfter(due - now);
    }
}

void Presence::sayOffline() {
    over_ = true;
    timer_.cancel();
    send(offlineJson(session_));
}

void Presence::publishAfter(Duration delay) {
    timer_ = loop_.runAfter(delay, [this] {
        timer_.cancel();
        publish();
    });
}

void Presence::publish() {
    last_ = loop_.clock().bootNow();
    send(document_(session_));
}

void Presence::send(const std::string& json) {
    HubMessage message;
    message.topic = topicSuffix(Topic::Status);
    message.payload = payloadOf(json);
    message.content_type = "application/json";
    message.retain = true;
    const auto done = [this](Fate fate) {
        if (!brokerHas(fate) && control_.up() && !over_ && !timer_.active()) publishAfter(kRetry);
    };
    if (!control_.publish(std::move(message), lifeline_.guard(done))) done(Fate::Refused);
}

}  // namespace camgate::uplink
