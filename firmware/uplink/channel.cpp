#include "uplink/channel.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "uplink/topics.hpp"

namespace camgate::uplink {
namespace {

/// The link worker ends a connection that does not acknowledge; this frees the place if it does not either.
constexpr Duration kAckDeadline = std::chrono::seconds(60);
constexpr Duration kDeadlineStep = std::chrono::seconds(10);
constexpr std::uint64_t kMostInFlight_bytes = 1U << 20U;
/// A lost segment holds up what came after it, its own acknowledgement too, for a round trip and more.
constexpr Duration kWindowSlack = std::chrono::milliseconds(500);

}  // namespace

Channel::Channel(EventLoop& loop, HubTransport& transport, std::string gateway, LineBudget& line)
    : loop_(loop), transport_(transport), gateway_(std::move(gateway)), line_(line) {
    transport_.setListener(this);
}

Channel::~Channel() {
    transport_.setListener(nullptr);
}

void Channel::close() {
    transport_.close();
    if (up_) onDown("closed");
}

bool Channel::hasRoom(std::size_t reserve) const {
    const std::size_t window = transport_.window();
    const std::size_t mine = window > reserve ? window - reserve : std::min<std::size_t>(window, 1);
    return up_ && in_flight_.size() < mine;
}

bool Channel::fits(std::size_t message_bytes) const {
    if (!hasRoom()) return false;
    const auto slack = std::chrono::duration_cast<std::chrono::milliseconds>(roundTrip() + kWindowSlack);
    const std::uint64_t window = line_.bytesPerSecond() * static_cast<std::uint64_t>(slack.count()) / 1000;
    return in_flight_.empty() || in_flight_bytes_ + message_bytes <= std::min(window, kMostInFlight_bytes);
}

bool Channel::publish(HubMessage message, Done done) {
    if (!hasRoom()) return false;
    message.topic = fullTopic(gateway_, message.topic);
    const std::size_t bytes = message.payload.size() + message.topic.size();
    const std::uint64_t id = next_id_++;
    in_flight_[id] = {bytes, loop_.clock().bootNow(), std::move(done)};
    in_flight_bytes_ += bytes;
    if (!transport_.publish(id, message)) {
        // The attempt itself may have ended the connection, and lost all.
        if (in_flight_.erase(id) != 0) in_flight_bytes_ -= bytes;
        return false;
    }
    line_.charge(wireBytes(bytes));
    if (!deadline_.active()) deadline_ = loop_.runEvery(kDeadlineStep, [this] { loseOld(); });
    return true;
}

void Channel::onUp() {
    up_ = true;
    line_.chargeUnasked(kConnectOnWire_bytes);
    if (listener_ != nullptr) listener_->onChannelUp();
}

void Channel::onDown(const std::string&) {
    up_ = false;
    loseAll();
    if (listener_ != nullptr) listener_->onChannelDown();
}

void Channel::onPublished(std::uint64_t id, Fate fate) {
    finish(id, fate);
}

void Channel::onMessage(const HubMessage& message) {
    line_.chargeUnasked(kAnswerOnWire_bytes);
    if (listener_ != nullptr) listener_->onChannelMessage(message);
}

void Channel::finish(std::uint64_t id, Fate fate) {
    const auto found = in_flight_.find(id);
    if (found == in_flight_.end()) return;
    const InFlight ended = std::move(found->second);
    in_flight_bytes_ -= ended.bytes;
    in_flight_.erase(found);
    if (in_flight_.empty()) deadline_.cancel();
    if (ended.done) ended.done(fate);
    if (listener_ != nullptr) listener_->onChannelRoom();
}

void Channel::loseAll() {
    const auto lost = std::exchange(in_flight_, {});
    in_flight_bytes_ = 0;
    deadline_.cancel();
    for (const auto& [id, publish] : lost) {
        if (publish.done) publish.done(Fate::Lost);
    }
}

void Channel::loseOld() {
    const BootTime now = loop_.clock().bootNow();
    std::vector<std::uint64_t> old;
    for (const auto& [id, publish] : in_flight_) {
        if (now - publish.since >= kAckDeadline) old.push_back(id);
    }
    for (const std::uint64_t id : old) finish(id, Fate::Lost);
}

}  // namespace camgate::uplink
