#include "link/paho_convert.hpp"

#include <algorithm>

namespace camgate::link {
namespace {

/// Longer messages never leave a broker that keeps to the protocol; those of a careless one are dropped here.
constexpr std::uint32_t kMaxPacket_bytes = 128U << 10U;

std::string textProperty(const mqtt::properties& properties, mqtt::property::code code) {
    return properties.contains(code) ? mqtt::get<std::string>(properties, code) : std::string();
}

mqtt::property number(mqtt::property::code code, std::uint32_t value) {
    return {code, static_cast<std::int32_t>(value)};
}

}  // namespace

ipc::MqttMessage fromPaho(const mqtt::message& message) {
    const auto& payload = message.get_payload();
    const auto& properties = message.get_properties();
    const std::string correlation = textProperty(properties, mqtt::property::CORRELATION_DATA);
    ipc::MqttMessage out;
    out.topic = message.get_topic();
    out.payload.assign(payload.begin(), payload.end());
    out.content_type = textProperty(properties, mqtt::property::CONTENT_TYPE);
    out.response_topic = textProperty(properties, mqtt::property::RESPONSE_TOPIC);
    out.correlation.assign(correlation.begin(), correlation.end());
    out.retain = message.is_retained();
    return out;
}

mqtt::message_ptr toPaho(const ipc::PublishRequest& request) {
    const ipc::MqttMessage& from = request.message;
    mqtt::properties properties;
    if (!from.content_type.empty()) properties.add({mqtt::property::CONTENT_TYPE, from.content_type});
    if (!from.response_topic.empty()) properties.add({mqtt::property::RESPONSE_TOPIC, from.response_topic});
    if (!from.correlation.empty()) {
        properties.add({mqtt::property::CORRELATION_DATA, std::string(asText(from.correlation))});
    }
    if (request.expiry_s != 0)
        properties.add(number(mqtt::property::MESSAGE_EXPIRY_INTERVAL, request.expiry_s));
    return mqtt::message::create(from.topic, from.payload.data(), from.payload.size(), 1, from.retain,
                                 properties);
}

void setSession(mqtt::connect_options& options, const ipc::LinkSettings& settings) {
    options.set_mqtt_version(5);
    options.set_clean_start(settings.clean_start);
    options.set_keep_alive_interval(settings.keepalive_s);
    options.set_automatic_reconnect(false);
    // Paho's own window must never be the one that is met: it then stalls for a second.
    options.set_max_inflight(settings.window + 1);
    mqtt::properties properties;
    properties.add(number(mqtt::property::SESSION_EXPIRY_INTERVAL, settings.session_expiry_s));
    properties.add(
        number(mqtt::property::RECEIVE_MAXIMUM, std::max<std::uint32_t>(settings.receive_maximum, 1)));
    properties.add(number(mqtt::property::MAXIMUM_PACKET_SIZE, kMaxPacket_bytes));
    options.set_properties(std::move(properties));
    if (settings.will_topic.empty()) return;
    mqtt::properties will_properties;
    will_properties.add(number(mqtt::property::WILL_DELAY_INTERVAL, settings.will_delay_s));
    options.set_will(mqtt::will_options(settings.will_topic, settings.will_payload.data(),
                                        settings.will_payload.size(), 1, true, will_properties));
}

}  // namespace camgate::link
