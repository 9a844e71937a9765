#include "tools/replay/video_file.hpp"

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#include <algorithm>
#include <utility>

#include "camera/codec_parser.hpp"
#include "camera/gst_buffer.hpp"
#include "camera/picture_analysis.hpp"

namespace camgate::replay {
namespace {

using namespace camera;

constexpr GstClockTime kProgressEvery = 200 * GST_MSECOND;
constexpr Duration kUsualPeriod = std::chrono::milliseconds(40);
constexpr guint kMostReadAhead_units = 8;

std::string mediaTypeOf(GstPad* pad) {
    GstCaps* current = gst_pad_get_current_caps(pad);
    const GstPtr<GstCaps> caps(current ? current : gst_pad_query_caps(pad, nullptr));
    if (!caps || gst_caps_is_empty(caps.get()) || gst_caps_is_any(caps.get())) return "";
    return gst_structure_get_name(gst_caps_get_structure(caps.get(), 0));
}

Duration periodOf(GstSample* sample) {
    const GstClockTime duration = GST_BUFFER_DURATION(gst_sample_get_buffer(sample));
    if (GST_CLOCK_TIME_IS_VALID(duration) && duration > 0)
        return Duration(static_cast<std::int64_t>(duration));
    gint frames = 0;
    gint seconds = 1;
    const GstStructure* form = gst_caps_get_structure(gst_sample_get_caps(sample), 0);
    if (gst_structure_get_fraction(form, "framerate", &frames, &seconds) == FALSE || frames <= 0)
        return kUsualPeriod;
    return Duration(std::chrono::seconds(seconds)) / frames;
}

/// On the stream's own time line, whatever cuts the container makes in it.
std::optional<Duration> runningTime(const GstSegment& segment, GstClockTime time) {
    if (!GST_CLOCK_TIME_IS_VALID(time)) return std::nullopt;
    guint64 running = 0;
    const gint sign = gst_segment_to_running_time_full(&segment, GST_FORMAT_TIME, time, &running);
    if (sign == 0) return std::nullopt;
    return Duration(sign * static_cast<std::int64_t>(running));
}

Status link(GstPad* from, GstElement* to) {
    const GstPtr<GstPad> in(gst_element_get_static_pad(to, "sink"));
    if (gst_pad_link(from, in.get()) == GST_PAD_LINK_OK) return {};
    return fail(ErrorKind::InvalidArgument, "this form of the video cannot be read");
}

void drain(GstElement* pipeline, GstPad* pad) {
    auto sink = makeElement("fakesink");
    if (!sink) return;
    g_object_set(sink->get(), "sync", FALSE, "async", FALSE, nullptr);
    gst_bin_add(GST_BIN(pipeline), sink->get());
    gst_element_sync_state_with_parent(sink->get());
    (void)link(pad, sink->get());
}

}  // namespace

VideoFile::VideoFile(std::string path, FrameBook& book, PictureTap& tap)
    : path_(std::move(path)), book_(book), tap_(tap) {}

VideoFile::~VideoFile() {
    if (pipeline_) gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
}

Status VideoFile::play(const OnProgress& on_progress) {
    if (auto built = build(); !built) return built;
    gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
    auto ended = untilEnd(on_progress);
    gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
    if (ended && media_type_.empty()) return fail(ErrorKind::InvalidArgument, path_ + " has no video in it");
    return ended;
}

Status VideoFile::build() {
    auto file = makeElement("filesrc");
    auto parse = makeElement("parsebin");
    if (!file) return std::unexpected(file.error());
    if (!parse) return std::unexpected(parse.error());
    pipeline_.reset(GST_ELEMENT(gst_object_ref_sink(gst_pipeline_new(nullptr))));
    g_object_set(file->get(), "location", path_.c_str(), nullptr);
    g_signal_connect(parse->get(), "pad-added", G_CALLBACK(onPadAdded), this);
    gst_bin_add_many(GST_BIN(pipeline_.get()), file->get(), parse->get(), nullptr);
    if (gst_element_link(file->get(), parse->get()) == FALSE)
        return fail(ErrorKind::Internal, "linking " + path_);
    return {};
}

Status VideoFile::untilEnd(const OnProgress& on_progress) {
    const GstPtr<GstBus> bus(gst_element_get_bus(pipeline_.get()));
    const auto ends = static_cast<GstMessageType>(GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    while (true) {
        const GstPtr<GstMessage> message(gst_bus_timed_pop_filtered(bus.get(), kProgressEvery, ends));
        if (!message) {
            on_progress(done());
            continue;
        }
        if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS) return {};
        return std::unexpected(errorOf(message.get()));
    }
}

std::optional<double> VideoFile::done() const {
    gint64 length = 0;
    const bool known = gst_element_query_duration(pipeline_.get(), GST_FORMAT_TIME, &length) != FALSE;
    if (!known || length <= 0) return std::nullopt;
    return std::clamp(static_cast<double>(reached_ns_) / static_cast<double>(length), 0.0, 1.0);
}

Error VideoFile::errorOf(GstMessage* message) const {
    GError* error = nullptr;
    gst_message_parse_error(message, &error, nullptr);
    Error out{ErrorKind::InvalidArgument, 0, path_ + ": " + error->message};
    g_error_free(error);
    return out;
}

void VideoFile::onPadAdded(GstElement* /*parsebin*/, GstPad* pad, VideoFile* self) {
    const std::string type = mediaTypeOf(pad);
    const bool video = type.starts_with("video/") || type.starts_with("image/");
    if (!video || !self->media_type_.empty()) return drain(self->pipeline_.get(), pad);
    self->media_type_ = type;
    if (auto taken = self->take(pad, type); !taken) {
        GST_ELEMENT_ERROR(self->pipeline_.get(), STREAM, FORMAT, ("%s", taken.error().context.c_str()),
                          (nullptr));
    }
}

Status VideoFile::take(GstPad* pad, std::string_view media_type) {
    auto sink = makeElement("appsink");
    if (!sink) return std::unexpected(sink.error());
    g_object_set(sink->get(), "sync", FALSE, "async", FALSE, "max-buffers", kMostReadAhead_units, nullptr);
    GstAppSinkCallbacks callbacks{};
    callbacks.new_sample = [](GstAppSink* from, gpointer self) {
        const SamplePtr sample(gst_app_sink_pull_sample(from));
        if (sample) static_cast<VideoFile*>(self)->onUnit(sample.get());
        return GST_FLOW_OK;
    };
    gst_app_sink_set_callbacks(GST_APP_SINK(sink->get()), &callbacks, this, nullptr);
    gst_bin_add(GST_BIN(pipeline_.get()), sink->get());
    gst_element_sync_state_with_parent(sink->get());
    if (const CodecParser* row = parserOf(media_type))
        return takeThrough(pad, row->factory, row->caps, *sink);
    if (media_type == "video/x-raw") return takeThrough(pad, "videoconvert", kLumaFirst, *sink);
    return link(pad, sink->get());
}

Status VideoFile::takeThrough(GstPad* pad, const char* factory, const char* form, const ElementPtr& sink) {
    auto element = makeElement(factory);
    if (!element) return std::unexpected(element.error());
    const GstPtr<GstCaps> caps(gst_caps_from_string(form));
    g_object_set(sink.get(), "caps", caps.get(), nullptr);
    gst_bin_add(GST_BIN(pipeline_.get()), element->get());
    gst_element_link(element->get(), sink.get());
    gst_element_sync_state_with_parent(element->get());
    return link(pad, element->get());
}

void VideoFile::onUnit(GstSample* sample) {
    GstBuffer* buffer = gst_sample_get_buffer(sample);
    GstCaps* caps = gst_sample_get_caps(sample);
    const GstSegment& segment = *gst_sample_get_segment(sample);
    const UnitTimes times{runningTime(segment, GST_BUFFER_PTS(buffer)),
                          runningTime(segment, GST_BUFFER_DTS(buffer))};
    const BootTime time = book_.addUnit(times, periodOf(sample));
    reached_ns_ = (time - FrameBook::kStart).count();
    const auto timed = withTime(buffer, time);
    if (media_type_ == "video/x-raw") {
        tap_.onRaw(timed.get(), caps);
    } else {
        tap_.onEncoded(timed.get(), caps);
    }
}

}  // namespace camgate::replay
