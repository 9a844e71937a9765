#include "link/mqtt_session.hpp"

#include <MQTTAsync.h>
#include <mqtt/async_client.h>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <mutex>

#include "link/credentials.hpp"
#include "link/paho_convert.hpp"

namespace camgate::link {
namespace {

constexpr std::chrono::seconds kConnectTimeout{10};
constexpr std::size_t kMaxArrived_bytes = 64U << 10U;
constexpr std::size_t kMaxWaiting_bytes = 4U << 20U;
constexpr std::size_t kMaxTrace_bytes = 8U << 10U;

// Paho's trace callback takes no context, so these lines are the process's: one connection per process.
std::mutex trace_mutex;
std::string trace_lines;

void addTrace(std::string_view line) {
    const std::lock_guard lock(trace_mutex);
    if (trace_lines.size() + line.size() > kMaxTrace_bytes || line.find("cipher available") != line.npos)
        return;
    trace_lines.append(line).append("\n");
}

/// Paho's own error handler is called with the address of options that are gone by then. What OpenSSL said
/// lies in this thread's queue when Paho traces that a TLS call failed.
void addTlsErrors() {
    std::array<char, 256> line{};
    while (const unsigned long code = ::ERR_get_error()) {
        ::ERR_error_string_n(code, line.data(), line.size());
        addTrace(line.data());
    }
}

void onTrace(MQTTASYNC_TRACE_LEVELS level, char* message) {
    const bool tls_failed = std::string_view(message).starts_with("SSLSocket error");
    if (level >= MQTTASYNC_TRACE_PROTOCOL || tls_failed) addTrace(message);
    if (tls_failed) addTlsErrors();
}

std::string takeTrace() {
    const std::lock_guard lock(trace_mutex);
    return std::exchange(trace_lines, {});
}

ConnectionFacts factsOf(const mqtt::token& token) {
    const mqtt::connect_response response = token.get_connect_response();
    const mqtt::properties& properties = response.get_properties();
    ConnectionFacts facts;
    facts.session_present = response.is_session_present();
    if (properties.contains(mqtt::property::RECEIVE_MAXIMUM)) {
        facts.receive_maximum = mqtt::get<std::uint16_t>(properties, mqtt::property::RECEIVE_MAXIMUM);
    }
    if (properties.contains(mqtt::property::MAXIMUM_PACKET_SIZE)) {
        facts.maximum_packet_bytes =
            mqtt::get<std::uint32_t>(properties, mqtt::property::MAXIMUM_PACKET_SIZE);
    }
    return facts;
}

/// Library exceptions end here.
template <class Fn>
Status guarded(std::string_view doing, Fn fn) {
    try {
        fn();
        return {};
    } catch (const std::exception& error) {
        return fail(ErrorKind::Unavailable, std::string(doing) + ": " + error.what());
    }
}

}  // namespace

struct MqttSession::Credentials {
    MemoryFile ca, certificate, key;
};

struct MqttSession::Paho {
    class Listener final : public mqtt::iaction_listener {
      public:
        using OnDone = std::function<void(const mqtt::token& token, bool ok)>;
        explicit Listener(OnDone on_done) : on_done_(std::move(on_done)) {}

      private:
        void on_success(const mqtt::token& token) override { on_done_(token, true); }
        void on_failure(const mqtt::token& token) override { on_done_(token, false); }
        OnDone on_done_;
    };

    Paho(const std::string& uri, const std::string& client_id, EventLoop& loop, SessionListener& listener)
        : client(uri, client_id, mqtt::create_options(5)),
          on_connect([&](const mqtt::token& token, bool ok) { connectDone(loop, listener, token, ok); }),
          on_subscribe([&](const mqtt::token& token, bool ok) { subscribeDone(loop, listener, token, ok); }),
          on_publish([&](const mqtt::token& token, bool ok) { publishDone(loop, listener, token, ok); }),
          on_disconnect(
              [&](const mqtt::token&, bool) { loop.post([&listener] { listener.onDisconnected(); }); }) {
        client.set_connection_lost_handler(
            [&](const std::string&) { loop.post([&listener] { listener.onLost(0); }); });
        client.set_disconnected_handler([&](const mqtt::properties&, mqtt::ReasonCode reason) {
            loop.post([&listener, reason] { listener.onLost(static_cast<int>(reason)); });
        });
    }

    static void connectDone(EventLoop& loop, SessionListener& listener, const mqtt::token& token, bool ok) {
        if (ok) {
            loop.post([&listener, facts = factsOf(token)] { listener.onConnected(facts); });
            return;
        }
        ConnectFailure failure{
            token.get_return_code(), static_cast<int>(token.get_reason_code()), {}, takeTrace()};
        loop.post([&listener, failure = std::move(failure)] { listener.onConnectFailed(failure); });
    }
    static void subscribeDone(EventLoop& loop, SessionListener& listener, const mqtt::token& token, bool ok) {
        int worst = ok ? 0 : std::max(0x80, static_cast<int>(token.get_reason_code()));
        if (ok) {
            const mqtt::subscribe_response response = token.get_subscribe_response();
            for (const auto reason : response.get_reason_codes()) {
                worst = std::max(worst, static_cast<int>(reason));
            }
        }
        loop.post([&listener, worst] {
            if (worst < 0x80) return listener.onSubscribed();
            listener.onSubscribeFailed(worst);
        });
    }
    static void publishDone(EventLoop& loop, SessionListener& listener, const mqtt::token& token, bool ok) {
        const auto ticket =
            static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(token.get_user_context()));
        const int said = static_cast<int>(token.get_reason_code());
        const int reason = ok || said >= 0x80 ? said : 0x80;
        loop.post([&listener, ticket, reason] { listener.onAcknowledged(ticket, reason); });
    }

    mqtt::async_client client;
    Listener on_connect, on_subscribe, on_publish, on_disconnect;
    std::atomic<std::size_t> waiting_bytes{0};
};

MqttSession::MqttSession(EventLoop& loop, SessionListener& listener) : loop_(loop), listener_(listener) {}
MqttSession::~MqttSession() = default;

Status MqttSession::connect(ipc::LinkSettings& settings) {
    mqtt::connect_options options;
    if (settings.tls) {
        auto ca = MemoryFile::create("ca.pem", settings.ca_pem);
        auto certificate = MemoryFile::create("certificate.pem", settings.certificate_pem);
        auto key = MemoryFile::create("key.pem", settings.key_pem);
        wipe(settings.key_pem);
        if (!ca || !certificate || !key)
            return fail(ErrorKind::Internal, "keeping the certificates in memory");
        credentials_ =
            std::make_unique<Credentials>(std::move(*ca), std::move(*certificate), std::move(*key));
        mqtt::ssl_options ssl;
        const bool proven = !settings.ca_pem.empty();
        if (proven) ssl.set_trust_store(credentials_->ca.path());
        if (!settings.certificate_pem.empty()) {
            ssl.set_key_store(credentials_->certificate.path());
            ssl.set_private_key(credentials_->key.path());
        }
        ssl.set_enable_server_cert_auth(proven);
        ssl.set_verify(proven);
        options.set_ssl(std::move(ssl));
        ::MQTTAsync_setTraceLevel(MQTTASYNC_TRACE_MINIMUM);
        ::MQTTAsync_setTraceCallback(&onTrace);
    }
    return guarded("connecting", [&] {
        const bool numeric_v6 = settings.host.find(':') != std::string::npos;
        const std::string host = numeric_v6 ? "[" + settings.host + "]" : settings.host;
        paho_ = std::make_unique<Paho>(
            (settings.tls ? "ssl://" : "tcp://") + host + ":" + std::to_string(settings.port),
            settings.client_id, loop_, listener_);
        paho_->client.set_message_callback([this](const mqtt::const_message_ptr& message) {
            const std::size_t size = message->get_payload_ref().size();
            if (size > kMaxArrived_bytes || paho_->waiting_bytes + size > kMaxWaiting_bytes) {
                ++dropped_;
                return;
            }
            paho_->waiting_bytes += size;
            loop_.post([this, size, copy = fromPaho(*message)] {
                paho_->waiting_bytes -= size;
                listener_.onMessage(copy);
            });
        });
        setSession(options, settings);
        options.set_connect_timeout(kConnectTimeout);
        // Copied, not moved: a move of Paho 1.2 loses the connect properties, session expiry among them.
        paho_->client.connect(options, nullptr, paho_->on_connect);
    });
}

void MqttSession::forgetCredentials() {
    ::MQTTAsync_setTraceCallback(nullptr);
    takeTrace();
    credentials_.reset();
}

Status MqttSession::subscribe(const std::vector<std::string>& filters) {
    return guarded("subscribing", [&] {
        paho_->client.subscribe(mqtt::string_collection::create(filters), std::vector<int>(filters.size(), 1),
                                nullptr, paho_->on_subscribe);
    });
}

Status MqttSession::publish(std::uint32_t ticket, const ipc::PublishRequest& request) {
    return guarded("publishing", [&] {
        void* context = reinterpret_cast<void*>(static_cast<std::uintptr_t>(ticket));
        paho_->client.publish(toPaho(request), context, paho_->on_publish);
    });
}

Status MqttSession::disconnect() {
    return guarded("disconnecting", [&] { paho_->client.disconnect(1000, nullptr, paho_->on_disconnect); });
}

}  // namespace camgate::link
