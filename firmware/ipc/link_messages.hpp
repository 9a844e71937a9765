// What camgated and a link worker say to each other. A link worker lives for one MQTT connection: it
// connects, publishes, reports acknowledgements, hands on what arrives, and ends when the connection does.
// Implements docs/ref/ipc.md. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

namespace camgate::ipc {

enum class LinkMessage : std::uint16_t {
    // to the worker
    Settings = 1,
    Publish = 2,
    Disconnect = 3,  // clean: the broker does not send the will
    Pace = 4,        // bytes a second that go to the wire
    // from the worker
    Hello = 16,
    Report = 17,  // at least once a second: it is the heartbeat
    Published = 18,
    Arrived = 19,
};

enum class LinkState : std::uint8_t {
    Connecting,
    Up,
    Unreachable,  ///< name, route or port
    TlsFailed,    ///< certificate, name, protocol: detail says which
    Refused,      ///< the broker said no
    Lost,         ///< was up
    AckOverdue,   ///< up, but the broker stopped acknowledging
    Count
};
/// "connecting", "up", "unreachable", "tls-failed", ...
std::string_view toString(LinkState state);

struct LinkSettings {
    std::string host;
    std::uint16_t port = 8883;
    bool tls = true;
    std::string server_name;  ///< that the broker's certificate must carry; empty: host
    std::string ca_pem;
    std::string certificate_pem;
    std::string key_pem;
    std::string client_id;
    bool clean_start = false;
    std::uint32_t session_expiry_s = 86'400;
    std::uint16_t keepalive_s = 20;
    std::uint16_t receive_maximum = 16;
    std::uint16_t window = 16;  ///< publishes in flight; the broker's Receive Maximum may lower it
    std::uint16_t ack_deadline_s = 10;
    std::vector<std::string> subscriptions;  ///< QoS 1
    std::string will_topic;                  ///< empty: no will
    std::string will_payload;
    std::uint32_t will_delay_s = 10;
};

struct MqttMessage {
    std::string topic;
    Bytes payload;
    std::string content_type;
    std::string response_topic;
    Bytes correlation;
    bool retain = false;
    bool operator==(const MqttMessage&) const = default;
};

struct PublishRequest {
    std::uint64_t id = 0;        ///< comes back in Published
    std::uint32_t expiry_s = 0;  ///< 0: none
    MqttMessage message;         ///< QoS 1
};

struct LinkReport {
    LinkState state = LinkState::Connecting;
    std::string detail;  ///< for people, at most 400 bytes
    bool session_present = false;
    std::uint16_t window = 0;         ///< what may be in flight, once up
    std::uint32_t round_trip_ms = 0;  ///< of the last acknowledgement; 0: not measured yet
    bool paced = false;               ///< the kernel keeps the connection to the pace
};

struct Published {
    std::uint64_t id = 0;
    std::uint8_t reason_code = 0;  ///< MQTT 5; below 0x80 the broker has it
};

constexpr std::size_t kMaxMqttPayload_bytes = 256U << 10U;

std::size_t longestFromLink(std::uint16_t type);
std::size_t longestToLink(std::uint16_t type);

Bytes encode(const LinkSettings& settings);
Bytes encode(const PublishRequest& request);
Bytes encodePace(std::uint64_t bytes_per_s);
Bytes encode(const LinkReport& report);
Bytes encode(const Published& published);
Bytes encode(const MqttMessage& message);

[[nodiscard]] Result<LinkSettings> decodeLinkSettings(ByteView payload);
[[nodiscard]] Result<PublishRequest> decodePublishRequest(ByteView payload);
[[nodiscard]] Result<std::uint64_t> decodePace(ByteView payload);
[[nodiscard]] Result<LinkReport> decodeLinkReport(ByteView payload);
[[nodiscard]] Result<Published> decodePublished(ByteView payload);
[[nodiscard]] Result<MqttMessage> decodeMqttMessage(ByteView payload);

}  // namespace camgate::ipc
