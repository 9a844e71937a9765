// A gateway without cameras and ring: the product's own uplink and outbox over its own link workers. What
// happens at it is made up, what is said of it and how is not. Loop thread only.
#pragma once

#include <memory>
#include <string>

#include "app/link_transport.hpp"
#include "file_clips.hpp"
#include "outbox/async_outbox.hpp"
#include "uplink/uplink.hpp"

namespace camgate::bench {

class LightGateway final : private uplink::Cameras,
                           private uplink::StatusProvider,
                           private uplink::TelemetryProvider {
  public:
    struct Parts {
        EventLoop& loop;
        ipc::Launcher& launcher;
        outbox::AsyncOutbox::Post state_thread;
        const ClipFile& clip;
        ipc::LinkSettings link;  ///< broker and certificate
        std::string data_folder;
    };
    LightGateway(Parts parts, uplink::UplinkSettings settings);

    void start() { uplink_.start(); }
    /// An alarm that starts now, and ends when endAlarm() is called.
    void startAlarm();
    /// `with_clip`: the clip's file goes to the hub.
    void endAlarm(bool with_clip);

    std::uint64_t alarms() const { return alarms_; }
    std::uint64_t alarmsWithClip() const { return alarms_with_clip_; }
    bool up() const { return control_.up(); }
    const app::LinkTransport& control() const { return control_; }
    uplink::UplinkFigures figures() const { return uplink_.figures(); }

  private:
    bool exists(const std::string& id) const override { return id == "gate"; }
    std::vector<uplink::CameraStatus> list() const override;
    Status watch(const std::string&, clip::Quality, uplink::LiveViewer&) override {
        return fail(ErrorKind::NotFound, "its cameras show nothing");
    }
    void unwatch(const std::string&) override {}
    void beginFileAnew(const std::string&) override {}
    void snapshot(const std::string&, std::size_t,
                  std::function<void(Result<uplink::Snapshot>)> answer) override;
    uplink::StorageStatus storage() const override { return {}; }
    uplink::TelemetryFigures telemetry() const override { return {}; }
    uplink::EventReport report(uplink::ReportPhase phase, bool alarm) const;
    ipc::LinkSettings controlSettings();
    ipc::LinkSettings bulkSettings() const;
    WallTime now() const { return loop_.clock().wallNow().time; }

    EventLoop& loop_;
    uplink::UplinkSettings settings_;
    ipc::LinkSettings link_;
    outbox::AsyncOutbox outbox_;
    app::LinkTransport control_, bulk_;
    FileClips clips_;
    WallTime started_;
    std::uint64_t alarms_ = 0, alarms_with_clip_ = 0;
    std::string event_;
    WallTime event_start_;
    uplink::Uplink uplink_;
};

}  // namespace camgate::bench
