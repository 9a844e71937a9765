#include "tools/replay/annotated_video.hpp"

#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>

#include "camera/encoder.hpp"
#include "camera/paint.hpp"
#include "tools/replay/text.hpp"

namespace camgate::replay {
namespace {

using namespace camera;

constexpr Colour kBright{255, 255, 255};
constexpr Colour kGrey{170, 170, 170};
constexpr GstClockTime kLongestEnding = 60 * GST_SECOND;

void paint(Surface surface, const Looked& looked) {
    for (const motion::Blob& blob : looked.result.blobs) {
        if (blob.confirmed) {
            surface.markBox(blob.box, kBright);
        } else {
            surface.frame(surface.areaOf(blob.box), kGrey, 1);
        }
    }
    std::string words = std::to_string(looked.at.frame);
    if (looked.result.state == motion::GlobalState::Settling) words += "  settling";
    if (looked.event_runs) words += "  event";
    const int scale = std::max(1, surface.height() / 240);
    surface.fill({0, 0, (static_cast<int>(words.size()) * kLetterWidth_px + 6) * scale, 13 * scale}, {}, 160);
    drawText(surface, 3 * scale, 3 * scale, words, kBright, scale);
}

/// A copy of its own: the detector's picture is the decoder's, which may still need it.
SamplePtr painted(const Looked& looked, BootTime start) {
    GstVideoInfo info;
    GstVideoFrame frame;
    GstCaps* caps = gst_sample_get_caps(&looked.picture);
    GstPtr<GstBuffer> copy(gst_buffer_copy_deep(gst_sample_get_buffer(&looked.picture)));
    GST_BUFFER_PTS(copy.get()) = static_cast<GstClockTime>((looked.at.time - start).count());
    if (gst_video_info_from_caps(&info, caps) == FALSE) return nullptr;
    if (gst_video_frame_map(&frame, &info, copy.get(), GST_MAP_READWRITE) == FALSE) return nullptr;
    const auto stride = static_cast<std::size_t>(GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0));
    const int width = GST_VIDEO_FRAME_WIDTH(&frame);
    const int height = GST_VIDEO_FRAME_HEIGHT(&frame);
    auto* luma = static_cast<std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, 0));
    const auto size = stride * static_cast<std::size_t>(height - 1) + static_cast<std::size_t>(width);
    paint({std::span(luma, size), width, height, stride, 1}, looked);
    gst_video_frame_unmap(&frame);
    return SamplePtr(gst_sample_new(copy.get(), caps, nullptr, nullptr));
}

}  // namespace

AnnotatedVideo::~AnnotatedVideo() {
    if (pipeline_) gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
}

void AnnotatedVideo::onLooked(const Looked& looked) {
    if (!status_) return;
    if (!start_) {
        start_ = looked.at.time;
        status_ = open(looked.picture);
        if (!status_) return;
    }
    if (const SamplePtr sample = painted(looked, *start_))
        gst_app_src_push_sample(GST_APP_SRC(input_.get()), sample.get());
}

Status AnnotatedVideo::open(GstSample& first) {
    GstVideoInfo info;
    gst_video_info_from_caps(&info, gst_sample_get_caps(&first));
    auto encoder = makeEncoder(media::Codec::H264, GST_VIDEO_INFO_WIDTH(&info), GST_VIDEO_INFO_HEIGHT(&info));
    auto input = makeElement("appsrc");
    auto convert = makeElement("videoconvert");
    auto parser = makeElement("h264parse");
    auto muxer = makeElement("mp4mux");
    auto file = makeElement("filesink");
    for (const auto* element : {&encoder, &input, &convert, &parser, &muxer, &file}) {
        if (!*element) return passOn(element->error(), "writing " + path_);
    }
    g_object_set(input->get(), "format", GST_FORMAT_TIME, "block", TRUE, "max-buffers", guint64{4},
                 "max-bytes", guint64{0}, nullptr);
    g_object_set(file->get(), "location", path_.c_str(), nullptr);
    pipeline_.reset(GST_ELEMENT(gst_object_ref_sink(gst_pipeline_new(nullptr))));
    input_.reset(GST_ELEMENT(gst_object_ref(input->get())));
    gst_bin_add_many(GST_BIN(pipeline_.get()), input->get(), convert->get(), encoder->get(), parser->get(),
                     muxer->get(), file->get(), nullptr);
    gst_element_link_many(input->get(), convert->get(), encoder->get(), parser->get(), muxer->get(),
                          file->get(), nullptr);
    if (gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE) return {};
    return fail(ErrorKind::Unavailable, path_ + " cannot be written");
}

Status AnnotatedVideo::finish() {
    if (!status_ || !pipeline_) return status_;
    gst_app_src_end_of_stream(GST_APP_SRC(input_.get()));
    const GstPtr<GstBus> bus(gst_element_get_bus(pipeline_.get()));
    const GstPtr<GstMessage> end(gst_bus_timed_pop_filtered(
        bus.get(), kLongestEnding, static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR)));
    if (end && GST_MESSAGE_TYPE(end.get()) == GST_MESSAGE_EOS) return {};
    return fail(ErrorKind::Unavailable, path_ + " could not be written to its end");
}

}  // namespace camgate::replay
