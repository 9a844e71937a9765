#include "app/brief_worker.hpp"

#include <utility>

namespace camgate::app {

Status BriefWorker::start(ipc::WorkerRole role, ipc::ChannelLimits limits, Duration patience) {
    auto process = launcher_.launch(role);
    if (!process) return std::unexpected(process.error());
    process_ = std::move(*process);
    channel_ = std::make_unique<ipc::FrameChannel>(
        loop_, process_->takeSocket(), std::move(limits),
        [this](std::uint16_t type, ByteView payload) {
            if (ended_) return;
            if (auto taken = ports_.on_message(type, payload); !taken) failed(taken.error());
        },
        [this](const Error& why) { failed(why); });
    deadline_ = loop_.runAfter(patience, [this] {
        failed({ErrorKind::Timeout, 0, "the worker did not answer in time"});
    });
    return {};
}

void BriefWorker::end() {
    if (std::exchange(ended_, true)) return;
    deadline_.cancel();
    if (channel_) channel_->shut();
    process_.reset();
}

void BriefWorker::failed(const Error& why) {
    if (ended_) return;
    end();
    ports_.on_end(why);
}

}  // namespace camgate::app
