#include "app/camera_trial.hpp"

#include <utility>

namespace camgate::app {
namespace {

using ipc::CameraMessage;
using ipc::CameraState;

constexpr Duration kTrialPatience = std::chrono::seconds(25);
constexpr Duration kLeast = std::chrono::seconds(4);
/// A group of pictures that is longer than this is told as not seen.
constexpr Duration kMost = std::chrono::seconds(11);
constexpr Duration kStillPatience = std::chrono::seconds(3);
constexpr std::uint16_t kStillWidth_px = 320;
/// 40 Mbit/s, the most that a camera may be configured with, and a burst of 4 s.
constexpr double kMostRate_bytes_s = 5e6;

bool isOver(CameraState state) {
    return state != CameraState::Ok && state != CameraState::Connecting && state != CameraState::Frozen &&
           state != CameraState::Black && state != CameraState::Covered && state != CameraState::Moved &&
           state != CameraState::Blurred && state != CameraState::Overexposed;
}

double secondsBetween(BootTime a, BootTime b) {
    return std::chrono::duration<double>(b - a).count();
}

}  // namespace

std::optional<double> TrialStream::fps() const {
    if (frames < 2 || last <= first) return std::nullopt;
    return static_cast<double>(frames - 1) / secondsBetween(first, last);
}

std::optional<double> TrialStream::kbps() const {
    if (frames < 2 || last <= first) return std::nullopt;
    return static_cast<double>(bytes) * 8 / 1000 / secondsBetween(first, last);
}

CameraTrial::CameraTrial(EventLoop& loop, ipc::Launcher& launcher, ipc::CameraSettings settings, Done done)
    : loop_(loop),
      settings_(std::move(settings)),
      done_(std::move(done)),
      rate_(kMostRate_bytes_s, 4 * kMostRate_bytes_s),
      worker_(loop, launcher,
              {[this](std::uint16_t type, ByteView payload) { return onMessage(type, payload); },
               [this](const Error& why) {
                   const bool known = isOver(state_);
                   finish(std::unexpected(known ? Error{ErrorKind::Unavailable, 0, result_.detail} : why));
               }}) {
    settings_.detect_motion = false;
}

void CameraTrial::start() {
    if (auto started = worker_.start(ipc::WorkerRole::Camera, {ipc::longestFromCamera}, kTrialPatience);
        !started)
        return finish(std::unexpected(started.error()));
    worker_.say(CameraMessage::Settings, ipc::encode(settings_));
    check_ = loop_.runEvery(std::chrono::milliseconds(250), [this] { checkEnough(); });
}

Status CameraTrial::onMessage(std::uint16_t type, ByteView payload) {
    if (!rate_.take(payload.size() + 256, loop_.clock().bootNow()))
        return fail(ErrorKind::InvalidArgument, "the camera sends more than 40 Mbit/s");
    switch (static_cast<CameraMessage>(type)) {
        case CameraMessage::StreamConfig: {
            auto config = ipc::decodeStreamConfig(payload);
            if (!config) return std::unexpected(config.error());
            streamOf(config->stream).config = std::move(config->config);
            return {};
        }
        case CameraMessage::AccessUnit:
            return onUnit(payload);
        case CameraMessage::Report:
            return onReport(payload);
        case CameraMessage::Snapshot: {
            auto still = ipc::decodeSnapshot(payload);
            if (!still) return std::unexpected(still.error());
            result_.still = std::move(still->jpeg);
            finish(std::move(result_));
            return {};
        }
        case CameraMessage::Hello:
        case CameraMessage::Motion:
            return {};
        default:
            return fail(ErrorKind::Corruption, "unexpected message type " + std::to_string(type));
    }
}

Status CameraTrial::onUnit(ByteView payload) {
    const auto unit = ipc::decodeAccessUnit(payload);
    if (!unit) return std::unexpected(unit.error());
    if (!begun_) begun_ = loop_.clock().bootNow();
    TrialStream& stream = streamOf(unit->stream);
    if (stream.frames == 0) stream.first = unit->decode_time;
    stream.last = unit->decode_time;
    ++stream.frames;
    stream.bytes += unit->bytes.size();
    if (unit->random_access == media::RandomAccess::None) return {};
    if (stream.group_begin && !stream.group) stream.group = unit->decode_time - *stream.group_begin;
    stream.group_begin = unit->decode_time;
    return {};
}

Status CameraTrial::onReport(ByteView payload) {
    const auto report = ipc::decodeCameraReport(payload);
    if (!report) return std::unexpected(report.error());
    state_ = report->state;
    result_.detail =
        std::string(toString(report->state)) + (report->detail.empty() ? "" : ": " + report->detail);
    return {};
}

void CameraTrial::checkEnough() {
    if (isOver(state_)) return finish(fail(ErrorKind::Unavailable, result_.detail));
    if (!begun_) return;
    const Duration seen = loop_.clock().bootNow() - *begun_;
    const bool enough = seen >= kLeast && (result_.main.group || seen >= kMost);
    if (!enough) return;
    if (wants_still_) {
        if (seen >= kMost + kStillPatience) finish(std::move(result_));
        return;
    }
    wants_still_ = true;
    worker_.say(CameraMessage::SnapshotRequest, ipc::encode(ipc::SnapshotRequest{1, kStillWidth_px}));
}

void CameraTrial::finish(Result<TrialResult> result) {
    check_.cancel();
    worker_.end();
    if (auto done = std::exchange(done_, nullptr)) done(std::move(result));
}

}  // namespace camgate::app
