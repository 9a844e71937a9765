// One camera as the daemon sees it: its worker, its state and counters, its running event. What the worker
// sends is checked here and handed on; a worker that lies is ended. Loop thread only. Implements
// docs/design/processes.md (Camera worker).
#pragma once

#include <functional>
#include <map>
#include <string>

#include "app/footage_fan.hpp"
#include "app/rate_guard.hpp"
#include "base/log.hpp"
#include "config/configuration.hpp"
#include "events/event_tracker.hpp"
#include "events/zone_schedule.hpp"
#include "ipc/camera_messages.hpp"
#include "ipc/supervisor.hpp"

namespace camgate::app {

class CameraSession;

class CameraObserver {
  public:
    virtual ~CameraObserver() = default;
    virtual void onCameraState(const CameraSession& camera) = 0;
    virtual void onEventUpdate(CameraSession& camera, const events::EventUpdate& update) = 0;
};

/// A camera in this state sends pictures, whatever they show.
constexpr bool delivers(ipc::CameraState state) {
    using enum ipc::CameraState;
    return state == Ok || state == Frozen || state == Black || state == Covered || state == Moved ||
           state == Blurred || state == Overexposed;
}

class CameraSession final : private ipc::WorkerOwner {
  public:
    using SnapshotAnswer = std::function<void(Result<ipc::Snapshot>)>;

    CameraSession(EventLoop& loop, ipc::Launcher& launcher, const config::CameraConfig& config,
                  FootageSink& footage, CameraObserver& observer);

    void start();
    /// Its running event ends as if nothing moved any more.
    void stop();
    /// Its worker ends, as does its running event. `why`: for people, shown as the state's detail.
    void pause(std::string why);
    /// start() is included, if it was started.
    void resume();
    bool paused() const { return paused_; }
    /// See FootageFan::watch(); the sub-stream for a preview, where the camera has one.
    [[nodiscard]] Status watch(clip::Quality quality, uplink::LiveViewer& viewer);
    void unwatch() { footage_.unwatch(); }
    void beginFileAnew() { footage_.beginFileAnew(); }
    /// Answers within 5 s, with Unavailable or Timeout if there is no picture.
    void snapshot(std::uint16_t max_width_px, SnapshotAnswer answer);

    const config::CameraConfig& config() const { return config_; }
    ipc::CameraState state() const { return report_.state; }
    /// "ok", "no-link", ..., "paused"
    std::string_view stateName() const;
    const std::string& detail() const { return report_.detail; }
    BootTime stateSince() const { return state_since_; }
    /// Sums over all workers that this camera had.
    ipc::CameraReport totals() const;
    std::uint64_t workerStarts() const { return supervisor_.starts(); }
    pid_t pid() const { return supervisor_.pid(); }

  private:
    struct PendingSnapshot {
        SnapshotAnswer answer;
        LoopHandle deadline;
    };

    void onWorkerStarted() override;
    Status onWorkerMessage(std::uint16_t type, ByteView payload) override;
    void onWorkerEnded(const Error& why) override;
    Status onHello(ByteView payload);
    Status onStreamConfig(ByteView payload);
    Status onAccessUnit(ByteView payload);
    Status onMotion(ByteView payload);
    Status onReport(ByteView payload);
    Status onSnapshot(ByteView payload);
    void addUpCounters();
    void setState(ipc::CameraState state, std::string detail);
    void tellState(LogLevel level);
    void tell(const std::vector<events::EventUpdate>& updates);
    void onTick();
    void tellActiveZones();
    void answerSnapshot(std::uint32_t id, Result<ipc::Snapshot> result);
    void failSnapshots(const Error& why);

    EventLoop& loop_;
    config::CameraConfig config_;
    FootageFan footage_;
    CameraObserver& observer_;
    events::EventTracker tracker_;
    events::ZoneSchedule zone_schedule_;
    std::uint16_t told_zones_ = 0xFFFF;  ///< that count, as the worker knows
    RateGuard rate_;
    ipc::CameraReport report_;
    ipc::CameraReport before_;  ///< totals of the workers before this one
    BootTime state_since_;
    bool started_ = false;
    bool paused_ = false;
    std::map<std::uint32_t, PendingSnapshot> snapshots_;
    std::uint32_t next_snapshot_ = 1;
    LoopHandle tick_;
    ipc::Supervisor supervisor_;
};

}  // namespace camgate::app
