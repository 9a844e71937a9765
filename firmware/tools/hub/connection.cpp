#include "tools/hub/connection.hpp"

#include <mqtt/async_client.h>

#include <atomic>
#include <charconv>
#include <deque>

namespace camgate::hub {
namespace {

constexpr std::chrono::seconds kConnectTimeout{10};
constexpr std::chrono::seconds kAckDeadline{10};
/// Paho stalls for a second at the broker's Receive Maximum (mosquitto: 20), so stay below it.
constexpr std::size_t kWindow = 10;

std::string textProperty(const mqtt::properties& properties, mqtt::property::code code) {
    return properties.contains(code) ? mqtt::get<std::string>(properties, code) : std::string();
}

mqtt::connect_options optionsOf(const BrokerSettings& settings) {
    mqtt::ssl_options tls;
    tls.set_trust_store(settings.ca_file);
    tls.set_key_store(settings.certificate_file);
    tls.set_private_key(settings.key_file);
    tls.set_enable_server_cert_auth(true);
    tls.set_verify(true);
    mqtt::connect_options options;
    options.set_mqtt_version(5);
    options.set_clean_start(settings.session_expiry_s == 0);
    options.set_keep_alive_interval(20);
    options.set_connect_timeout(kConnectTimeout);
    options.set_automatic_reconnect(false);
    options.set_properties(
        {{mqtt::property::SESSION_EXPIRY_INTERVAL, static_cast<std::int32_t>(settings.session_expiry_s)}});
    options.set_ssl(tls);
    return options;
}

}  // namespace

struct Connection::Paho {
    Paho(const BrokerSettings& settings, std::shared_ptr<Inbox> into)
        : inbox(std::move(into)),
          client("ssl://" + settings.host + ":" + std::to_string(settings.port), settings.client_id,
                 mqtt::create_options(5)) {
        client.set_connection_lost_handler([this](const std::string&) { end(); });
        client.set_disconnected_handler([this](const mqtt::properties&, mqtt::ReasonCode) { end(); });
        client.set_message_callback(
            [this, mailbox = settings.mailbox](const mqtt::const_message_ptr& message) {
                const auto& payload = message->get_payload();
                Arrived arrived{message->get_topic(), Bytes(payload.begin(), payload.end()),
                                textProperty(message->get_properties(), mqtt::property::CORRELATION_DATA),
                                message->is_retained(), mailbox};
                inbox->push(std::move(arrived));
            });
    }
    void end() {
        ended = true;
        inbox->wake();
    }

    std::shared_ptr<Inbox> inbox;
    std::atomic<bool> ended = false;
    std::deque<mqtt::delivery_token_ptr> in_flight;
    mqtt::async_client client;  // last: its callbacks use what is above
};

void Inbox::push(Arrived message) {
    const std::lock_guard lock(mutex_);
    waiting_.push(std::move(message));
    changed_.notify_one();
}

void Inbox::wake() {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    changed_.notify_one();
}

std::optional<Arrived> Inbox::next(std::chrono::milliseconds longest) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, longest, [this] { return woken_ || !waiting_.empty(); });
    woken_ = false;
    return waiting_.pop();
}

std::uint64_t Inbox::dropped() const {
    const std::lock_guard lock(mutex_);
    return waiting_.drops();
}

Connection::Connection(std::unique_ptr<Paho> paho) : paho_(std::move(paho)) {}

Connection::~Connection() {
    try {
        if (paho_->client.is_connected()) paho_->client.disconnect()->wait_for(std::chrono::seconds(2));
    } catch (const std::exception&) {  // it was lost on the way
    }
}

Result<std::unique_ptr<Connection>> Connection::open(const BrokerSettings& settings,
                                                     const std::vector<std::string>& subscriptions,
                                                     std::shared_ptr<Inbox> inbox) {
    try {
        std::unique_ptr<Connection> connection(
            new Connection(std::make_unique<Paho>(settings, std::move(inbox))));
        const mqtt::connect_options options = optionsOf(settings);  // copied in: a move loses the properties
        if (!connection->paho_->client.connect(options)->wait_for(kConnectTimeout)) {
            return fail(ErrorKind::Timeout, "no answer from the broker");
        }
        if (subscriptions.empty()) return connection;
        const std::vector<int> qos(subscriptions.size(), 1);
        const auto subscribed =
            connection->paho_->client.subscribe(mqtt::string_collection::create(subscriptions), qos);
        if (!subscribed->wait_for(kAckDeadline))
            return fail(ErrorKind::Timeout, "the subscriptions are not acknowledged");
        return connection;
    } catch (const std::exception& error) {
        return fail(ErrorKind::Unavailable,
                    settings.host + ":" + std::to_string(settings.port) + ": " + error.what());
    }
}

std::optional<Arrived> Connection::next(std::chrono::milliseconds longest) {
    return paho_->inbox->next(longest);
}

bool Connection::up() const {
    return !paho_->ended;
}

Status Connection::publish(const Outgoing& message) {
    mqtt::properties properties;
    if (!message.response_topic.empty())
        properties.add({mqtt::property::RESPONSE_TOPIC, message.response_topic});
    if (!message.correlation.empty()) properties.add({mqtt::property::CORRELATION_DATA, message.correlation});
    if (message.expiry_s != 0) {
        properties.add(
            {mqtt::property::MESSAGE_EXPIRY_INTERVAL, static_cast<std::int32_t>(message.expiry_s)});
    }
    try {
        auto& in_flight = paho_->in_flight;
        while (!in_flight.empty() && (in_flight.size() >= kWindow || in_flight.front()->try_wait())) {
            if (!in_flight.front()->wait_for(kAckDeadline))
                return fail(ErrorKind::Timeout, "the broker does not acknowledge");
            in_flight.pop_front();
        }
        in_flight.push_back(paho_->client.publish(mqtt::message::create(
            message.topic, message.payload.data(), message.payload.size(), 1, message.retain, properties)));
        return {};
    } catch (const std::exception& error) {
        paho_->in_flight.clear();
        return fail(ErrorKind::Unavailable, "publishing to " + message.topic + ": " + error.what());
    }
}

Status setAddress(BrokerSettings& settings, const std::string& host_and_port) {
    const auto colon = host_and_port.rfind(':');
    const std::string port = colon == std::string::npos ? "" : host_and_port.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), settings.port);
    if (colon == 0 || error != std::errc() || end != port.data() + port.size() || settings.port == 0) {
        return fail(ErrorKind::InvalidArgument, "'" + host_and_port + "' is not HOST:PORT");
    }
    settings.host = host_and_port.substr(0, colon);
    return {};
}

}  // namespace camgate::hub
