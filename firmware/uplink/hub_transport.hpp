// One connection to the hub as uplink/ sees it; app/ puts a link worker behind it, tests a FakeTransport.
// No queue and no retry in it: what is not acknowledged when it goes down is unsent. Loop thread only.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "base/clock.hpp"

namespace camgate::uplink {

struct HubMessage {
    std::string topic;
    Bytes payload;
    std::string content_type;
    std::string response_topic;
    Bytes correlation;
    bool retain = false;
    std::uint32_t expiry_s = 0;  ///< 0: none
};

/// What became of a publish. Unheard: the broker has it and nobody was subscribed. Lost: the connection ended
/// first.
enum class Fate { Accepted, Unheard, Refused, Lost };

constexpr bool brokerHas(Fate fate) {
    return fate == Fate::Accepted || fate == Fate::Unheard;
}

class TransportListener {
  public:
    virtual ~TransportListener() = default;
    virtual void onUp() = 0;
    virtual void onDown(const std::string& why) = 0;
    /// Never Lost: not called for what was in flight when the connection ended.
    virtual void onPublished(std::uint64_t id, Fate fate) = 0;
    virtual void onMessage(const HubMessage& message) = 0;
};

class HubTransport {
  public:
    virtual ~HubTransport() = default;
    virtual void setListener(TransportListener* listener) = 0;
    /// Connects and stays connected, with back-off, until close().
    virtual void open() = 0;
    virtual void close() = 0;
    virtual bool up() const = 0;
    /// How many publishes may be in flight, below the broker's Receive Maximum.
    virtual std::size_t window() const = 0;
    /// Zero: not measured yet.
    virtual Duration roundTrip() const = 0;
    /// So many bytes a second at most are written to the wire, from now on and in later connections.
    virtual void setPace(std::uint64_t bytes_per_s) = 0;
    /// The kernel keeps to it.
    virtual bool paced() const = 0;
    /// False: not up, or the worker does not read. Ids are the caller's, unique per transport.
    virtual bool publish(std::uint64_t id, const HubMessage& message) = 0;
};

}  // namespace camgate::uplink
