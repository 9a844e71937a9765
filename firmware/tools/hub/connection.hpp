// One MQTT 5 connection of a hub over mutual TLS. Paho's callbacks only put messages into a bounded queue;
// the caller takes them out at its own pace. A lost connection stays lost: make a new one. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace camgate::hub {

struct BrokerSettings {
    std::string host;
    std::uint16_t port = 8883;
    std::string ca_file, certificate_file, key_file;
    std::string client_id;
    /// How long the broker keeps what arrives while the hub is away; 0: not at all.
    std::uint32_t session_expiry_s = 0;
};

struct Arrived {
    std::string topic;
    Bytes payload;
    std::string correlation;
    bool retained = false;
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
        const BrokerSettings& settings, const std::vector<std::string>& subscriptions);
    ~Connection();

    /// Waits at most `longest`; nothing came, or the connection ended.
    std::optional<Arrived> next(std::chrono::milliseconds longest);
    bool up() const;
    /// Unavailable: not sent, or not acknowledged in time.
    [[nodiscard]] Status publish(const Outgoing& message);
    /// Messages that came faster than they were taken: gateways send rows and chunks again.
    std::uint64_t dropped() const;

  private:
    struct Paho;
    explicit Connection(std::unique_ptr<Paho> paho);
    std::unique_ptr<Paho> paho_;
};

/// "host:port"; InvalidArgument if it is none.
[[nodiscard]] Status setAddress(BrokerSettings& settings, const std::string& host_and_port);

}  // namespace camgate::hub
