#include "camera/worker.hpp"

#include <unistd.h>

#include <utility>

#include "base/log.hpp"
#include "camera/camera_url.hpp"
#include "camera/exit_code.hpp"
#include "camera/source_factory.hpp"
#include "ipc/roles.hpp"

namespace camgate::camera {
namespace {

using ipc::CameraMessage;
using media::StreamKind;

constexpr Duration kHealthPeriod = std::chrono::milliseconds(250);
constexpr Duration kReportPeriod =
    std::chrono::milliseconds(900);  // "at least each second", with room for jitter
constexpr Duration kLongestGoodbye = std::chrono::milliseconds(500);
constexpr std::size_t kMaxDetail_bytes = 400;

ipc::ChannelLimits limits() {
    ipc::ChannelLimits out;
    out.longest_message = ipc::longestToCamera;
    return out;
}

}  // namespace

Worker::Worker(EventLoop& loop, UniqueFd socket, std::function<void(int)> on_end)
    : loop_(loop),
      on_end_(std::move(on_end)),
      channel_(
          loop, std::move(socket), limits(),
          [this](std::uint16_t type, ByteView payload) { onMessage(type, payload); },
          [this](const Error& why) {
              const bool closed = why.kind != ErrorKind::Corruption;
              on_end_(exitStatus(closed ? ExitCode::Closed : ExitCode::BadMessage));
          }),
      snapshotter_(loop) {
    const ipc::WorkerHello hello{ipc::kProtocolVersion, static_cast<std::uint32_t>(::getpid())};
    channel_.send(std::to_underlying(CameraMessage::Hello), ipc::encode(hello));
    report_timer_ = loop_.runEvery(kReportPeriod, [this] { sendReport(); });
}

Worker::~Worker() = default;

void Worker::letCamerasGo() {
    for (auto* stream : {&main_, &sub_}) {
        if (*stream) (*stream)->pipeline->stopNow();
    }
}

void Worker::onMessage(std::uint16_t type, ByteView payload) {
    switch (static_cast<CameraMessage>(type)) {
        case CameraMessage::Settings:
            return onSettings(payload);
        case CameraMessage::SnapshotRequest:
            return onSnapshotRequest(payload);
        case CameraMessage::ActiveZones:
            return onActiveZones(payload);
        default:
            return finish(exitStatus(ExitCode::BadMessage));
    }
}

void Worker::onSettings(ByteView payload) {
    auto settings = ipc::decodeCameraSettings(payload);
    // Other settings are another worker's: that one starts with clean counters and a clean pipeline.
    if (!settings || settings_) return finish(exitStatus(ExitCode::BadMessage));
    settings_ = std::move(*settings);
    health_.emplace(loop_.clock().bootNow(), HealthLimits{});
    if (auto started = startCamera(); !started) {
        health_->onFailure({ipc::CameraState::Unsupported, started.error().context});
        return finish(exitStatus(ExitCode::BadSettings));
    }
    health_timer_ = loop_.runEvery(kHealthPeriod, [this] { checkHealth(); });
    sendReport();
}

Status Worker::startCamera() {
    std::optional<motion::Detector> detector;
    if (settings_->detect_motion) {
        auto made = motion::Detector::create(settings_->detector);
        if (!made) return passOn(made.error(), "motion settings");
        detector.emplace(std::move(*made));
    }
    analyser_.emplace(loop_, settings_->analysis_fps, std::move(detector), [this](const auto& result) {
        decoder_->onLooked(result);
        health_->onScene(result.scene);
        channel_.send(std::to_underlying(CameraMessage::Motion), ipc::encode(result));
    });
    decoder_.emplace(
        [this](SamplePtr picture) { analyser_->offer(std::move(picture)); },
        DecodeSettings{.keyframes_only = !settings_->detect_motion, .gate = settings_->decode_gate});
    const bool has_sub = !settings_->sub_url.empty();
    if (auto main = startStream(main_, StreamKind::Main, settings_->main_url); !main) return main;
    if (has_sub) {
        sub_health_.emplace(loop_.clock().bootNow(), HealthLimits{});
        if (auto sub = startStream(sub_, StreamKind::Sub, settings_->sub_url); !sub) return sub;
    }
    (has_sub ? sub_ : main_)->pipeline->setTap(&*decoder_);
    main_->pipeline->start();
    if (has_sub) sub_->pipeline->start();
    return {};
}

Status Worker::startStream(std::optional<Stream>& stream, StreamKind kind, const std::string& url) {
    const auto parsed = parseCameraUrl(url);
    if (!parsed) return passOn(parsed.error(), std::string(media::toString(kind)) + " stream");
    auto source = makeSource(*parsed, {settings_->user, settings_->password, settings_->transport});
    StreamObserver& observer = *this;
    stream.emplace(
        std::make_unique<StreamPipeline>(loop_, kind, std::move(source), settings_->password, observer),
        StreamLane(kind, channel_));
    return {};
}

void Worker::onUnit(StreamKind stream, media::Codec codec, ReceivedUnit unit) {
    auto& target = stream == StreamKind::Main ? main_ : sub_;
    if (target && !ending_with_) target->lane.take(codec, std::move(unit));
}

void Worker::onStreamAnswered(StreamKind stream) {
    auto& health = stream == StreamKind::Main ? health_ : sub_health_;
    if (health) health->onAnswered();
}

void Worker::onStreamFailed(StreamKind stream, Failure failure) {
    if (stream == StreamKind::Sub) {
        if (sub_health_) sub_health_->onFailure(std::move(failure));
    } else {
        health_->onFailure(std::move(failure));
    }
    checkHealth();
}

void Worker::checkHealth() {
    if (ending_with_) return;
    const LaneCounters counters = main_->lane.counters();
    health_->update({main_->pipeline->bytes(), counters.frames, counters.keyframes}, loop_.clock().bootNow());
    checkSubStream();
    if (health_->mustEnd()) return finish(exitStatus(health_->state()));
    if (health_->state() != told_state_ || detail() != told_detail_) sendReport();
}

void Worker::checkSubStream() {
    if (!sub_health_) return;
    const LaneCounters counters = sub_->lane.counters();
    sub_health_->update({sub_->pipeline->bytes(), counters.frames, counters.keyframes},
                        loop_.clock().bootNow());
    if (sub_health_->mustEnd()) analyseMainInstead({sub_health_->state(), sub_health_->detail()});
}

void Worker::analyseMainInstead(const Failure& why) {
    sub_failure_ = "the sub-stream failed (" + std::string(ipc::toString(why.state)) + ", " + why.detail +
                   "), the main stream is analysed";
    sub_health_.reset();
    sub_->pipeline->setTap(nullptr);
    sub_->pipeline->stopInBackground();
    main_->pipeline->setTap(&*decoder_);
    logEvent(LogLevel::Warning, "camera", "sub-stream-failed",
             {{"camera", settings_->camera}, {"state", ipc::toString(why.state)}, {"detail", why.detail}});
}

void Worker::onActiveZones(ByteView payload) {
    const auto active = ipc::decodeActiveZones(payload);
    if (!active || !settings_) return finish(exitStatus(ExitCode::BadMessage));
    if (analyser_) analyser_->setActiveZones(active->zones);
}

void Worker::onSnapshotRequest(ByteView payload) {
    const auto request = ipc::decodeSnapshotRequest(payload);
    if (!request) return finish(exitStatus(ExitCode::BadMessage));
    SamplePtr picture = analyser_ ? analyser_->newest() : nullptr;
    ipc::Snapshot answer;
    answer.id = request->id;
    if (!picture) {
        answer.error = "no picture yet";
        return answerSnapshot(std::move(answer));
    }
    answer.captured_at = pictureTime(*picture);
    snapshotter_.request(std::move(picture), request->max_width_px, ipc::kMaxSnapshot_bytes,
                         [this, answer](Result<Bytes> jpeg) mutable {
                             if (jpeg) {
                                 answer.jpeg = std::move(*jpeg);
                             } else {
                                 answer.error = jpeg.error().context;
                             }
                             answerSnapshot(std::move(answer));
                         });
}

void Worker::answerSnapshot(ipc::Snapshot snapshot) {
    channel_.send(std::to_underlying(CameraMessage::Snapshot), ipc::encode(snapshot));
}

std::string Worker::detail() const {
    std::string out = health_ ? health_->detail() : "waiting for settings";
    if (!sub_failure_.empty()) out += (out.empty() ? "" : "; ") + sub_failure_;
    out = redact(out, settings_ ? settings_->password : std::string());
    if (out.size() > kMaxDetail_bytes) out.resize(kMaxDetail_bytes);
    return out;
}

void Worker::sendReport() {
    ipc::CameraReport report;
    if (health_) report.state = health_->state();
    report.detail = detail();
    if (main_) {
        const LaneCounters main = main_->lane.counters();
        const LaneCounters sub = sub_ ? sub_->lane.counters() : LaneCounters{};
        report.bytes = main_->pipeline->bytes() + (sub_ ? sub_->pipeline->bytes() : 0);
        report.frames = main.frames;
        report.keyframes = main.keyframes;
        report.sub_frames = sub.frames;
        report.mended_times = main.mended_times + sub.mended_times;
        report.bad_units = main.bad_units + sub.bad_units;
        report.dropped_units = main.dropped_units + sub.dropped_units;
    }
    if (analyser_) report.analysed_frames = analyser_->analysedFrames();
    channel_.send(std::to_underlying(CameraMessage::Report), ipc::encode(report));
    if (report.state != told_state_ && settings_) {
        logEvent(LogLevel::Info, "camera", "camera-state",
                 {{"camera", settings_->camera},
                  {"state", ipc::toString(report.state)},
                  {"detail", report.detail}});
    }
    told_state_ = report.state;
    told_detail_ = report.detail;
}

void Worker::finish(int status) {
    if (ending_with_) return;
    ending_with_ = status;
    sendReport();
    // The last report is why the worker ends: it leaves before the process does.
    end_timer_ = loop_.runEvery(std::chrono::milliseconds(5), [this] {
        if (channel_.waitingBytes() == 0) on_end_(*ending_with_);
    });
    end_deadline_ = loop_.runAfter(kLongestGoodbye, [this] { on_end_(*ending_with_); });
}

}  // namespace camgate::camera
