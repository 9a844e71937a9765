// Runs the product's own pipeline over a file: its decoder, its detector, its event tracker, on media time,
// as fast as it goes. Frames that the product would thin out are thinned out here too; numbers always mean
// frames of the file. One run per object. Implements docs/ref/replay.md.
#pragma once

#include <array>
#include <deque>
#include <string>
#include <vector>

#include "camera/frame_pacer.hpp"
#include "camera/picture_analysis.hpp"
#include "camera/picture_decoder.hpp"
#include "config/configuration.hpp"
#include "events/event_tracker.hpp"
#include "tools/replay/cpu_meter.hpp"
#include "tools/replay/video_file.hpp"

namespace camgate::replay {

struct EventSeen {
    std::int64_t first_frame = 0;  ///< in which the detector was sure
    std::int64_t last_frame = 0;   ///< the last one with motion
    double start_s = 0;
    double end_s = 0;
    std::vector<std::string> zones;
    events::Event event;
};

struct Summary {
    std::int64_t frames = 0;
    std::int64_t analysed = 0;
    std::int64_t events = 0;
    double fps = 0;    ///< of the file
    double cpu_s = 0;  ///< of the whole process
    double decode_cpu_s = 0;
    double ns_per_px = 0;  ///< of the detector, per pixel of the pictures that it looked at
    std::array<std::uint64_t, static_cast<std::size_t>(motion::Rejection::Count)> rejected{};
};

/// One picture that the detector looked at. Valid during the call.
struct Looked {
    FrameTime at;
    double at_s;  ///< from the first frame
    GstSample& picture;
    const motion::MotionResult& result;
    bool event_runs;
};

/// Called on the decoder's thread, in the order of the file; the last event also from run().
class ReplayObserver {
  public:
    virtual ~ReplayObserver() = default;
    virtual void onEvent(const EventSeen& event) = 0;
    virtual void onState(std::int64_t frame, std::string_view state) = 0;
    virtual void onLooked(const Looked& looked) = 0;
};

class Replay {
  public:
    /// InvalidArgument names the setting or zone.
    [[nodiscard]] static Result<std::unique_ptr<Replay>> create(const config::MotionConfig& motion,
                                                                ReplayObserver& observer);

    /// InvalidArgument: what the file lacks, or where it broke; what came before was reported.
    [[nodiscard]] Status run(const std::string& path, const VideoFile::OnProgress& on_progress);
    Summary summary() const;

  private:
    Replay(const config::MotionConfig& motion, motion::Detector detector, ReplayObserver& observer);

    void onPicture(const camera::SamplePtr& picture);
    void look(GstSample& picture, FrameTime at);
    void take(const motion::MotionResult& result, FrameTime at);
    void tell(const std::vector<events::EventUpdate>& updates);
    FrameTime frameAt(BootTime time) const;
    double secondsAt(BootTime time) const;

    config::MotionConfig motion_;
    ReplayObserver& observer_;
    FrameBook book_;
    camera::FramePacer pacer_;
    camera::PictureAnalysis analysis_;
    events::EventTracker tracker_;
    camera::PictureDecoder decoder_;
    CpuMeter cpu_;
    std::deque<FrameTime> looked_;  // since the running event's start
    std::optional<BootTime> first_;
    std::string_view state_;
    std::uint64_t looked_px_ = 0;
    Summary summary_;
};

}  // namespace camgate::replay
