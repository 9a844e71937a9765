#include "camera/picture_analysis.hpp"

#include <gst/video/video.h>

#include <span>

namespace camgate::camera {
namespace {

std::optional<motion::LumaPlane> lumaPlaneOf(GstVideoFrame& frame) {
    const int width = GST_VIDEO_FRAME_WIDTH(&frame);
    const int height = GST_VIDEO_FRAME_HEIGHT(&frame);
    const auto stride = static_cast<std::size_t>(GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0));
    const auto size = stride * static_cast<std::size_t>(height - 1) + static_cast<std::size_t>(width);
    const auto* luma = static_cast<const std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, 0));
    const auto plane = motion::LumaPlane::of(std::span(luma, size), width, height, stride);
    return plane ? std::optional(*plane) : std::nullopt;
}

}  // namespace

BootTime pictureTime(const GstSample& picture) {
    GstBuffer* buffer = gst_sample_get_buffer(const_cast<GstSample*>(&picture));
    return BootTime(Duration(static_cast<std::int64_t>(GST_BUFFER_PTS(buffer))));
}

std::optional<motion::MotionResult> PictureAnalysis::look(GstSample& picture, BootTime captured_at) {
    GstBuffer* buffer = gst_sample_get_buffer(&picture);
    if (GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_CORRUPTED)) return std::nullopt;
    GstVideoInfo info;
    GstVideoFrame frame;
    if (gst_video_info_from_caps(&info, gst_sample_get_caps(&picture)) == FALSE) return std::nullopt;
    if (gst_video_frame_map(&frame, &info, buffer, GST_MAP_READ) == FALSE) return std::nullopt;
    std::optional<motion::MotionResult> result;
    if (const auto plane = lumaPlaneOf(frame)) result = detector_.process(*plane, captured_at);
    gst_video_frame_unmap(&frame);
    return result;
}

}  // namespace camgate::camera
