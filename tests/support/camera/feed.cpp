#include "support/camera/feed.hpp"

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#include <string_view>

#include "camera/gst_ptr.hpp"
#include "camera/yard_feed.hpp"

namespace camgate::test {
namespace {

using camera::ElementPtr;
using camera::GstPtr;
using camera::SamplePtr;

std::string_view pathOf(const FeedSettings& settings) {
    return std::string_view(settings.source).substr(std::string_view("file:").size());
}

/// Footage, decoded as it is asked for, from the start again at its end.
class Footage {
  public:
    static Result<std::unique_ptr<Footage>> open(const FeedSettings& settings) {
        std::string scale;
        if (settings.width_px > 0) {
            scale = ",width=" + std::to_string(settings.width_px) +
                    ",height=" + std::to_string(settings.height_px);
        }
        const std::string graph = "filesrc location=\"" + std::string(pathOf(settings)) +
                                  "\" ! decodebin ! videoconvert ! videoscale add-borders=false ! "
                                  "video/x-raw,format=I420,pixel-aspect-ratio=1/1" +
                                  scale + " ! appsink name=out sync=false max-buffers=2";
        GstElement* made = gst_parse_launch(graph.c_str(), nullptr);
        if (!made) return fail(ErrorKind::Unavailable, "decoding " + settings.source);
        auto footage =
            std::make_unique<Footage>(ElementPtr(GST_ELEMENT(gst_object_ref_sink(made))), settings.fps);
        if (!footage->next()) return fail(ErrorKind::NotFound, "no pictures in " + settings.source);
        return footage;
    }
    Footage(ElementPtr pipeline, int fps)
        : pipeline_(std::move(pipeline)),
          out_(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "out")),
          fps_(fps) {
        gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
    }
    ~Footage() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }

    SamplePtr next() {
        SamplePtr sample(gst_app_sink_pull_sample(GST_APP_SINK(out_.get())));
        if (sample) return sample;
        gst_element_seek_simple(pipeline_.get(), GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, 0);
        return SamplePtr(gst_app_sink_pull_sample(GST_APP_SINK(out_.get())));
    }
    void push(GstAppSrc* appsrc) {
        const SamplePtr sample = next();
        if (!sample) return;
        GstBuffer* picture = gst_buffer_copy(gst_sample_get_buffer(sample.get()));
        GST_BUFFER_PTS(picture) = gst_util_uint64_scale(index_, GST_SECOND, static_cast<guint64>(fps_));
        GST_BUFFER_DTS(picture) = GST_CLOCK_TIME_NONE;
        GST_BUFFER_DURATION(picture) = GST_SECOND / static_cast<guint64>(fps_);
        ++index_;
        gst_app_src_push_buffer(appsrc, picture);
    }

  private:
    ElementPtr pipeline_, out_;
    int fps_;
    std::uint64_t index_ = 0;
};

Status connectFootage(GstAppSrc* appsrc, const FeedSettings& settings, FeedSize size) {
    auto footage = Footage::open(settings);
    if (!footage) return std::unexpected(footage.error());
    const GstPtr<GstCaps> caps(gst_caps_new_simple(
        "video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT, size.width_px, "height",
        G_TYPE_INT, size.height_px, "framerate", GST_TYPE_FRACTION, settings.fps, 1, nullptr));
    g_object_set(appsrc, "caps", caps.get(), "format", GST_FORMAT_TIME, "max-buffers", guint64{2},
                 "max-bytes", guint64{0}, nullptr);
    GstAppSrcCallbacks callbacks{};
    callbacks.need_data = [](GstAppSrc* from, guint, gpointer feed) {
        static_cast<Footage*>(feed)->push(from);
    };
    gst_app_src_set_callbacks(appsrc, &callbacks, footage->release(),
                              [](gpointer feed) { delete static_cast<Footage*>(feed); });
    return {};
}

}  // namespace

Result<FeedSize> feedSize(const FeedSettings& settings) {
    if (settings.width_px > 0) return FeedSize{settings.width_px, settings.height_px};
    if (settings.source == "yard") return FeedSize{1280, 720};
    auto footage = Footage::open(settings);
    if (!footage) return std::unexpected(footage.error());
    const SamplePtr sample = (*footage)->next();
    GstVideoInfo info;
    if (!sample || gst_video_info_from_caps(&info, gst_sample_get_caps(sample.get())) == FALSE) {
        return fail(ErrorKind::Corruption, "no pictures in " + settings.source);
    }
    return FeedSize{GST_VIDEO_INFO_WIDTH(&info), GST_VIDEO_INFO_HEIGHT(&info)};
}

Status connectFeed(GstAppSrc* appsrc, const FeedSettings& settings, std::uint64_t first_frame) {
    const auto size = feedSize(settings);
    if (!size) return std::unexpected(size.error());
    if (settings.source != "yard") return connectFootage(appsrc, settings, *size);
    motion::SyntheticSettings yard;
    yard.width_px = size->width_px;
    yard.height_px = size->height_px;
    yard.fps = settings.fps;
    yard.seed = settings.seed;
    yard.empty = settings.empty;
    yard.walk = settings.walk;
    return camera::feedYard(appsrc, yard, first_frame);
}

}  // namespace camgate::test
