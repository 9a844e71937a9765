#include "ipc/supervisor.hpp"

#include <algorithm>
#include <utility>

#include "base/back_off.hpp"
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
    drop(Duration::zero());
}

void Supervisor::stopAfter(std::uint16_t type, ByteView payload) {
    restart_timer_.cancel();
    send(type, payload);
    drop(std::chrono::seconds(2));
}

void Supervisor::launch() {
    ++starts_;
    auto process = launcher_.launch(role_);
    if (!process) {
        logEvent(LogLevel::Error, "ipc", "worker-not-started",
                 {{"role", roleRow(role_).name}, {"why", process.error()}});
        scheduleStart();
        owner_.onWorkerEnded(process.error());
        return;
    }
    process_ = std::move(*process);
    started_at_ = heard_at_ = loop_.clock().bootNow();
    heard_ = false;
    channel_ = std::make_unique<FrameChannel>(
        loop_, process_->takeSocket(), limits_,
        [this, start = starts_](std::uint16_t type, ByteView payload) {
            if (!channel_ || start != starts_) return;  // a worker that takes its leave
            heard_at_ = loop_.clock().bootNow();
            heard_ = true;
            if (auto taken = owner_.onWorkerMessage(type, payload); !taken) endWorker(taken.error());
        },
        [this, start = starts_](const Error& why) {
            if (start == starts_) endWorker(why);
        });
    silence_timer_ = loop_.runEvery(std::chrono::seconds(1), [this] { checkSilence(); });
    owner_.onWorkerStarted();
}

void Supervisor::drop(Duration grace) {
    silence_timer_.cancel();
    if (!channel_) return;
    if (grace == Duration::zero()) {
        channel_->shut();
        process_.reset();
    }
    // This may run inside the channel's own callback, so it goes away one turn later at the earliest.
    ending_ = std::move(channel_);
    ending_process_ = std::move(process_);
    reap_ = loop_.runAfter(grace, [this] {
        ending_.reset();
        ending_process_.reset();
    });
}

void Supervisor::endWorker(const Error& why) {
    if (!channel_) return;
    const bool was_healthy = loop_.clock().bootNow() - started_at_ >= policy_.healthy_after;
    if (was_healthy) back_off_ = Duration::zero();
    drop(Duration::zero());
    logEvent(LogLevel::Warning, "ipc", "worker-ended", {{"role", roleRow(role_).name}, {"why", why}});
    scheduleStart();
    owner_.onWorkerEnded(why);
}

void Supervisor::scheduleStart() {
    back_off_ = std::clamp(back_off_ * 2, policy_.least_back_off, policy_.most_back_off);
    wait_ = policy_.random == nullptr ? back_off_ : spreadBackOff(back_off_, policy_.random());
    restart_timer_ = loop_.runAfter(wait_, [this] { launch(); });
}

void Supervisor::checkSilence() {
    const Duration silence = loop_.clock().bootNow() - heard_at_;
    if (silence < (heard_ ? policy_.longest_silence : policy_.longest_start)) return;
    endWorker(Error{ErrorKind::Timeout, 0,
                    heard_ ? "the worker said nothing for too long" : "the worker did not start in time"});
}

}  // namespace camgate::ipc
