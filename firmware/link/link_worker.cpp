#include "link/link_worker.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "ipc/camera_messages.hpp"
#include "ipc/roles.hpp"
#include "link/credentials.hpp"
#include "link/reachability.hpp"
#include "link/socket_pace.hpp"

namespace camgate::link {
namespace {

using ipc::LinkMessage;
using ipc::LinkState;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kHeartbeat{1};
constexpr milliseconds kDeadlineCheck{250};
constexpr seconds kFlushLimit{1};
constexpr seconds kDisconnectLimit{2};
constexpr seconds kReachabilityLimit{3};
constexpr std::size_t kMaxDetail_bytes = 400;
/// Fixed header, topic length, packet id and property lengths of a PUBLISH, at their longest.
constexpr std::size_t kPublishHeaders_bytes = 32;

ipc::ChannelLimits channelLimits() {
    ipc::ChannelLimits limits;
    limits.longest_message = &ipc::longestToLink;
    return limits;
}

std::size_t packetBytes(const ipc::MqttMessage& message) {
    return message.topic.size() + message.payload.size() + message.content_type.size() +
           message.response_topic.size() + message.correlation.size() + kPublishHeaders_bytes;
}

}  // namespace

LinkWorker::LinkWorker(EventLoop& loop, UniqueFd socket, std::function<void(LinkEnd)> on_end)
    : loop_(loop), on_end_(std::move(on_end)), session_(loop, *this) {
    channel_ = std::make_unique<ipc::FrameChannel>(
        loop_, std::move(socket), channelLimits(),
        [this](std::uint16_t type, ByteView payload) { onChannelMessage(type, payload); },
        [this](const Error& why) {
            // The daemon is gone or malformed: no clean disconnect, so that the broker sends the will.
            logEvent(LogLevel::Info, "link", "link-daemon-gone", {{"why", why}});
            endNow(LinkEnd::Failed);
        });
    const ipc::WorkerHello hello{ipc::kProtocolVersion, static_cast<std::uint32_t>(::getpid())};
    channel_->send(static_cast<std::uint16_t>(LinkMessage::Hello), ipc::encode(hello));
    heartbeat_ = loop_.runEvery(kHeartbeat, [this] { report(); });
}

void LinkWorker::onChannelMessage(std::uint16_t type, ByteView payload) {
    if (ending_) return;
    switch (static_cast<LinkMessage>(type)) {
        case LinkMessage::Settings:
            return takeSettings(payload);
        case LinkMessage::Publish:
            return takePublish(payload);
        case LinkMessage::Disconnect:
            return takeDisconnect();
        case LinkMessage::Pace:
            return takePace(payload);
        default:
            return endNow(LinkEnd::Failed);
    }
}

void LinkWorker::takeSettings(ByteView payload) {
    auto settings = ipc::decodeLinkSettings(payload);
    if (!settings || has_settings_) return endWith(LinkState::Refused, "malformed or repeated settings");
    settings_ = std::move(*settings);
    has_settings_ = true;
    if (auto usable = checkCredentials(settings_); !usable) {
        return endWith(LinkState::TlsFailed, usable.error().context);
    }
    waiting_for_broker_since_ = loop_.clock().bootNow();
    setState(LinkState::Connecting, settings_.host + ":" + std::to_string(settings_.port));
    if (auto started = session_.connect(settings_); !started) {
        return endWith(LinkState::Unreachable, started.error().context);
    }
    deadline_ = loop_.runEvery(kDeadlineCheck, [this] { checkDeadline(); });
}

void LinkWorker::takePublish(ByteView payload) {
    const auto request = ipc::decodePublishRequest(payload);
    if (!request) return endWith(LinkState::Refused, "malformed publish");
    if (report_.state != LinkState::Up || disconnecting_) return answer(request->id, kUnspecified);
    if (window_.full()) return answer(request->id, kQuotaExceeded);
    if (maximum_packet_bytes_ != 0 && packetBytes(request->message) > maximum_packet_bytes_) {
        return answer(request->id, kPacketTooLarge);
    }
    const std::uint32_t ticket = window_.start(request->id, loop_.clock().bootNow());
    if (!session_.publish(ticket, *request)) onAcknowledged(ticket, kUnspecified);
}

void LinkWorker::takeDisconnect() {
    const bool connected = report_.state == LinkState::Up;
    disconnecting_ = true;
    waiting_for_broker_since_ = loop_.clock().bootNow();
    if (!connected || !session_.disconnect()) endNow(LinkEnd::Clean);
}

void LinkWorker::takePace(ByteView payload) {
    const auto pace = ipc::decodePace(payload);
    if (!pace || *pace == 0) return endWith(LinkState::Refused, "malformed pace");
    pace_bytes_per_s_ = *pace;
    if (report_.window != 0) report_.paced = paceConnections(pace_bytes_per_s_);
}

void LinkWorker::onConnected(const ConnectionFacts& facts) {
    session_.forgetCredentials();
    if (pace_bytes_per_s_ != 0) report_.paced = paceConnections(pace_bytes_per_s_);
    maximum_packet_bytes_ = facts.maximum_packet_bytes;
    report_.session_present = facts.session_present;
    report_.window = windowBelow(settings_.window, facts.receive_maximum);
    window_.setLimit(report_.window);
    waiting_for_broker_since_ = loop_.clock().bootNow();
    if (settings_.subscriptions.empty()) return onSubscribed();
    if (auto asked = session_.subscribe(settings_.subscriptions); !asked) {
        endWith(LinkState::Lost, asked.error().context);
    }
}

void LinkWorker::onConnectFailed(const ConnectFailure& failure) {
    session_.forgetCredentials();
    Outcome outcome = outcomeOf(failure);
    const std::string fault = validityFault(settings_.certificate_pem);
    if (outcome.state == LinkState::TlsFailed && !fault.empty()) {
        outcome.detail += " (this gateway's certificate " + fault + " by this clock)";
    }
    if (outcome.detail.empty())
        outcome.detail = whyUnreachable(settings_.host, settings_.port, kReachabilityLimit);
    endWith(outcome.state, outcome.detail);
}

void LinkWorker::onSubscribed() {
    if (!ending_) setState(LinkState::Up, {});
}

void LinkWorker::onSubscribeFailed(int reason_code) {
    endWith(LinkState::Refused, "the broker refused a subscription: " + reasonText(reason_code));
}

void LinkWorker::onAcknowledged(std::uint32_t ticket, int reason_code) {
    const auto id = window_.finish(ticket, loop_.clock().bootNow(), reason_code < 0x80);
    if (id) answer(*id, static_cast<std::uint8_t>(reason_code));
}

void LinkWorker::onMessage(const ipc::MqttMessage& message) {
    if (!ending_) channel_->send(static_cast<std::uint16_t>(LinkMessage::Arrived), ipc::encode(message));
}

void LinkWorker::onLost(int reason_code) {
    if (disconnecting_) return endNow(LinkEnd::Clean);
    endWith(LinkState::Lost,
            reason_code == 0 ? "the connection ended" : "the broker said: " + reasonText(reason_code));
}

void LinkWorker::onDisconnected() {
    endNow(LinkEnd::Clean);
}

void LinkWorker::checkDeadline() {
    const BootTime now = loop_.clock().bootNow();
    if (disconnecting_ && now - waiting_for_broker_since_ > kDisconnectLimit) return endNow(LinkEnd::Clean);
    if (ending_ || disconnecting_) return;
    const seconds longest(settings_.ack_deadline_s);
    const auto oldest = window_.oldest();
    if (oldest && now - *oldest > longest) {
        return endWith(LinkState::AckOverdue, std::to_string(window_.inFlight()) +
                                                  " publishes in flight, the oldest for over " +
                                                  std::to_string(longest.count()) + " s");
    }
    const bool subscribing = report_.state == LinkState::Connecting && report_.window != 0;
    if (subscribing && now - waiting_for_broker_since_ > longest) {
        endWith(LinkState::AckOverdue, "the broker does not acknowledge the subscriptions");
    }
}

void LinkWorker::answer(std::uint64_t id, std::uint8_t reason_code) {
    channel_->send(static_cast<std::uint16_t>(LinkMessage::Published),
                   ipc::encode(ipc::Published{id, reason_code}));
}

void LinkWorker::setState(LinkState state, const std::string& detail) {
    report_.state = state;
    report_.detail = detail.substr(0, kMaxDetail_bytes);
    report();
}

void LinkWorker::report() {
    ipc::LinkReport now = report_;
    now.round_trip_ms =
        static_cast<std::uint32_t>(std::chrono::ceil<milliseconds>(window_.roundTrip()).count());
    if (const auto dropped = session_.droppedMessages() + channel_->droppedMessages(); dropped != 0) {
        const std::string lost = std::to_string(dropped) + " incoming messages dropped";
        now.detail = (now.detail.empty() ? lost : now.detail + "; " + lost).substr(0, kMaxDetail_bytes);
    }
    channel_->send(static_cast<std::uint16_t>(LinkMessage::Report), ipc::encode(now));
}

void LinkWorker::endWith(LinkState state, const std::string& detail) {
    if (ending_) return;
    logEvent(LogLevel::Info, "link", "link-ended", {{"state", ipc::toString(state)}, {"detail", detail}});
    setState(state, detail);
    endNow(LinkEnd::Failed);
}

void LinkWorker::endNow(LinkEnd end) {
    if (std::exchange(ending_, true)) return;
    heartbeat_.cancel();
    ending_since_ = loop_.clock().bootNow();
    flush_ = loop_.runEvery(milliseconds(5), [this, end] { awaitFlush(end); });
}

void LinkWorker::awaitFlush(LinkEnd end) {
    const bool patient = loop_.clock().bootNow() - ending_since_ < kFlushLimit;
    if (channel_->waitingBytes() != 0 && patient) return;
    flush_.cancel();
    on_end_(end);
}

}  // namespace camgate::link
