#include "tools/replay/replay.hpp"

#include <gst/video/video.h>

#include <algorithm>
#include <utility>

#include "events/settings.hpp"

namespace camgate::replay {
namespace {

double inSeconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

std::uint64_t pixelsOf(const GstSample& picture) {
    GstVideoInfo info;
    GstCaps* caps = gst_sample_get_caps(const_cast<GstSample*>(&picture));
    if (gst_video_info_from_caps(&info, caps) == FALSE) return 0;
    return static_cast<std::uint64_t>(GST_VIDEO_INFO_WIDTH(&info)) *
           static_cast<std::uint64_t>(GST_VIDEO_INFO_HEIGHT(&info));
}

/// What has become of the view says more than whether it is being looked at.
std::string_view stateOf(const motion::MotionResult& result) {
    if (result.scene != motion::SceneState::Ok) return toString(result.scene);
    return result.state == motion::GlobalState::Settling ? "settling" : "normal";
}

}  // namespace

Result<std::unique_ptr<Replay>> Replay::create(const config::MotionConfig& motion, ReplayObserver& observer) {
    auto detector = motion::Detector::create(events::detectorSettings(motion));
    if (!detector) return std::unexpected(detector.error());
    return std::unique_ptr<Replay>(new Replay(motion, std::move(*detector), observer));
}

Replay::Replay(const config::MotionConfig& motion, motion::Detector detector, ReplayObserver& observer)
    : motion_(motion),
      observer_(observer),
      pacer_(static_cast<int>(motion.analysis_fps)),
      analysis_(std::move(detector)),
      tracker_(events::eventSettings(motion), [n = 0]() mutable { return std::to_string(++n); }),
      decoder_([this](const camera::SamplePtr& picture) { onPicture(picture); },
               {.live = false, .gate = motion.decode_gate}) {}

Status Replay::run(const std::string& path, const VideoFile::OnProgress& on_progress) {
    VideoFile file(path, book_, decoder_);
    const auto played = file.play(on_progress);
    decoder_.finish();
    tell(tracker_.onTime(BootTime::max()));
    if (!played) return played;
    if (first_) return {};
    return fail(ErrorKind::InvalidArgument, path + ": no picture could be decoded out of " +
                                                std::to_string(book_.frames()) + " frames of " +
                                                file.mediaType());
}

void Replay::onPicture(const camera::SamplePtr& picture) {
    cpu_.onPicture();
    const auto at = book_.onPicture(camera::pictureTime(*picture));
    if (!at) return;
    if (!first_) first_ = at->time;
    if (pacer_.takes(at->time)) look(*picture, *at);
}

void Replay::look(GstSample& picture, FrameTime at) {
    const auto result = analysis_.look(picture, at.time);
    cpu_.onLooked();
    if (!result) return;
    ++summary_.analysed;
    looked_px_ += pixelsOf(picture);
    decoder_.onLooked(*result);
    take(*result, at);
    observer_.onLooked({at, secondsAt(at.time), picture, *result, tracker_.current().has_value()});
    cpu_.onDone();
}

void Replay::take(const motion::MotionResult& result, FrameTime at) {
    for (std::size_t i = 0; i < result.rejected.size(); ++i) summary_.rejected[i] += result.rejected[i];
    if (const auto state = stateOf(result); state_ != state) {
        state_ = state;
        observer_.onState(at.frame, state);
    }
    looked_.push_back(at);
    tell(tracker_.onMotion(result));
    if (!tracker_.current()) looked_.clear();
}

void Replay::tell(const std::vector<events::EventUpdate>& updates) {
    for (const auto& [phase, event] : updates) {
        if (phase != events::EventPhase::End) continue;
        ++summary_.events;
        EventSeen seen;
        seen.first_frame = frameAt(event.start).frame;
        seen.last_frame = frameAt(event.last_motion).frame;
        seen.start_s = secondsAt(event.start);
        seen.end_s = secondsAt(event.last_motion);
        seen.zones = events::zoneNames(motion_, event.zones_touched);
        seen.event = event;
        observer_.onEvent(seen);
    }
}

FrameTime Replay::frameAt(BootTime time) const {
    return *std::ranges::lower_bound(looked_, time, {}, &FrameTime::time);
}

double Replay::secondsAt(BootTime time) const {
    return inSeconds(time - *first_);
}

Summary Replay::summary() const {
    Summary out = summary_;
    out.frames = book_.frames();
    const double length_s = inSeconds(book_.length());
    if (length_s > 0) out.fps = static_cast<double>(out.frames - 1) / length_s;
    out.cpu_s = inSeconds(cpuTime(CLOCK_PROCESS_CPUTIME_ID));
    out.decode_cpu_s = inSeconds(cpu_.decoding());
    if (looked_px_ > 0)
        out.ns_per_px = static_cast<double>(cpu_.looking().count()) / static_cast<double>(looked_px_);
    return out;
}

}  // namespace camgate::replay
