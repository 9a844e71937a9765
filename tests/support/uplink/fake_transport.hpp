// A connection to a broker that can be there or not. What it accepts it hands to `deliver` and acknowledges,
// both on the loop's next turn or after a delay; dropAck, unheard and disconnectAt misbehave on request.
#pragma once

#include <algorithm>
#include <functional>
#include <set>
#include <vector>

#include "support/base/fake_loop.hpp"
#include "uplink/hub_transport.hpp"

namespace camgate::test {

class FakeTransport final : public uplink::HubTransport {
  public:
    explicit FakeTransport(FakeLoop& loop) : loop_(loop) {}

    void setListener(uplink::TransportListener* listener) override { listener_ = listener; }
    void open() override {
        wanted_ = true;
        loop_.post([this] { connect(); });
    }
    void close() override {
        wanted_ = false;
        up_ = false;
        ++connection_;
    }
    bool up() const override { return up_; }
    std::size_t window() const override { return window_size; }
    Duration roundTrip() const override { return round_trip; }
    void setPace(std::uint64_t bytes_per_s) override { pace_bytes_per_s = bytes_per_s; }
    bool paced() const override { return up_; }
    bool publish(std::uint64_t id, const uplink::HubMessage& message) override {
        if (!up_) return false;
        ++published;
        published_bytes += message.payload.size();
        in_flight.insert(id);
        most_in_flight = std::max(most_in_flight, in_flight.size());
        if (disconnect_at != 0 && published == disconnect_at) {
            loop_.post([this] { setBroker(false); });
            return true;
        }
        if (dropMessage && dropMessage(message)) return acknowledgeLater(id, uplink::Fate::Accepted), true;
        if (unheard && unheard(message)) return acknowledgeLater(id, uplink::Fate::Unheard), true;
        loop_.post([this, message, at = connection_] {
            if (at == connection_ && deliver) deliver(message);
        });
        const auto fate = unheard_but_delivered ? uplink::Fate::Unheard : uplink::Fate::Accepted;
        if (!dropAck || !dropAck(message)) acknowledgeLater(id, fate);
        return true;
    }

    /// The broker is there or not; a wanted connection comes back by itself.
    void setBroker(bool there) {
        broker_ = there;
        if (there) return connect();
        if (!up_) return;
        up_ = false;
        ++connection_;
        in_flight.clear();
        if (listener_ != nullptr) listener_->onDown("the broker has gone");
    }
    void say(const std::string& topic, const Bytes& payload, const Bytes& correlation = {}) {
        uplink::HubMessage message;
        message.topic = topic;
        message.payload = payload;
        message.correlation = correlation;
        if (listener_ != nullptr) listener_->onMessage(message);
    }
    bool wanted() const { return wanted_; }

    std::function<void(const uplink::HubMessage&)> deliver;
    std::function<bool(const uplink::HubMessage&)> dropAck;      ///< delivered, never acknowledged
    std::function<bool(const uplink::HubMessage&)> dropMessage;  ///< acknowledged by the broker, then lost
    std::function<bool(const uplink::HubMessage&)> unheard;      ///< nobody was subscribed
    bool unheard_but_delivered = false;  ///< rules take what arrives, nobody is subscribed
    std::size_t disconnect_at = 0;       ///< the connection ends instead of this publish (counted from 1)
    std::size_t window_size = 16;
    std::uint64_t pace_bytes_per_s = 0;
    Duration round_trip{0};
    Duration ack_delay{0};
    std::size_t published = 0;
    std::uint64_t published_bytes = 0;
    std::size_t most_in_flight = 0;
    std::set<std::uint64_t> in_flight;

  private:
    void connect() {
        if (!wanted_ || !broker_ || up_) return;
        up_ = true;
        if (listener_ != nullptr) listener_->onUp();
    }
    void acknowledgeLater(std::uint64_t id, uplink::Fate fate) {
        const auto acknowledge = [this, id, fate, at = connection_] {
            if (at != connection_) return;
            in_flight.erase(id);
            if (listener_ != nullptr) listener_->onPublished(id, fate);
        };
        if (ack_delay == Duration::zero()) return loop_.post(acknowledge);
        acks_.push_back(loop_.runAfter(ack_delay, acknowledge));
    }

    FakeLoop& loop_;
    uplink::TransportListener* listener_ = nullptr;
    bool wanted_ = false;
    bool broker_ = true;
    bool up_ = false;
    std::uint64_t connection_ = 0;
    std::vector<LoopHandle> acks_;
};

}  // namespace camgate::test
