// Keeps one worker running: starts it, hands its messages on, ends it when it is silent or sends nonsense,
// and starts it again with back-off. It sends nothing by itself. Implements docs/design/processes.md. Loop
// thread only. Callbacks may call stop(), not destroy the supervisor.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "ipc/frame_channel.hpp"
#include "ipc/launcher.hpp"

namespace camgate::ipc {

struct SupervisorPolicy {
    Duration longest_silence = std::chrono::seconds(10);  ///< no message for this long: killed
    /// The same until its first message: systemd starts many at once on a slow, busy box.
    Duration longest_start = std::chrono::seconds(20);
    Duration least_back_off = std::chrono::seconds(1);
    Duration most_back_off = std::chrono::seconds(30);
    Duration healthy_after = std::chrono::seconds(30);  ///< having run this long resets the back-off
    /// 0 to 1; a start waits between an eighth of the back-off and all of it by this. Null: all of it.
    double (*random)() = nullptr;
};

/// What the owner of a worker does with it.
class WorkerOwner {
  public:
    virtual ~WorkerOwner() = default;
    virtual void onWorkerStarted() = 0;
    /// An error ends the worker: it sent what it must not send.
    [[nodiscard]] virtual Status onWorkerMessage(std::uint16_t type, ByteView payload) = 0;
    virtual void onWorkerEnded(const Error& why) = 0;
};

class Supervisor {
  public:
    Supervisor(EventLoop& loop, Launcher& launcher, WorkerRole role, ChannelLimits limits,
               SupervisorPolicy policy, WorkerOwner& owner);

    void start();
    /// Ends the worker without telling the owner; start() may follow.
    void stop();
    /// The same, after a last message that lets the worker take its leave: at most 2 s.
    void stopAfter(std::uint16_t type, ByteView payload);
    /// Ends the worker as failed; it comes back after the back-off.
    void endWorker(const Error& why);

    bool running() const { return channel_ != nullptr; }
    /// False when there is no worker or it does not read.
    bool send(std::uint16_t type, ByteView payload) { return channel_ && channel_->send(type, payload); }
    pid_t pid() const { return process_ ? process_->pid() : 0; }
    std::uint64_t starts() const { return starts_; }
    /// Time to the next start; zero while running.
    Duration backOff() const { return channel_ ? Duration::zero() : wait_; }

  private:
    void launch();
    void drop(Duration grace);
    void scheduleStart();
    void checkSilence();

    EventLoop& loop_;
    Launcher& launcher_;
    WorkerRole role_;
    ChannelLimits limits_;
    SupervisorPolicy policy_;
    WorkerOwner& owner_;
    std::unique_ptr<WorkerProcess> process_;
    std::unique_ptr<FrameChannel> channel_;
    std::unique_ptr<WorkerProcess> ending_process_;
    std::unique_ptr<FrameChannel> ending_;  // kept until its callback has returned
    Duration back_off_{0}, wait_{0};
    BootTime started_at_, heard_at_;
    bool heard_ = false;  ///< anything of this worker
    std::uint64_t starts_ = 0;
    LoopHandle restart_timer_, silence_timer_, reap_;
};

}  // namespace camgate::ipc
