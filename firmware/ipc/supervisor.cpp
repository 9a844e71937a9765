#include "ipc/supervisor.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace camgate::ipc {

Supervisor::Supervisor(EventLoop& loop, Launcher& launcher, WorkerRole role, ChannelLimits limits,
                       SupervisorPolicy policy, WorkerOwner& owner)
    : loop_(loop),
      launcher_(launcher),
      role_(role),
      limits_(std::move(limits)),
      policy_(policy),
      owner_(owner) {}

void Supervisor::start() {
    back_off_ = Duration::zero();
    if (!channel_) launch();
}

void Supervisor::stop() {
    restart_timer_.cancel();
    drop();
}

void Supervisor::launch() {
    ++starts_;
    auto process = launcher_.launch(role_);
    if (!process) {
        scheduleStart();
        owner_.onWorkerEnded(process.error());
        return;
    }
    process_ = std::move(*process);
    started_at_ = heard_at_ = loop_.clock().bootNow();
    channel_ = std::make_unique<FrameChannel>(
        loop_, process_->takeSocket(), limits_,
        [this](std::uint16_t type, ByteView payload) {
            heard_at_ = loop_.clock().bootNow();
            if (auto taken = owner_.onWorkerMessage(type, payload); !taken) endWorker(taken.error());
        },
        [this](const Error& why) { endWorker(why); });
    silence_timer_ = loop_.runEvery(std::chrono::seconds(1), [this] { checkSilence(); });
    owner_.onWorkerStarted();
}

void Supervisor::drop() {
    silence_timer_.cancel();
    if (!channel_) return;
    // This may run inside the channel's own callback, so it goes away one turn later.
    channel_->shut();
    ending_ = std::move(channel_);
    process_.reset();
    reap_ = loop_.runAfter(Duration::zero(), [this] { ending_.reset(); });
}

void Supervisor::endWorker(const Error& why) {
    if (!channel_) return;
    const bool was_healthy = loop_.clock().bootNow() - started_at_ >= policy_.healthy_after;
    if (was_healthy) back_off_ = Duration::zero();
    drop();
    logEvent(LogLevel::Warning, "ipc", "worker-ended", {{"role", roleRow(role_).name}, {"why", why}});
    scheduleStart();
    owner_.onWorkerEnded(why);
}

void Supervisor::scheduleStart() {
    back_off_ = std::clamp(back_off_ * 2, policy_.least_back_off, policy_.most_back_off);
    restart_timer_ = loop_.runAfter(back_off_, [this] { launch(); });
}

void Supervisor::checkSilence() {
    if (loop_.clock().bootNow() - heard_at_ < policy_.longest_silence) return;
    endWorker(Error{ErrorKind::Timeout, 0, "the worker said nothing for too long"});
}

}  // namespace camgate::ipc
