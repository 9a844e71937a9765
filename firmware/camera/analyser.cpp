#include "camera/analyser.hpp"

#include <gst/video/video.h>

#include <span>
#include <utility>

namespace camgate::camera {

BootTime pictureTime(const GstSample& picture) {
    GstBuffer* buffer = gst_sample_get_buffer(const_cast<GstSample*>(&picture));
    return BootTime(Duration(static_cast<std::int64_t>(GST_BUFFER_PTS(buffer))));
}

Analyser::Analyser(EventLoop& loop, int frames_per_second, std::optional<motion::Detector> detector,
                   OnResult on_result)
    : loop_(loop),
      detector_(std::move(detector)),
      on_result_(std::move(on_result)),
      pacer_(frames_per_second) {}

void Analyser::offer(SamplePtr picture) {
    GstBuffer* buffer = gst_sample_get_buffer(picture.get());
    if (!buffer || !GST_BUFFER_PTS_IS_VALID(buffer)) return;
    bool wake = false;
    {
        const std::lock_guard lock(mutex_);
        if (!pacer_.takes(pictureTime(*picture))) return;
        wake = offered_ == nullptr;
        offered_ = std::move(picture);
    }
    if (wake) loop_.post([this] { takeOffered(); });
}

SamplePtr Analyser::newest() const {
    return SamplePtr(newest_ ? gst_sample_ref(newest_.get()) : nullptr);
}

void Analyser::takeOffered() {
    {
        const std::lock_guard lock(mutex_);
        newest_ = std::move(offered_);
    }
    if (newest_ && detector_) analyse(newest_.get());
}

void Analyser::analyse(GstSample* picture) {
    GstVideoInfo info;
    GstVideoFrame frame;
    if (gst_video_info_from_caps(&info, gst_sample_get_caps(picture)) == FALSE) return;
    if (gst_video_frame_map(&frame, &info, gst_sample_get_buffer(picture), GST_MAP_READ) == FALSE) return;
    const int width = GST_VIDEO_FRAME_WIDTH(&frame);
    const int height = GST_VIDEO_FRAME_HEIGHT(&frame);
    const auto stride = static_cast<std::size_t>(GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0));
    const auto size = stride * static_cast<std::size_t>(height - 1) + static_cast<std::size_t>(width);
    const auto* luma = static_cast<const std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, 0));
    std::optional<motion::MotionResult> result;
    if (const auto plane = motion::LumaPlane::of(std::span(luma, size), width, height, stride)) {
        result = detector_->process(*plane, pictureTime(*picture));
    }
    gst_video_frame_unmap(&frame);
    if (!result) return;
    ++analysed_;
    on_result_(*result);
}

}  // namespace camgate::camera
