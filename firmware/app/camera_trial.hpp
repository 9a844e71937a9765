// Tries a camera before it is part of the configuration: a camera worker of its own receives both streams for
// a few seconds, is measured, and ended. Loop thread only. Implements docs/ref/cli.md (cameras.test).
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/brief_worker.hpp"
#include "app/rate_guard.hpp"
#include "ipc/camera_messages.hpp"

namespace camgate::app {

/// What was measured; what was not seen is absent.
struct TrialStream {
    std::optional<media::DecoderConfig> config;
    std::uint64_t frames = 0;
    std::uint64_t bytes = 0;
    BootTime first, last;  ///< decode times
    std::optional<BootTime> group_begin;
    std::optional<Duration> group;  ///< between two points where a decoder can start

    std::optional<double> fps() const;
    std::optional<double> kbps() const;
};

struct TrialResult {
    TrialStream main, sub;
    Bytes still;  ///< JPEG; empty: there came none
    std::string detail;
};

class CameraTrial {
  public:
    using Done = std::function<void(Result<TrialResult>)>;

    CameraTrial(EventLoop& loop, ipc::Launcher& launcher, ipc::CameraSettings settings, Done done);
    /// `done` is called later, once: with a result within 25 s, or with what the camera's state says.
    void start();

  private:
    Status onMessage(std::uint16_t type, ByteView payload);
    Status onUnit(ByteView payload);
    Status onReport(ByteView payload);
    void checkEnough();
    void finish(Result<TrialResult> result);
    TrialStream& streamOf(media::StreamKind kind) {
        return kind == media::StreamKind::Main ? result_.main : result_.sub;
    }

    EventLoop& loop_;
    ipc::CameraSettings settings_;
    Done done_;
    TrialResult result_;
    RateGuard rate_;
    std::optional<BootTime> begun_;  ///< the first frame's arrival
    ipc::CameraState state_ = ipc::CameraState::Connecting;
    bool wants_still_ = false;
    LoopHandle check_;
    BriefWorker worker_;
};

}  // namespace camgate::app
