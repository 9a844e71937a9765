#include "camera/stream_pipeline.hpp"

#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#include <algorithm>

#include "camera/codec_parser.hpp"
#include "camera/encoder.hpp"
#include "camera/gst_buffer.hpp"
#include "media/timestamp_mender.hpp"

namespace camgate::camera {
namespace {

constexpr std::size_t kQueue_bytes = 8U << 20U;
constexpr guint kEncoderQueue_frames = 3;

GstDomain domainOf(GQuark quark) {
    if (quark == GST_RESOURCE_ERROR) return GstDomain::Resource;
    if (quark == GST_STREAM_ERROR) return GstDomain::Stream;
    if (quark == GST_CORE_ERROR) return GstDomain::Core;
    if (quark == GST_LIBRARY_ERROR) return GstDomain::Library;
    return GstDomain::Other;
}

ElementError errorOf(GstMessage* message) {
    GError* error = nullptr;
    gchar* debug = nullptr;
    gst_message_parse_error(message, &error, &debug);
    ElementError out{domainOf(error->domain), error->code, error->message ? error->message : "",
                     debug ? debug : ""};
    g_error_free(error);
    g_free(debug);
    return out;
}

GstPadProbeReturn addBytes(GstPad* /*pad*/, GstPadProbeInfo* info, gpointer counter) {
    std::size_t bytes = 0;
    if ((info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST) != 0) {
        bytes = gst_buffer_list_calculate_size(GST_PAD_PROBE_INFO_BUFFER_LIST(info));
    } else if ((info->type & GST_PAD_PROBE_TYPE_BUFFER) != 0) {
        bytes = gst_buffer_get_size(GST_PAD_PROBE_INFO_BUFFER(info));
    }
    *static_cast<std::atomic<std::uint64_t>*>(counter) += bytes;
    return GST_PAD_PROBE_OK;
}

/// When the camera saw the picture, as far as its clock can be believed.
BootTime likelyTime(const ReceivedUnit& unit) {
    const bool believable = unit.pts && std::chrono::abs(*unit.pts - unit.arrival) <= media::kJump;
    return believable ? std::min(*unit.pts, unit.arrival) : unit.arrival;  // no picture is of the future
}

Bytes bytesOf(GstBuffer* buffer) {
    Bytes bytes(gst_buffer_get_size(buffer));
    bytes.resize(gst_buffer_extract(buffer, 0, bytes.data(), bytes.size()));
    return bytes;
}

}  // namespace

StreamPipeline::StreamPipeline(EventLoop& loop, media::StreamKind stream, std::unique_ptr<Source> source,
                               std::string secret, StreamObserver& observer)
    : loop_(loop),
      stream_(stream),
      source_(std::move(source)),
      secret_(std::move(secret)),
      observer_(observer),
      pipeline_(GST_ELEMENT(gst_object_ref_sink(gst_pipeline_new(nullptr)))),
      bus_(gst_element_get_bus(pipeline_.get())),
      clock_(gst_system_clock_obtain()),
      units_(kQueue_bytes) {
    gst_pipeline_use_clock(GST_PIPELINE(pipeline_.get()), clock_.get());
}

StreamPipeline::~StreamPipeline() {
    stopNow();
}

void StreamPipeline::start() {
    GPollFD poll{};
    gst_bus_get_pollfd(bus_.get(), &poll);
    bus_watch_ = loop_.watch(poll.fd, Ready::Read, [this](bool, bool) { drainBus(); });
    if (auto built = source_->build(*this); !built) {
        return onFailure({ipc::CameraState::Unsupported, built.error().context});
    }
    source_->start(pipeline_.get());
}

void StreamPipeline::stopInBackground() {
    gst_element_call_async(
        pipeline_.get(),
        [](GstElement* pipeline, gpointer) { gst_element_set_state(pipeline, GST_STATE_NULL); }, nullptr,
        nullptr);
}

void StreamPipeline::stopNow() {
    gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
}

void StreamPipeline::onAnswered() {
    loop_.post([this] { observer_.onStreamAnswered(stream_); });
}

void StreamPipeline::onFailure(Failure failure) {
    failing_ = true;
    loop_.post([this, failure = std::move(failure)] { observer_.onStreamFailed(stream_, failure); });
}

void StreamPipeline::countBytes(GstPad* pad) {
    const auto kinds =
        static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST);
    gst_pad_add_probe(pad, kinds, addBytes, &bytes_, nullptr);
}

void StreamPipeline::attachEncoded(GstPad* pad, media::Codec codec) {
    const CodecParser& row = parserOf(codec);
    codec_ = codec;
    auto parser = makeElement(row.factory);
    auto sink = makeElement("appsink");
    if (!parser) return onFailure({ipc::CameraState::Unsupported, parser.error().context});
    if (!sink) return onFailure({ipc::CameraState::Unsupported, sink.error().context});
    const GstPtr<GstCaps> caps(gst_caps_from_string(row.caps));
    g_object_set(parser->get(), "config-interval", -1, nullptr);
    g_object_set(sink->get(), "caps", caps.get(), "sync", FALSE, "async", FALSE, "max-buffers", guint{8},
                 nullptr);
    GstAppSinkCallbacks callbacks{};
    callbacks.new_sample = [](GstAppSink* from, gpointer self) {
        const SamplePtr sample(gst_app_sink_pull_sample(from));
        if (sample) static_cast<StreamPipeline*>(self)->onEncodedSample(sample.get());
        return GST_FLOW_OK;
    };
    gst_app_sink_set_callbacks(GST_APP_SINK(sink->get()), &callbacks, this, nullptr);
    gst_bin_add_many(GST_BIN(pipeline_.get()), parser->get(), sink->get(), nullptr);
    const GstPtr<GstPad> in(gst_element_get_static_pad(parser->get(), "sink"));
    if (gst_element_link(parser->get(), sink->get()) == FALSE ||
        gst_pad_link(pad, in.get()) != GST_PAD_LINK_OK) {
        return onFailure({ipc::CameraState::Unsupported, "this form of the codec cannot be used"});
    }
    gst_element_sync_state_with_parent(sink->get());
    gst_element_sync_state_with_parent(parser->get());
}

void StreamPipeline::attachRaw(GstPad* pad, media::Codec encode_as) {
    if (auto attached = attachRawOrFail(pad, encode_as); !attached) {
        onFailure({ipc::CameraState::Unsupported, attached.error().context});
    }
}

Status StreamPipeline::attachRawOrFail(GstPad* pad, media::Codec encode_as) {
    const GstPtr<GstCaps> offered(gst_pad_query_caps(pad, nullptr));
    gint width = 1280;
    gint height = 720;
    if (!gst_caps_is_empty(offered.get()) && !gst_caps_is_any(offered.get())) {
        const GstStructure* first = gst_caps_get_structure(offered.get(), 0);
        gst_structure_get_int(first, "width", &width);
        gst_structure_get_int(first, "height", &height);
    }
    auto convert = makeElement("videoconvert");
    auto queue = makeElement("queue");
    auto encoder = makeEncoder(encode_as, width, height);
    if (!convert) return std::unexpected(convert.error());
    if (!queue) return std::unexpected(queue.error());
    if (!encoder) return std::unexpected(encoder.error());
    g_object_set(queue->get(), "max-size-buffers", kEncoderQueue_frames, "max-size-bytes", guint{0},
                 "max-size-time", guint64{0}, nullptr);
    gst_bin_add_many(GST_BIN(pipeline_.get()), convert->get(), queue->get(), encoder->get(), nullptr);
    const GstPtr<GstCaps> i420(gst_caps_from_string("video/x-raw,format=I420"));
    const GstPtr<GstPad> in(gst_element_get_static_pad(convert->get(), "sink"));
    const GstPtr<GstPad> pictures(gst_element_get_static_pad(convert->get(), "src"));
    if (gst_element_link_filtered(convert->get(), queue->get(), i420.get()) == FALSE ||
        gst_element_link(queue->get(), encoder->get()) == FALSE) {
        return fail(ErrorKind::Internal, "these pictures cannot be encoded");
    }
    gst_pad_add_probe(
        pictures.get(), GST_PAD_PROBE_TYPE_BUFFER,
        [](GstPad* from, GstPadProbeInfo* info, gpointer self) {
            static_cast<StreamPipeline*>(self)->onRawBuffer(from, GST_PAD_PROBE_INFO_BUFFER(info));
            return GST_PAD_PROBE_OK;
        },
        this, nullptr);
    const GstPtr<GstPad> encoded(gst_element_get_static_pad(encoder->get(), "src"));
    attachEncoded(encoded.get(), encode_as);
    for (GstElement* element : {encoder->get(), queue->get(), convert->get()}) {
        gst_element_sync_state_with_parent(element);
    }
    if (gst_pad_link(pad, in.get()) != GST_PAD_LINK_OK) {
        return fail(ErrorKind::Internal, "these pictures cannot be converted");
    }
    return {};
}

std::optional<BootTime> StreamPipeline::bootTimeOf(const GstSegment& segment, GstClockTime time) {
    if (!GST_CLOCK_TIME_IS_VALID(time)) return std::nullopt;
    guint64 running = 0;
    const gint sign = gst_segment_to_running_time_full(&segment, GST_FORMAT_TIME, time, &running);
    if (sign == 0) return std::nullopt;
    const auto base = static_cast<std::int64_t>(gst_element_get_base_time(pipeline_.get()));
    const std::lock_guard lock(map_mutex_);
    map_.observe(Duration(static_cast<std::int64_t>(gst_clock_get_time(clock_.get()))),
                 loop_.clock().bootNow());
    return map_.toBoot(Duration(base + sign * static_cast<std::int64_t>(running)));
}

void StreamPipeline::onEncodedSample(GstSample* sample) {
    GstBuffer* buffer = gst_sample_get_buffer(sample);
    ReceivedUnit unit;
    unit.arrival = loop_.clock().bootNow();
    unit.pts = bootTimeOf(*gst_sample_get_segment(sample), GST_BUFFER_PTS(buffer));
    unit.frames_lost = GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DISCONT);
    unit.annex_b = bytesOf(buffer);
    if (PictureTap* tap = tap_) {
        tap->onEncoded(withTime(buffer, likelyTime(unit)).get(), gst_sample_get_caps(sample));
    }
    if (units_.push(std::move(unit))) loop_.post([this] { takeUnits(); });
}

void StreamPipeline::onRawBuffer(GstPad* pad, GstBuffer* buffer) {
    PictureTap* tap = tap_;
    if (!tap) return;
    const GstPtr<GstCaps> caps(gst_pad_get_current_caps(pad));
    GstEvent* event = gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0);
    if (!caps || !event) return;
    const GstSegment* segment = nullptr;
    gst_event_parse_segment(event, &segment);
    const auto time = bootTimeOf(*segment, GST_BUFFER_PTS(buffer)).value_or(loop_.clock().bootNow());
    gst_event_unref(event);
    tap->onRaw(withTime(buffer, time).get(), caps.get());
}

void StreamPipeline::takeUnits() {
    for (ReceivedUnit& unit : units_.take()) observer_.onUnit(stream_, codec_, std::move(unit));
}

void StreamPipeline::drainBus() {
    while (const GstPtr<GstMessage> message{gst_bus_pop(bus_.get())}) onMessage(message.get());
}

void StreamPipeline::onMessage(GstMessage* message) {
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
        // What GStreamer makes of it may overtake the reason, which is on its way.
        if (failing_) return;
        return observer_.onStreamFailed(stream_, classify(errorOf(message), secret_));
    }
    source_->onMessage(pipeline_.get(), message);
}

}  // namespace camgate::camera
