// A link worker behind uplink's HubTransport: starts it, hands publishes over, follows its state. Connection
// attempts come from the supervisor's back-off; each is a fresh process. Loop thread only.
#pragma once

#include <functional>
#include <string>

#include "ipc/link_messages.hpp"
#include "ipc/supervisor.hpp"
#include "uplink/hub_transport.hpp"

namespace camgate::app {

class LinkTransport final : public uplink::HubTransport, private ipc::WorkerOwner {
  public:
    /// `settings` is asked for at each start, so that a new will or certificate is used.
    LinkTransport(EventLoop& loop, ipc::Launcher& launcher, ipc::WorkerRole role,
                  std::function<ipc::LinkSettings()> settings);

    void setListener(uplink::TransportListener* listener) override { listener_ = listener; }
    void open() override;
    void close() override;
    /// Another connection, by the settings as they are now. Nothing while it is closed.
    void renew();
    bool up() const override { return report_.state == ipc::LinkState::Up; }
    std::size_t window() const override { return report_.window; }
    Duration roundTrip() const override { return std::chrono::milliseconds(report_.round_trip_ms); }
    void setPace(std::uint64_t bytes_per_s) override;
    bool paced() const override { return up() && report_.paced; }
    bool publish(std::uint64_t id, const uplink::HubMessage& message) override;

    /// The newest report, also of a worker that has ended; for status.
    const ipc::LinkReport& report() const { return report_; }
    pid_t pid() const { return supervisor_.pid(); }
    std::uint64_t starts() const { return supervisor_.starts(); }

  private:
    void onWorkerStarted() override;
    Status onWorkerMessage(std::uint16_t type, ByteView payload) override;
    void onWorkerEnded(const Error& why) override;
    void sendPace();
    Status onReport(ByteView payload);
    Status onPublished(ByteView payload);
    Status onArrived(ByteView payload);

    ipc::Supervisor supervisor_;
    std::function<ipc::LinkSettings()> settings_;
    uplink::TransportListener* listener_ = nullptr;
    bool wanted_ = false;
    ipc::LinkReport report_;
    std::uint64_t pace_bytes_per_s_ = 0;
};

}  // namespace camgate::app
