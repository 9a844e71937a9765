#include "tools/replay/gst_image.hpp"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>

#include <algorithm>

namespace camgate::replay {
namespace {

using namespace camera;

constexpr GstClockTime kLongest = 10 * GST_SECOND;

/// "appsrc name=in ! graph": one picture in, what comes out at "out", if there is one.
Result<SamplePtr> passThrough(GstSample& picture, const std::string& graph) {
    GError* error = nullptr;
    GstElement* made = gst_parse_launch(("appsrc name=in format=time ! " + graph).c_str(), &error);
    g_clear_error(&error);
    if (!made) return fail(ErrorKind::Unavailable, "GStreamer cannot make \"" + graph + "\"");
    const ElementPtr pipeline(GST_ELEMENT(gst_object_ref_sink(made)));
    const ElementPtr in(gst_bin_get_by_name(GST_BIN(made), "in"));
    const ElementPtr out(gst_bin_get_by_name(GST_BIN(made), "out"));
    const GstPtr<GstBus> bus(gst_element_get_bus(made));
    gst_element_set_state(made, GST_STATE_PLAYING);
    gst_app_src_push_sample(GST_APP_SRC(in.get()), &picture);
    gst_app_src_end_of_stream(GST_APP_SRC(in.get()));
    SamplePtr result(gst_app_sink_try_pull_sample(GST_APP_SINK(out.get()), kLongest));
    gst_element_set_state(made, GST_STATE_NULL);
    if (!result) return fail(ErrorKind::Internal, "the picture could not be converted");
    return result;
}

}  // namespace

Image::Image(int width, int height)
    : width_px(width),
      height_px(height),
      pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3) {}

Result<Image> imageOf(GstSample& picture, int width_px) {
    GstVideoInfo info;
    if (gst_video_info_from_caps(&info, gst_sample_get_caps(&picture)) == FALSE)
        return fail(ErrorKind::InvalidArgument, "no picture of a known form");
    const int height_px =
        std::max(2, GST_VIDEO_INFO_HEIGHT(&info) * width_px / std::max(1, GST_VIDEO_INFO_WIDTH(&info)));
    const auto converted =
        passThrough(picture, "videoconvert ! videoscale add-borders=false ! video/x-raw,format=RGB,width=" +
                                 std::to_string(width_px) + ",height=" + std::to_string(height_px) +
                                 ",pixel-aspect-ratio=1/1 ! appsink name=out sync=false");
    if (!converted) return std::unexpected(converted.error());
    Image image(width_px, height_px);
    const gsize got = gst_buffer_extract(gst_sample_get_buffer(converted->get()), 0, image.pixels.data(),
                                         image.pixels.size());
    if (got != image.pixels.size()) return fail(ErrorKind::Internal, "the picture has another size");
    return image;
}

Status writePng(const Image& image, const std::string& path) {
    const GstPtr<GstCaps> caps(gst_caps_new_simple(
        "video/x-raw", "format", G_TYPE_STRING, "RGB", "width", G_TYPE_INT, image.width_px, "height",
        G_TYPE_INT, image.height_px, "framerate", GST_TYPE_FRACTION, 0, 1, nullptr));
    GstPtr<GstBuffer> buffer(gst_buffer_new_allocate(nullptr, image.pixels.size(), nullptr));
    gst_buffer_fill(buffer.get(), 0, image.pixels.data(), image.pixels.size());
    GST_BUFFER_PTS(buffer.get()) = 0;
    const SamplePtr sample(gst_sample_new(buffer.get(), caps.get(), nullptr, nullptr));
    const auto png = passThrough(*sample, "pngenc ! appsink name=out sync=false");
    if (!png) return passOn(png.error(), "writing " + path);
    GstMapInfo map;
    if (gst_buffer_map(gst_sample_get_buffer(png->get()), &map, GST_MAP_READ) == FALSE)
        return fail(ErrorKind::Internal, "writing " + path);
    GError* error = nullptr;
    const bool written = g_file_set_contents(path.c_str(), reinterpret_cast<const gchar*>(map.data),
                                             static_cast<gssize>(map.size), &error) != FALSE;
    gst_buffer_unmap(gst_sample_get_buffer(png->get()), &map);
    if (written) return {};
    Error out{ErrorKind::Unavailable, 0, error->message};
    g_error_free(error);
    return std::unexpected(out);
}

}  // namespace camgate::replay
