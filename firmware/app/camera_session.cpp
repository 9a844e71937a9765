#include "app/camera_session.hpp"

#include <array>
#include <utility>

#include "app/camera_settings.hpp"
#include "base/local_time.hpp"
#include "base/log.hpp"
#include "crypto/random.hpp"
#include "events/settings.hpp"

namespace camgate::app {
namespace {

using ipc::CameraMessage;
using ipc::CameraReport;
using ipc::CameraState;

constexpr ipc::SupervisorPolicy kCameraPolicy{.longest_silence = std::chrono::seconds(5)};
constexpr Duration kSnapshotPatience = std::chrono::seconds(5);
/// A camera may send this much more than planned for, and this long at once, before its worker is ended.
constexpr double kRateSlack = 4;
constexpr double kBurst_s = 10;
/// No message is free: a flood of small ones is a flood.
constexpr std::size_t kMessageCost_bytes = 256;
constexpr Duration kOldestMotion = std::chrono::seconds(30);
constexpr Duration kLongAfterAnyEvent = std::chrono::hours(1);
constexpr Duration kNewestMotion = std::chrono::seconds(2);

std::string newEventId() {
    // Without randomness there are no keys either: the daemon does not start then.
    return crypto::randomHex(16).value();
}

double plannedBytesPerSecond(const config::CameraConfig& config) {
    return static_cast<double>(config.bitrate_kbps) * 1000 / 8 * kRateSlack;
}

/// The counters of a report, for sums.
constexpr std::array kCounters{&CameraReport::bytes,           &CameraReport::frames,
                               &CameraReport::keyframes,       &CameraReport::sub_frames,
                               &CameraReport::analysed_frames, &CameraReport::mended_times,
                               &CameraReport::bad_units,       &CameraReport::dropped_units};

}  // namespace

CameraSession::CameraSession(EventLoop& loop, ipc::Launcher& launcher, const config::CameraConfig& config,
                             FootageSink& footage, CameraObserver& observer)
    : loop_(loop),
      config_(config),
      footage_(footage, loop.clock()),
      observer_(observer),
      tracker_(events::eventSettings(config.motion), newEventId),
      zone_schedule_(config.motion),
      rate_(plannedBytesPerSecond(config),
            plannedBytesPerSecond(config) * kBurst_s + media::kMaxAccessUnit_bytes),
      state_since_(loop.clock().bootNow()),
      tick_(loop.runEvery(std::chrono::milliseconds(500), [this] { onTick(); })),
      supervisor_(loop, launcher, ipc::WorkerRole::Camera, ipc::ChannelLimits{ipc::longestFromCamera},
                  kCameraPolicy, *this) {}

CameraReport CameraSession::totals() const {
    CameraReport sum = report_;
    for (const auto counter : kCounters) sum.*counter += before_.*counter;
    return sum;
}

std::string_view CameraSession::stateName() const {
    return paused_ ? "paused" : toString(report_.state);
}

void CameraSession::start() {
    started_ = true;
    if (!paused_) supervisor_.start();
}

void CameraSession::pause(std::string why) {
    const bool anew = !std::exchange(paused_, true);
    report_.detail = std::move(why);
    if (!anew) return observer_.onCameraState(*this);
    footage_.onPause(true);
    supervisor_.stop();
    addUpCounters();
    report_.state = CameraState::Connecting;
    state_since_ = loop_.clock().bootNow();
    tell(tracker_.onTime(state_since_ + kLongAfterAnyEvent));
    failSnapshots({ErrorKind::Unavailable, 0, "camera " + config_.id + " is paused"});
    tellState(LogLevel::Info);
}

void CameraSession::resume() {
    if (!std::exchange(paused_, false)) return;
    footage_.onPause(false);
    report_.detail.clear();
    state_since_ = loop_.clock().bootNow();
    tellState(LogLevel::Info);
    if (started_) supervisor_.start();
}

void CameraSession::stop() {
    started_ = false;
    supervisor_.stop();
    tell(tracker_.onTime(loop_.clock().bootNow() + kLongAfterAnyEvent));
}

void CameraSession::onWorkerStarted() {
    supervisor_.send(static_cast<std::uint16_t>(CameraMessage::Settings), encode(workerSettings(config_)));
    told_zones_ = 0xFFFF;
    tellActiveZones();
}

void CameraSession::onTick() {
    tell(tracker_.onTime(loop_.clock().bootNow()));
    tellActiveZones();
}

void CameraSession::tellActiveZones() {
    const WallReading wall = loop_.clock().wallNow();
    // Who does not know the hour watches everywhere.
    const std::uint16_t zones = wall.quality == WallQuality::Unsynced
                                    ? std::uint16_t{0xFFFF}
                                    : zone_schedule_.activeAt(localMinuteOfWeek(wall.time));
    if (zones == told_zones_) return;
    if (supervisor_.send(static_cast<std::uint16_t>(CameraMessage::ActiveZones),
                         encode(ipc::ActiveZones{zones})))
        told_zones_ = zones;
}

void CameraSession::addUpCounters() {
    before_ = totals();
    for (const auto counter : kCounters) report_.*counter = 0;
}

void CameraSession::onWorkerEnded(const Error& why) {
    addUpCounters();
    footage_.onInterrupted();
    failSnapshots(why);
    // A worker that said what is wrong with its camera has said more than its end does.
    if (report_.state == CameraState::Ok || report_.state == CameraState::Connecting) {
        setState(CameraState::Connecting, why.context);
    }
}

Status CameraSession::onWorkerMessage(std::uint16_t type, ByteView payload) {
    if (!rate_.take(payload.size() + kMessageCost_bytes, loop_.clock().bootNow())) {
        return fail(ErrorKind::InvalidArgument,
                    "camera " + config_.id + " sends far more than bitrate_kbps plans for");
    }
    switch (static_cast<CameraMessage>(type)) {
        case CameraMessage::Hello:
            return onHello(payload);
        case CameraMessage::StreamConfig:
            return onStreamConfig(payload);
        case CameraMessage::AccessUnit:
            return onAccessUnit(payload);
        case CameraMessage::Motion:
            return onMotion(payload);
        case CameraMessage::Report:
            return onReport(payload);
        case CameraMessage::Snapshot:
            return onSnapshot(payload);
        default:
            return fail(ErrorKind::Corruption, "unexpected message type " + std::to_string(type));
    }
}

Status CameraSession::onHello(ByteView payload) {
    const auto hello = ipc::decodeHello(payload);
    if (!hello) return std::unexpected(hello.error());
    if (hello->protocol == ipc::kProtocolVersion) return {};
    return fail(ErrorKind::FailedPrecondition,
                "the camera worker speaks protocol " + std::to_string(hello->protocol));
}

Status CameraSession::onStreamConfig(ByteView payload) {
    auto config = ipc::decodeStreamConfig(payload);
    if (!config) return std::unexpected(config.error());
    footage_.onStreamConfig(config->stream, std::move(config->config));
    return {};
}

Status CameraSession::onAccessUnit(ByteView payload) {
    auto unit = ipc::decodeAccessUnit(payload);
    if (!unit) return std::unexpected(unit.error());
    return footage_.onAccessUnit(std::move(*unit));
}

Status CameraSession::onMotion(ByteView payload) {
    const auto result = ipc::decodeMotion(payload);
    if (!result) return std::unexpected(result.error());
    const BootTime now = loop_.clock().bootNow();
    if (result->captured_at < now - kOldestMotion || result->captured_at > now + kNewestMotion) {
        return fail(ErrorKind::Corruption, "a motion result of another time");
    }
    tell(tracker_.onMotion(*result));
    return {};
}

Status CameraSession::onReport(ByteView payload) {
    auto report = ipc::decodeCameraReport(payload);
    if (!report) return std::unexpected(report.error());
    CameraState state = report->state;
    // Another worker begins anew; what is wrong with the camera stays until it knows better.
    if (state == CameraState::Connecting && report_.state != CameraState::Ok) {
        state = report_.state;
        report->detail = report_.detail;
    }
    std::string detail = std::exchange(report->detail, report_.detail);
    report->state = report_.state;
    report_ = std::move(*report);
    setState(state, std::move(detail));
    return {};
}

Status CameraSession::onSnapshot(ByteView payload) {
    auto snapshot = ipc::decodeSnapshot(payload);
    if (!snapshot) return std::unexpected(snapshot.error());
    const std::uint32_t id = snapshot->id;
    if (snapshot->error.empty()) {
        answerSnapshot(id, std::move(*snapshot));
    } else {
        answerSnapshot(id, fail(ErrorKind::Unavailable, snapshot->error));
    }
    return {};
}

void CameraSession::setState(CameraState state, std::string detail) {
    report_.detail = std::move(detail);
    if (report_.state == state) return;
    report_.state = state;
    state_since_ = loop_.clock().bootNow();
    tellState(state == CameraState::Ok ? LogLevel::Info : LogLevel::Warning);
}

void CameraSession::tellState(LogLevel level) {
    logEvent(level, "camera", "camera-state",
             {{"camera", config_.id}, {"state", stateName()}, {"detail", report_.detail}});
    observer_.onCameraState(*this);
}

void CameraSession::tell(const std::vector<events::EventUpdate>& updates) {
    for (const auto& update : updates) observer_.onEventUpdate(*this, update);
}

Status CameraSession::watch(clip::Quality quality, uplink::LiveViewer& viewer) {
    const bool sub = quality == clip::Quality::Preview && !config_.sub.empty();
    return footage_.watch(sub ? media::StreamKind::Sub : media::StreamKind::Main, viewer);
}

void CameraSession::snapshot(std::uint16_t max_width_px, SnapshotAnswer answer) {
    const std::uint32_t id = next_snapshot_++;
    const ipc::SnapshotRequest request{id, max_width_px};
    if (!supervisor_.send(static_cast<std::uint16_t>(CameraMessage::SnapshotRequest), encode(request))) {
        return answer(fail(ErrorKind::Unavailable,
                           "camera " + config_.id + (paused_ ? " is paused" : " is not connected")));
    }
    auto deadline = loop_.runAfter(kSnapshotPatience, [this, id] {
        answerSnapshot(id, fail(ErrorKind::Timeout, "camera " + config_.id + " gave no picture in time"));
    });
    snapshots_[id] = PendingSnapshot{std::move(answer), std::move(deadline)};
}

void CameraSession::answerSnapshot(std::uint32_t id, Result<ipc::Snapshot> result) {
    auto found = snapshots_.extract(id);
    if (!found.empty()) found.mapped().answer(std::move(result));
}

void CameraSession::failSnapshots(const Error& why) {
    while (!snapshots_.empty()) answerSnapshot(snapshots_.begin()->first, std::unexpected(why));
}

}  // namespace camgate::app
