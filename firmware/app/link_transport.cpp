#include "app/link_transport.hpp"

#include <utility>

#include "base/back_off.hpp"
#include "base/log.hpp"
#include "ipc/camera_messages.hpp"

namespace camgate::app {
namespace {

/// Gateways that lost one broker at one moment must not come back at one.
constexpr ipc::SupervisorPolicy kLinkPolicy{.longest_silence = std::chrono::seconds(15),
                                            .random = randomShare};
// MQTT 5
constexpr std::uint8_t kNoMatchingSubscribers = 0x10;
constexpr std::uint8_t kFirstRefusal = 0x80;

uplink::Fate fateOf(std::uint8_t reason_code) {
    if (reason_code >= kFirstRefusal) return uplink::Fate::Refused;
    return reason_code == kNoMatchingSubscribers ? uplink::Fate::Unheard : uplink::Fate::Accepted;
}

Status checkHello(ByteView payload) {
    const auto hello = ipc::decodeHello(payload);
    if (!hello) return std::unexpected(hello.error());
    if (hello->protocol == ipc::kProtocolVersion) return {};
    return fail(ErrorKind::FailedPrecondition, "the link worker speaks protocol " +
                                                   std::to_string(hello->protocol) + ", expected " +
                                                   std::to_string(ipc::kProtocolVersion));
}

}  // namespace

LinkTransport::LinkTransport(EventLoop& loop, ipc::Launcher& launcher, ipc::WorkerRole role,
                             std::function<ipc::LinkSettings()> settings)
    : supervisor_(loop, launcher, role, ipc::ChannelLimits{ipc::longestFromLink}, kLinkPolicy, *this),
      settings_(std::move(settings)) {}

void LinkTransport::open() {
    wanted_ = true;
    supervisor_.start();
}

void LinkTransport::renew() {
    if (!wanted_) return;
    const bool was_up = up();
    close();
    if (was_up && listener_ != nullptr) listener_->onDown("other settings");
    open();
}

void LinkTransport::close() {
    wanted_ = false;
    supervisor_.stopAfter(static_cast<std::uint16_t>(ipc::LinkMessage::Disconnect), {});
    report_ = {};
}

bool LinkTransport::publish(std::uint64_t id, const uplink::HubMessage& message) {
    if (!up()) return false;
    const ipc::PublishRequest request{id,
                                      message.expiry_s,
                                      {message.topic, message.payload, message.content_type,
                                       message.response_topic, message.correlation, message.retain}};
    return supervisor_.send(static_cast<std::uint16_t>(ipc::LinkMessage::Publish), encode(request));
}

void LinkTransport::setPace(std::uint64_t bytes_per_s) {
    if (std::exchange(pace_bytes_per_s_, bytes_per_s) != bytes_per_s && supervisor_.running()) sendPace();
}

void LinkTransport::sendPace() {
    supervisor_.send(static_cast<std::uint16_t>(ipc::LinkMessage::Pace), ipc::encodePace(pace_bytes_per_s_));
}

void LinkTransport::onWorkerStarted() {
    supervisor_.send(static_cast<std::uint16_t>(ipc::LinkMessage::Settings), encode(settings_()));
    if (pace_bytes_per_s_ != 0) sendPace();
}

Status LinkTransport::onWorkerMessage(std::uint16_t type, ByteView payload) {
    switch (static_cast<ipc::LinkMessage>(type)) {
        case ipc::LinkMessage::Hello:
            return checkHello(payload);
        case ipc::LinkMessage::Report:
            return onReport(payload);
        case ipc::LinkMessage::Published:
            return onPublished(payload);
        case ipc::LinkMessage::Arrived:
            return onArrived(payload);
        default:
            return fail(ErrorKind::Corruption, "unexpected message type " + std::to_string(type));
    }
}

Status LinkTransport::onReport(ByteView payload) {
    auto report = ipc::decodeLinkReport(payload);
    if (!report) return std::unexpected(report.error());
    const ipc::LinkState before = std::exchange(report_, std::move(*report)).state;
    if (before == report_.state) return {};
    logEvent(report_.state == ipc::LinkState::Up ? LogLevel::Info : LogLevel::Warning, "link", "link-state",
             {{"state", toString(report_.state)}, {"detail", report_.detail}});
    if (listener_ == nullptr) return {};
    if (report_.state == ipc::LinkState::Up) {
        listener_->onUp();
    } else if (before == ipc::LinkState::Up) {
        listener_->onDown(report_.detail);
    }
    return {};
}

Status LinkTransport::onPublished(ByteView payload) {
    const auto published = ipc::decodePublished(payload);
    if (!published) return std::unexpected(published.error());
    if (listener_ != nullptr) listener_->onPublished(published->id, fateOf(published->reason_code));
    return {};
}

Status LinkTransport::onArrived(ByteView payload) {
    auto message = ipc::decodeMqttMessage(payload);
    if (!message) return std::unexpected(message.error());
    if (listener_ == nullptr) return {};
    listener_->onMessage({message->topic, std::move(message->payload), message->content_type,
                          message->response_topic, std::move(message->correlation), message->retain});
    return {};
}

void LinkTransport::onWorkerEnded(const Error& why) {
    const bool was_up = up();
    // The worker's own last word says more than its end does.
    if (was_up) report_.state = ipc::LinkState::Lost, report_.detail = why.context;
    if (was_up && listener_ != nullptr) listener_->onDown(why.context);
}

}  // namespace camgate::app
