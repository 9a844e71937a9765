// One connection to the hub, shared by the parts of uplink: gives publishes their ids, keeps the window,
// tells each what became of its message, and frees a place whose acknowledgement never came. Loop thread
// only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "base/event_loop.hpp"
#include "uplink/hub_transport.hpp"
#include "uplink/line_budget.hpp"

namespace camgate::uplink {

class ChannelListener {
  public:
    virtual ~ChannelListener() = default;
    virtual void onChannelUp() = 0;
    virtual void onChannelDown() = 0;
    virtual void onChannelMessage(const HubMessage& message) = 0;
    /// A place in the window is free again.
    virtual void onChannelRoom() = 0;
};

class Channel final : private TransportListener {
  public:
    using Done = std::function<void(Fate)>;

    Channel(EventLoop& loop, HubTransport& transport, std::string gateway, LineBudget& line);
    ~Channel() override;

    void setListener(ChannelListener* listener) { listener_ = listener; }
    void open() { transport_.open(); }
    void close();
    bool up() const { return up_; }
    /// `reserve` places are left to others, as far as the window has more than one.
    bool hasRoom(std::size_t reserve = 0) const;
    /// Room, and no more under way with it than the line carries in a round trip and 500 ms, 1 MiB at most; a
    /// message alone always fits.
    bool fits(std::size_t message_bytes) const;
    /// `message.topic` is the part below the prefix. False: not up, or no room. `done` is not called inside.
    bool publish(HubMessage message, Done done);

    std::size_t inFlight() const { return in_flight_.size(); }
    std::size_t inFlightBytes() const { return in_flight_bytes_; }
    Duration roundTrip() const { return transport_.roundTrip(); }
    LineBudget& line() { return line_; }

  private:
    struct InFlight {
        std::size_t bytes;
        BootTime since;
        Done done;
    };
    void onUp() override;
    void onDown(const std::string& why) override;
    void onPublished(std::uint64_t id, Fate fate) override;
    void onMessage(const HubMessage& message) override;
    void finish(std::uint64_t id, Fate fate);
    void loseAll();
    void loseOld();

    EventLoop& loop_;
    HubTransport& transport_;
    std::string gateway_;
    LineBudget& line_;
    ChannelListener* listener_ = nullptr;
    std::map<std::uint64_t, InFlight> in_flight_;
    std::size_t in_flight_bytes_ = 0;
    std::uint64_t next_id_ = 1;
    bool up_ = false;
    LoopHandle deadline_;
};

}  // namespace camgate::uplink
