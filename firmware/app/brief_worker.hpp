// A worker for one errand: started, asked, heard, ended, within a time that is set beforehand. Loop thread
// only. Its callbacks may call end(), not destroy it.
#pragma once

#include <functional>
#include <memory>

#include "ipc/frame_channel.hpp"
#include "ipc/launcher.hpp"

namespace camgate::app {

struct BriefWorkerPorts {
    /// An error ends the errand: the worker sent what it must not send.
    std::function<Status(std::uint16_t type, ByteView payload)> on_message;
    /// The worker ended, lied, or the time is up; once, and not after end().
    std::function<void(const Error& why)> on_end;
};

class BriefWorker {
  public:
    BriefWorker(EventLoop& loop, ipc::Launcher& launcher, BriefWorkerPorts ports)
        : loop_(loop), launcher_(launcher), ports_(std::move(ports)) {}
    BriefWorker(const BriefWorker&) = delete;
    BriefWorker& operator=(const BriefWorker&) = delete;

    [[nodiscard]] Status start(ipc::WorkerRole role, ipc::ChannelLimits limits, Duration patience);
    template <class Type>
    void say(Type type, const Bytes& payload) {
        if (channel_) (void)channel_->send(static_cast<std::uint16_t>(type), payload);
    }
    /// No callback follows; the worker is ended.
    void end();

  private:
    void failed(const Error& why);

    EventLoop& loop_;
    ipc::Launcher& launcher_;
    BriefWorkerPorts ports_;
    std::unique_ptr<ipc::WorkerProcess> process_;
    std::unique_ptr<ipc::FrameChannel> channel_;
    bool ended_ = false;
    LoopHandle deadline_;
};

}  // namespace camgate::app
