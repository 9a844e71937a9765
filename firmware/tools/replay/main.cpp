// camgate-replay: what the product would have made of a video. Options, output and exit statuses:
// docs/ref/replay.md.
#include <gst/gst.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <mutex>

#include "base/log.hpp"
#include "tools/replay/annotated_video.hpp"
#include "tools/replay/day_picture.hpp"
#include "tools/replay/progress_bar.hpp"
#include "tools/replay/replay.hpp"
#include "tools/replay/report.hpp"
#include "tools/replay/settings.hpp"

namespace {

using namespace camgate;
using namespace camgate::replay;

constexpr int kBadVideo = 1;
constexpr int kBadUsage = 2;

struct Options {
    std::string video, config_file, camera, zones_file, gate, picture_file, video_file;
    bool json = false;
};

/// Events and states as lines, the bar out of their way.
class Console final : public ReplayObserver {
  public:
    Console(const Options& options, const config::MotionConfig& motion) : json_(options.json) {
        if (!options.picture_file.empty()) picture_.emplace(motion.zones);
        if (!options.video_file.empty()) video_.emplace(options.video_file);
    }

    void onEvent(const EventSeen& event) override {
        line(json_ ? eventLine(event) : eventText(event));
        if (picture_) picture_->onEvent(event);
    }
    void onState(std::int64_t frame, std::string_view state) override {
        if (json_) line(stateLine(frame, state));
    }
    void onLooked(const Looked& looked) override {
        if (picture_) picture_->onLooked(looked);
        if (video_) video_->onLooked(looked);
        const std::lock_guard lock(mutex_);
        frame_ = looked.at.frame;
    }
    Status finish(const std::string& picture_file) {
        if (video_) {
            if (auto finished = video_->finish(); !finished) return finished;
        }
        return picture_ ? picture_->write(picture_file) : Status{};
    }
    void onProgress(std::optional<double> done) {
        const std::lock_guard lock(mutex_);
        bar_.show(done, frame_);
    }
    void line(const std::string& text) {
        const std::lock_guard lock(mutex_);
        bar_.clear();
        std::cout << text << '\n' << std::flush;
    }

  private:
    const bool json_;
    std::mutex mutex_;
    ProgressBar bar_;
    std::int64_t frame_ = 0;
    std::optional<DayPicture> picture_;
    std::optional<AnnotatedVideo> video_;
};

int complain(const Error& error, int status) {
    std::cerr << "camgate-replay: " << error.describe() << '\n';
    return status;
}

int run(const Options& options) {
    auto motion = loadMotion(options.config_file, options.camera, options.zones_file);
    if (!motion) return complain(motion.error(), kBadUsage);
    if (!options.gate.empty()) motion->decode_gate = options.gate == "on";
    Console console(options, *motion);
    const auto replay = Replay::create(*motion, console);
    if (!replay) return complain(replay.error(), kBadUsage);
    const auto ran = (*replay)->run(options.video, [&](auto done) { console.onProgress(done); });
    const Summary summary = (*replay)->summary();
    if (ran || summary.frames > 0) console.line(options.json ? summaryLine(summary) : summaryText(summary));
    if (!ran) return complain(ran.error(), kBadVideo);
    const auto drawn = console.finish(options.picture_file);
    return drawn ? 0 : complain(drawn.error(), kBadVideo);
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("camgate-replay: runs the gateway's motion detection over a video file");
    app.add_option("VIDEO", options.video, "any file that the installed GStreamer reads")->required();
    auto* config = app.add_option("--config", options.config_file, "a gateway's configuration");
    app.add_option("--camera", options.camera, "whose settings of it; may be left out if there is one")
        ->needs(config);
    app.add_option("--zones", options.zones_file, "JSON: the \"zones\" array of a camera alone")
        ->excludes(config);
    app.add_option("--gate", options.gate,
                   "decode a still scene in part only, whatever the configuration says")
        ->check(CLI::IsMember({"on", "off"}));
    app.add_flag("--json", options.json, "JSON lines instead of a table");
    app.add_option("--picture", options.picture_file, "draw the day at a glance into this PNG file");
    app.add_option("--video", options.video_file, "write what was looked at, with boxes, into this MP4 file");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : kBadUsage;
    }
    openLog("camgate-replay", LogLevel::Warning);
    GError* error = nullptr;
    if (gst_init_check(nullptr, nullptr, &error) == FALSE) {
        return complain({ErrorKind::Unavailable, 0, "GStreamer does not start"}, kBadVideo);
    }
    return run(options);
}
