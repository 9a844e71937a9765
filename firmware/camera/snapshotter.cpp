#include "camera/snapshotter.hpp"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

namespace camgate::camera {
namespace {

constexpr GstClockTime kLongestEncoding = 3 * GST_SECOND;
constexpr std::array kQualities{85, 60, 35};  // the next one only if the JPEG is over its limit

struct Size {
    int width_px, height_px;
};

Result<Size> sizeFor(GstCaps* caps, int max_width_px) {
    GstVideoInfo info;
    if (!caps || gst_video_info_from_caps(&info, caps) == FALSE) {
        return fail(ErrorKind::InvalidArgument, "no picture of a known form");
    }
    const int width = GST_VIDEO_INFO_WIDTH(&info);
    const int height = GST_VIDEO_INFO_HEIGHT(&info);
    const int out_width = std::clamp(max_width_px, 16, std::max(16, width)) & ~1;
    const int out_height = std::max(2, static_cast<int>(std::int64_t{height} * out_width / width) & ~1);
    return Size{out_width, out_height};
}

Bytes pullJpeg(GstElement* output) {
    const SamplePtr jpeg(gst_app_sink_try_pull_sample(GST_APP_SINK(output), kLongestEncoding));
    if (!jpeg) return {};
    GstBuffer* buffer = gst_sample_get_buffer(jpeg.get());
    Bytes bytes(gst_buffer_get_size(buffer));
    bytes.resize(gst_buffer_extract(buffer, 0, bytes.data(), bytes.size()));
    return bytes;
}

Result<Bytes> encodeOnce(GstSample* picture, Size size, int quality) {
    const std::string graph =
        "appsrc name=in format=time ! videoconvert ! videoscale ! "
        "video/x-raw,width=" +
        std::to_string(size.width_px) + ",height=" + std::to_string(size.height_px) +
        ",pixel-aspect-ratio=1/1 ! jpegenc quality=" + std::to_string(quality) +
        " ! appsink name=out sync=false";
    GError* error = nullptr;
    GstElement* made = gst_parse_launch(graph.c_str(), &error);
    g_clear_error(&error);
    if (!made) return fail(ErrorKind::Unavailable, "no JPEG encoder");
    const ElementPtr pipeline(GST_ELEMENT(gst_object_ref_sink(made)));
    const ElementPtr in(gst_bin_get_by_name(GST_BIN(made), "in"));
    const ElementPtr out(gst_bin_get_by_name(GST_BIN(made), "out"));
    gst_element_set_state(made, GST_STATE_PLAYING);
    gst_app_src_push_sample(GST_APP_SRC(in.get()), picture);
    gst_app_src_end_of_stream(GST_APP_SRC(in.get()));
    Bytes jpeg = pullJpeg(out.get());
    gst_element_set_state(made, GST_STATE_NULL);
    if (jpeg.empty()) return fail(ErrorKind::Internal, "the picture could not be encoded");
    return jpeg;
}

}  // namespace

Result<Bytes> encodeJpeg(GstSample* picture, int max_width_px, std::size_t limit_bytes) {
    const auto size = sizeFor(gst_sample_get_caps(picture), max_width_px);
    if (!size) return std::unexpected(size.error());
    for (const int quality : kQualities) {
        auto jpeg = encodeOnce(picture, *size, quality);
        if (!jpeg || jpeg->size() <= limit_bytes) return jpeg;
    }
    return fail(ErrorKind::NoSpace, "the picture is too large; ask for a smaller one");
}

void Snapshotter::request(SamplePtr picture, int max_width_px, std::size_t limit_bytes, OnJpeg on_jpeg) {
    const std::shared_ptr<GstSample> shared(std::move(picture));  // std::function copies its closure
    const bool posted = thread_.tryPost([this, shared, max_width_px, limit_bytes, on_jpeg] {
        loop_.post([on_jpeg, jpeg = encodeJpeg(shared.get(), max_width_px, limit_bytes)] { on_jpeg(jpeg); });
    });
    if (!posted) on_jpeg(fail(ErrorKind::Unavailable, "too many snapshots are being made"));
}

}  // namespace camgate::camera
