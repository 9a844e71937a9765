// Judges a camera by what it delivers: bytes, frames, keyframes, each by its own clock, and failures that
// were reported. Ends the worker when nothing else can help: rebuilding a pipeline inside one process leaks,
// and the supervisor starts a fresh one with back-off. Pure over the times it is given. One thread.
// Implements docs/ref/camera.md, "States".
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "camera/failure.hpp"

namespace camgate::camera {

struct StreamCounters {
    std::uint64_t bytes = 0;
    std::uint64_t frames = 0;
    std::uint64_t keyframes = 0;
};

struct HealthLimits {
    Duration connect =
        std::chrono::seconds(8);               ///< with no first byte: no-link, or no-frames once it answered
    Duration stall = std::chrono::seconds(5);  ///< without bytes or frames: no-frames
    Duration give_up = std::chrono::seconds(10);           ///< without bytes or frames: the worker ends
    Duration keyframe = std::chrono::seconds(20);          ///< frames without one: no-keyframes
    Duration keyframe_give_up = std::chrono::seconds(60);  ///< the worker ends
};

class CameraHealth {
  public:
    CameraHealth(BootTime started, HealthLimits limits);

    /// The camera answered: from now on silence is no-frames, not no-link.
    void onAnswered() { answered_ = true; }
    /// A failure that ends the worker. The first one counts.
    void onFailure(Failure failure);
    /// What the motion detector makes of the view; said while nothing worse is wrong.
    void onScene(motion::SceneState scene) { scene_ = scene; }
    void update(const StreamCounters& counters, BootTime now);

    ipc::CameraState state() const { return verdict_.state; }
    const std::string& detail() const { return verdict_.detail; }
    /// The worker is to report and end.
    bool mustEnd() const { return must_end_; }

  private:
    struct Progress {
        std::uint64_t count = 0;
        BootTime at;
        void follow(std::uint64_t now_count, BootTime now);
    };
    Failure judge(BootTime now) const;
    Failure judgeStart(Duration waited) const;
    bool nothingHelps(BootTime now) const;

    HealthLimits limits_;
    BootTime started_;
    bool answered_ = false;
    Progress bytes_, frames_, keyframes_;
    std::optional<BootTime> first_frame_;
    std::optional<Failure> failure_;
    motion::SceneState scene_ = motion::SceneState::Ok;
    Failure verdict_;
    bool must_end_ = false;
};

}  // namespace camgate::camera
