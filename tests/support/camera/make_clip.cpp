// camgate-make-clip: the synthetic yard as a video file, in the container that its name says and in any codec
// that is installed. For tests and benchmarks of what reads files.
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <map>

#include "camera/gst_ptr.hpp"
#include "camera/yard_feed.hpp"

namespace {

using namespace camgate;
using namespace camgate::camera;

const std::map<std::string, std::string> kMuxers{
    {"mp4", "mp4mux"}, {"mkv", "matroskamux"}, {"avi", "avimux"}, {"ts", "mpegtsmux"}};

struct Options {
    std::string file;
    std::string codec = "h264";
    int seconds = 30, group_s = 2, bitrate_kbps = 500, reorder = 0;
    int empty_s = 8, walk_s = 6;
    motion::SyntheticSettings scene;
};

std::string encoderOf(const Options& options) {
    const std::string rate = std::to_string(options.bitrate_kbps);
    const std::string group = std::to_string(options.group_s * options.scene.fps);
    if (options.codec == "h264") {
        return "x264enc speed-preset=veryfast bitrate=" + rate + " key-int-max=" + group +
               " bframes=" + std::to_string(options.reorder) + " ! h264parse";
    }
    if (options.codec == "h265") {
        return "x265enc speed-preset=ultrafast bitrate=" + rate + " key-int-max=" + group + " ! h265parse";
    }
    if (options.codec == "mjpeg") return "jpegenc";
    return "avenc_mpeg4 bitrate=" + std::to_string(options.bitrate_kbps * 1000) + " gop-size=" + group;
}

int complain(const std::string& what) {
    std::cerr << "camgate-make-clip: " << what << '\n';
    return 1;
}

int make(const Options& options) {
    const auto muxer = kMuxers.find(options.file.substr(options.file.rfind('.') + 1));
    if (muxer == kMuxers.end()) return complain("the name must end in .mp4, .mkv, .avi or .ts");
    const std::string graph =
        "appsrc name=in num-buffers=" + std::to_string(options.seconds * options.scene.fps) + " ! " +
        encoderOf(options) + " ! " + muxer->second + " ! filesink name=out";
    GError* error = nullptr;
    const ElementPtr pipeline(GST_ELEMENT(gst_object_ref_sink(
        gst_parse_launch_full(graph.c_str(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &error))));
    if (error) return complain(error->message);
    const ElementPtr in(gst_bin_get_by_name(GST_BIN(pipeline.get()), "in"));
    const ElementPtr out(gst_bin_get_by_name(GST_BIN(pipeline.get()), "out"));
    g_object_set(out.get(), "location", options.file.c_str(), nullptr);
    if (auto fed = feedYard(GST_APP_SRC(in.get()), options.scene); !fed)
        return complain(fed.error().describe());
    gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
    const GstPtr<GstBus> bus(gst_element_get_bus(pipeline.get()));
    const GstPtr<GstMessage> end(gst_bus_timed_pop_filtered(
        bus.get(), GST_CLOCK_TIME_NONE, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
    const bool well = GST_MESSAGE_TYPE(end.get()) == GST_MESSAGE_EOS;
    gst_element_set_state(pipeline.get(), GST_STATE_NULL);
    return well ? 0 : complain("the clip could not be written");
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("camgate-make-clip: the synthetic yard as a video file");
    app.add_option("FILE", options.file)->required();
    app.add_option("--codec", options.codec)->check(CLI::IsMember({"h264", "h265", "mjpeg", "mpeg4"}));
    app.add_option("--seconds", options.seconds)->capture_default_str();
    app.add_option("--group", options.group_s, "seconds between keyframes")->capture_default_str();
    app.add_option("--bitrate", options.bitrate_kbps, "kbit/s")->capture_default_str();
    app.add_option("--reorder", options.reorder, "B pictures in a row")->capture_default_str();
    app.add_option("--fps", options.scene.fps)->capture_default_str();
    app.add_option("--width", options.scene.width_px)->capture_default_str();
    app.add_option("--height", options.scene.height_px)->capture_default_str();
    app.add_option("--empty", options.empty_s, "seconds before each walk")->capture_default_str();
    app.add_option("--walk", options.walk_s, "seconds of a walk")->capture_default_str();
    app.add_option("--noise", options.scene.noise_sigma)->capture_default_str();
    app.add_option("--seed", options.scene.seed)->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    options.scene.empty = std::chrono::seconds(options.empty_s);
    options.scene.walk = std::chrono::seconds(options.walk_s);
    gst_init(nullptr, nullptr);
    return make(options);
}
