// One MQTT 5 connection of Paho: connects once, and once lost stays lost. Every call returns at once; Paho's
// callbacks copy, post to the loop and return, because a wait inside one deadlocks the library.
// Must live until the process ends: destroying a connected client would send a clean DISCONNECT, and the
// broker would swallow the will. Loop thread only. Implements docs/design/link.md.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/event_loop.hpp"
#include "ipc/link_messages.hpp"
#include "link/outcome.hpp"
#include "link/tls_files.hpp"

namespace camgate::link {

struct ConnectionFacts {
    bool session_present = false;
    std::uint16_t receive_maximum = 65'535;  ///< the broker's
    std::uint32_t maximum_packet_bytes = 0;  ///< 0: the broker named none
};

/// Called on the loop.
class SessionListener {
  public:
    virtual ~SessionListener() = default;
    virtual void onConnected(const ConnectionFacts& facts) = 0;
    virtual void onConnectFailed(const ConnectFailure& failure) = 0;
    virtual void onSubscribed() = 0;
    virtual void onSubscribeFailed(int reason_code) = 0;
    virtual void onAcknowledged(std::uint32_t ticket, int reason_code) = 0;
    virtual void onMessage(const ipc::MqttMessage& message) = 0;
    /// `reason_code` is 0 unless the broker said why.
    virtual void onLost(int reason_code) = 0;
    virtual void onDisconnected() = 0;
};

class MqttSession {
  public:
    MqttSession(EventLoop& loop, SessionListener& listener);
    ~MqttSession();
    MqttSession(const MqttSession&) = delete;
    MqttSession& operator=(const MqttSession&) = delete;

    /// Once. Wipes the key in `settings`.
    [[nodiscard]] Status connect(ipc::LinkSettings& settings);
    /// The PEM files are not needed once the handshake is over.
    void forgetCredentials();
    [[nodiscard]] Status subscribe(const std::vector<std::string>& filters);
    [[nodiscard]] Status publish(std::uint32_t ticket, const ipc::PublishRequest& request);
    /// Clean: the broker drops the will.
    [[nodiscard]] Status disconnect();

    /// Messages that came in longer than the limit, or faster than the loop took them.
    std::uint64_t droppedMessages() const { return dropped_; }

  private:
    struct Paho;
    struct Credentials;

    EventLoop& loop_;
    SessionListener& listener_;
    std::unique_ptr<Credentials> credentials_;
    std::unique_ptr<Paho> paho_;
    std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace camgate::link
