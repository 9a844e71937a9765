#include "camera/camera_health.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace camgate::camera {

using ipc::CameraState;
using motion::SceneState;

namespace {

struct SceneRow {
    SceneState scene;
    CameraState state;
    const char* detail;
};

constexpr std::array kScenes{
    SceneRow{SceneState::Covered, CameraState::Covered, "something covers the lens"},
    SceneRow{SceneState::Moved, CameraState::Moved, "the camera looks somewhere else"},
    SceneRow{SceneState::Black, CameraState::Black, "the picture is black"},
    SceneRow{SceneState::Frozen, CameraState::Frozen, "the picture stands still"},
    SceneRow{SceneState::Blurred, CameraState::Blurred, "the picture is out of focus"},
    SceneRow{SceneState::Overexposed, CameraState::Overexposed, "the picture is flooded with light"},
};

Failure verdictOn(SceneState scene) {
    for (const SceneRow& row : kScenes) {
        if (row.scene == scene) return {row.state, row.detail};
    }
    return {CameraState::Ok, {}};
}

}  // namespace

CameraHealth::CameraHealth(BootTime started, HealthLimits limits)
    : limits_(limits),
      started_(started),
      bytes_{0, started},
      frames_{0, started},
      keyframes_{0, started},
      verdict_{CameraState::Connecting, "connecting"} {}

void CameraHealth::Progress::follow(std::uint64_t now_count, BootTime now) {
    if (now_count == count) return;
    count = now_count;
    at = now;
}

void CameraHealth::onFailure(Failure failure) {
    if (failure_) return;
    failure_ = std::move(failure);
    verdict_ = *failure_;
    must_end_ = true;
}

void CameraHealth::update(const StreamCounters& counters, BootTime now) {
    if (failure_) return;
    const bool first_byte = bytes_.count == 0 && counters.bytes > 0;
    bytes_.follow(counters.bytes, now);
    if (first_byte) frames_.at = now;  // frames are owed from here on
    frames_.follow(counters.frames, now);
    keyframes_.follow(counters.keyframes, now);
    if (frames_.count > 0 && !first_frame_) first_frame_ = now;
    verdict_ = judge(now);
    must_end_ = nothingHelps(now);
}

bool CameraHealth::nothingHelps(BootTime now) const {
    if (bytes_.count == 0) return now - started_ >= limits_.connect + limits_.give_up - limits_.stall;
    if (now - std::min(bytes_.at, frames_.at) >= limits_.give_up) return true;
    return first_frame_ && now - std::max(keyframes_.at, *first_frame_) >= limits_.keyframe_give_up;
}

Failure CameraHealth::judge(BootTime now) const {
    if (bytes_.count == 0) return judgeStart(now - started_);
    if (now - bytes_.at >= limits_.stall) return {CameraState::NoFrames, "the camera sends nothing any more"};
    if (now - frames_.at >= limits_.stall) {
        return {CameraState::NoFrames, "the camera sends data, but no readable frame"};
    }
    if (!first_frame_) return {CameraState::Connecting, "waiting for the first frame"};
    if (now - std::max(keyframes_.at, *first_frame_) >= limits_.keyframe) {
        return {CameraState::NoKeyframes, "frames arrive, but none that a recording can start at"};
    }
    if (keyframes_.count == 0) return {CameraState::Connecting, "waiting for the first keyframe"};
    return verdictOn(scene_);
}

Failure CameraHealth::judgeStart(Duration waited) const {
    if (waited < limits_.connect) {
        return {CameraState::Connecting, answered_ ? "waiting for the first frame" : "connecting"};
    }
    if (answered_) return {CameraState::NoFrames, "the camera answers, but sends no video"};
    return {CameraState::NoLink, "the camera does not answer"};
}

}  // namespace camgate::camera
