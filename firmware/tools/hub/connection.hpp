// One MQTT 5 connection of a hub over mutual TLS. Paho's callbacks only put messages into an inbox; the
// caller takes them out at its own pace. A lost connection stays lost: make a new one. One thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/bounded_queue.hpp"
#include "base/bytes.hpp"

namespace camgate::hub {

struct BrokerSettings {
    std::string host;
    std::uint16_t port = 8883;
    std::string ca_file, certificate_file, key_file;
    std::string client_id;
    /// How long the broker keeps what arrives while the hub is away; 0: not at all.
    std::uint32_t session_expiry_s = 0;
    int mailbox = 0;  ///< marks what arrives
};

struct Arrived {
    std::string topic;
    Bytes payload;
    std::string correlation;
    bool retained = false;
    int mailbox = 0;  ///< of the connection that it came by
};

/// What arrived and waits; connections may share one. Bounded: what comes faster is left out, counted, and
/// comes again. Any thread.
class Inbox {
  public:
    void push(Arrived message);
    /// A connection has ended: wakes who waits.
    void wake();
    std::optional<Arrived> next(std::chrono::milliseconds longest);
    std::uint64_t dropped() const;

  private:
    static constexpr std::size_t kMostWaiting = 2048;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    BoundedQueue<Arrived> waiting_{kMostWaiting, WhenFull::RejectNew};  // guarded by mutex_
    bool woken_ = false;                                                // guarded by mutex_
};

struct Outgoing {
    std::string topic;
    std::string payload;
    std::string response_topic;
    std::string correlation;
    std::uint32_t expiry_s = 0;  ///< 0: none
    bool retain = false;
};

class Connection {
  public:
    /// Connected and subscribed when it returns; Unavailable says why not.
    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(
        const BrokerSettings& settings, const std::vector<std::string>& subscriptions,
        std::shared_ptr<Inbox> inbox = std::make_shared<Inbox>());
    ~Connection();

    /// Waits at most `longest`; nothing came, or the connection ended.
    std::optional<Arrived> next(std::chrono::milliseconds longest);
    bool up() const;
    /// Unavailable: not sent, or not acknowledged in time.
    [[nodiscard]] Status publish(const Outgoing& message);

  private:
    struct Paho;
    explicit Connection(std::unique_ptr<Paho> paho);
    std::unique_ptr<Paho> paho_;
};

/// "host:port"; InvalidArgument if it is none.
[[nodiscard]] Status setAddress(BrokerSettings& settings, const std::string& host_and_port);

}  // namespace camgate::hub
