// The link worker: takes its settings, holds one MQTT connection, reports what becomes of it. It keeps no
// queue and repeats nothing: what may be sent is bounded by its window, and the daemon keeps what is not
// acknowledged. Loop thread only. Implements docs/design/link.md.
#pragma once

#include <functional>
#include <memory>

#include "base/event_loop.hpp"
#include "ipc/frame_channel.hpp"
#include "ipc/link_messages.hpp"
#include "link/ack_window.hpp"
#include "link/mqtt_session.hpp"

namespace camgate::link {

/// Reason codes that the worker itself answers a publish with.
constexpr std::uint8_t kQuotaExceeded = 0x97;  ///< over the window
constexpr std::uint8_t kPacketTooLarge = 0x95;
constexpr std::uint8_t kUnspecified = 0x80;  ///< not up

enum class LinkEnd { Clean, Failed };

class LinkWorker final : public SessionListener {
  public:
    /// `on_end` is called once, when the last report is on its way or given up; the process then exits
    /// without destroying this.
    LinkWorker(EventLoop& loop, UniqueFd socket, std::function<void(LinkEnd)> on_end);

  private:
    void onConnected(const ConnectionFacts& facts) override;
    void onConnectFailed(const ConnectFailure& failure) override;
    void onSubscribed() override;
    void onSubscribeFailed(int reason_code) override;
    void onAcknowledged(std::uint32_t ticket, int reason_code) override;
    void onMessage(const ipc::MqttMessage& message) override;
    void onLost(int reason_code) override;
    void onDisconnected() override;

    void onChannelMessage(std::uint16_t type, ByteView payload);
    void takeSettings(ByteView payload);
    void takePublish(ByteView payload);
    void takeDisconnect();
    void takePace(ByteView payload);
    void setState(ipc::LinkState state, const std::string& detail);
    void report();
    void checkDeadline();
    void answer(std::uint64_t id, std::uint8_t reason_code);
    /// A last report, then the end.
    void endWith(ipc::LinkState state, const std::string& detail);
    void endNow(LinkEnd end);
    void awaitFlush(LinkEnd end);

    EventLoop& loop_;
    std::function<void(LinkEnd)> on_end_;
    ipc::LinkSettings settings_;
    bool has_settings_ = false;
    bool ending_ = false;
    bool disconnecting_ = false;
    ipc::LinkReport report_;
    AckWindow window_;
    std::uint32_t maximum_packet_bytes_ = 0;
    std::uint64_t pace_bytes_per_s_ = 0;  // 0: none was said
    BootTime waiting_for_broker_since_;   // connecting, subscribing or disconnecting
    BootTime ending_since_;
    MqttSession session_;
    LoopHandle heartbeat_, deadline_, flush_;
    std::unique_ptr<ipc::FrameChannel> channel_;
};

}  // namespace camgate::link
