#include "ipc/link_messages.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "ipc/codec.hpp"

namespace camgate::ipc {
namespace {

constexpr std::size_t kMaxPem_bytes = 32U << 10U;
constexpr std::size_t kMaxSubscriptions = 16;
constexpr std::size_t kMaxCorrelation_bytes = 1024;

constexpr std::array<std::string_view, static_cast<std::size_t>(LinkState::Count)> kLinkStateNames{
    "connecting", "up", "unreachable", "tls-failed", "refused", "lost", "ack-overdue"};

constexpr std::size_t kLongestMqtt_bytes = kMaxMqttPayload_bytes + 8 * kMaxText_bytes;
constexpr std::array kFromLink{
    limitOf(LinkMessage::Hello, 64),
    limitOf(LinkMessage::Report, 1024),
    limitOf(LinkMessage::Published, 64),
    limitOf(LinkMessage::Arrived, kLongestMqtt_bytes),
};
constexpr std::array kToLink{
    limitOf(LinkMessage::Settings, 256U << 10U),
    limitOf(LinkMessage::Publish, kLongestMqtt_bytes),
    limitOf(LinkMessage::Disconnect, 1),
    limitOf(LinkMessage::Pace, sizeof(std::uint64_t)),
};

Bytes copied(ByteView bytes) {
    return {bytes.begin(), bytes.end()};
}

void putMessage(ByteWriter& out, const MqttMessage& message) {
    out.putSized(message.topic);
    out.putSized(message.payload);
    out.putSized(message.content_type);
    out.putSized(message.response_topic);
    out.putSized(message.correlation);
    putBool(out, message.retain);
}

MqttMessage getMessage(ByteReader& in) {
    MqttMessage message;
    message.topic = in.getText(kMaxText_bytes);
    message.payload = copied(in.getSized(kMaxMqttPayload_bytes));
    message.content_type = in.getText(kMaxText_bytes);
    message.response_topic = in.getText(kMaxText_bytes);
    message.correlation = copied(in.getSized(kMaxCorrelation_bytes));
    message.retain = getBool(in);
    return message;
}

}  // namespace

std::string_view toString(LinkState state) {
    return kLinkStateNames.at(static_cast<std::size_t>(state));
}

std::size_t longestFromLink(std::uint16_t type) {
    return longestOf(kFromLink, type);
}

std::size_t longestToLink(std::uint16_t type) {
    return longestOf(kToLink, type);
}

Bytes encode(const LinkSettings& settings) {
    ByteWriter out;
    out.putSized(settings.host);
    out.put(settings.port);
    putBool(out, settings.tls);
    for (const auto* text : {&settings.server_name, &settings.ca_pem, &settings.certificate_pem,
                             &settings.key_pem, &settings.client_id}) {
        out.putSized(*text);
    }
    putBool(out, settings.clean_start);
    out.put(settings.session_expiry_s);
    out.put(settings.keepalive_s);
    out.put(settings.receive_maximum);
    out.put(settings.window);
    out.put(settings.ack_deadline_s);
    out.put(static_cast<std::uint8_t>(settings.subscriptions.size()));
    for (const auto& topic : settings.subscriptions) out.putSized(topic);
    out.putSized(settings.will_topic);
    out.putSized(settings.will_payload);
    out.put(settings.will_delay_s);
    return std::move(out).take();
}

Result<LinkSettings> decodeLinkSettings(ByteView payload) {
    ByteReader in(payload);
    LinkSettings settings;
    settings.host = in.getText(kMaxText_bytes);
    settings.port = in.get<std::uint16_t>();
    settings.tls = getBool(in);
    settings.server_name = in.getText(kMaxText_bytes);
    settings.ca_pem = in.getText(kMaxPem_bytes);
    settings.certificate_pem = in.getText(kMaxPem_bytes);
    settings.key_pem = in.getText(kMaxPem_bytes);
    settings.client_id = in.getText(kMaxText_bytes);
    settings.clean_start = getBool(in);
    settings.session_expiry_s = in.get<std::uint32_t>();
    settings.keepalive_s = in.get<std::uint16_t>();
    settings.receive_maximum = in.get<std::uint16_t>();
    settings.window = in.get<std::uint16_t>();
    settings.ack_deadline_s = in.get<std::uint16_t>();
    const std::size_t subscriptions = in.get<std::uint8_t>();
    if (subscriptions > kMaxSubscriptions) in.markBad();
    for (std::size_t i = 0; in.ok() && i < subscriptions; ++i)
        settings.subscriptions.push_back(in.getText(kMaxText_bytes));
    settings.will_topic = in.getText(kMaxText_bytes);
    settings.will_payload = in.getText(kMaxMqttPayload_bytes);
    settings.will_delay_s = in.get<std::uint32_t>();
    return finish(in, std::move(settings), "link settings");
}

Bytes encode(const PublishRequest& request) {
    ByteWriter out;
    out.put(request.id);
    out.put(request.expiry_s);
    putMessage(out, request.message);
    return std::move(out).take();
}

Result<PublishRequest> decodePublishRequest(ByteView payload) {
    ByteReader in(payload);
    PublishRequest request;
    request.id = in.get<std::uint64_t>();
    request.expiry_s = in.get<std::uint32_t>();
    request.message = getMessage(in);
    return finish(in, std::move(request), "publish request");
}

Bytes encodePace(std::uint64_t bytes_per_s) {
    ByteWriter out;
    out.put(bytes_per_s);
    return std::move(out).take();
}

Result<std::uint64_t> decodePace(ByteView payload) {
    ByteReader in(payload);
    const auto bytes_per_s = in.get<std::uint64_t>();
    return finish(in, bytes_per_s, "pace");
}

Bytes encode(const LinkReport& report) {
    ByteWriter out;
    out.put(static_cast<std::uint8_t>(report.state));
    out.putSized(std::string_view(report.detail).substr(0, kMaxDetail_bytes));
    putBool(out, report.session_present);
    out.put(report.window);
    out.put(report.round_trip_ms);
    putBool(out, report.paced);
    return std::move(out).take();
}

Result<LinkReport> decodeLinkReport(ByteView payload) {
    ByteReader in(payload);
    LinkReport report;
    const auto state = in.get<std::uint8_t>();
    if (state >= static_cast<std::uint8_t>(LinkState::Count)) in.markBad();
    report.state = in.ok() ? static_cast<LinkState>(state) : LinkState::Connecting;
    report.detail = in.getText(kMaxDetail_bytes);
    report.session_present = getBool(in);
    report.window = in.get<std::uint16_t>();
    report.round_trip_ms = in.get<std::uint32_t>();
    report.paced = getBool(in);
    return finish(in, std::move(report), "link report");
}

Bytes encode(const Published& published) {
    ByteWriter out;
    out.put(published.id);
    out.put(published.reason_code);
    return std::move(out).take();
}

Result<Published> decodePublished(ByteView payload) {
    ByteReader in(payload);
    Published published;
    published.id = in.get<std::uint64_t>();
    published.reason_code = in.get<std::uint8_t>();
    return finish(in, published, "published");
}

Bytes encode(const MqttMessage& message) {
    ByteWriter out;
    putMessage(out, message);
    return std::move(out).take();
}

Result<MqttMessage> decodeMqttMessage(ByteView payload) {
    ByteReader in(payload);
    MqttMessage message = getMessage(in);
    return finish(in, std::move(message), "arrived message");
}

}  // namespace camgate::ipc
