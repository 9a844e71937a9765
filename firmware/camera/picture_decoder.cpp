#include "camera/picture_decoder.hpp"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include <array>

#include "base/log.hpp"

namespace camgate::camera {
namespace {

constexpr guint64 kMostWaiting_units = 30;
constexpr int kMostOpenings = 5;  // a decoder that breaks on every keyframe is not opened for ever

// Planar forms whose first plane is 8-bit luma: no conversion on the way to the detector.
constexpr const char* kPictures =
    "video/x-raw,format={I420,YV12,NV12,NV21,Y42B,NV16,NV61,Y444,NV24,Y41B,YUV9,YVU9,GRAY8}";

ElementPtr openBest(GList* factories) {
    for (GList* item = factories; item; item = item->next) {
        GstElement* made = gst_element_factory_create(GST_ELEMENT_FACTORY(item->data), nullptr);
        if (!made) continue;
        ElementPtr decoder(GST_ELEMENT(gst_object_ref_sink(made)));
        // READY opens the hardware behind it: what is listed need not be usable.
        const bool usable = gst_element_set_state(made, GST_STATE_READY) != GST_STATE_CHANGE_FAILURE;
        gst_element_set_state(made, GST_STATE_NULL);
        if (usable) return decoder;
    }
    return nullptr;
}

Result<ElementPtr> makeDecoder(GstCaps* caps) {
    GList* all = gst_element_factory_list_get_elements(
        GST_ELEMENT_FACTORY_TYPE_DECODER | GST_ELEMENT_FACTORY_TYPE_MEDIA_VIDEO, GST_RANK_MARGINAL);
    GList* fitting = gst_element_factory_list_filter(all, caps, GST_PAD_SINK, FALSE);
    fitting = g_list_sort(fitting, gst_plugin_feature_rank_compare_func);
    ElementPtr decoder = openBest(fitting);
    gst_plugin_feature_list_free(fitting);
    gst_plugin_feature_list_free(all);
    if (!decoder) return fail(ErrorKind::Unavailable, "no decoder for the analysis");
    if (hasProperty(decoder.get(), "max-threads")) g_object_set(decoder.get(), "max-threads", 1, nullptr);
    return decoder;
}

GstBusSyncReply noteError(GstBus* /*bus*/, GstMessage* message, gpointer broken) {
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) *static_cast<std::atomic<bool>*>(broken) = true;
    gst_message_unref(message);
    return GST_BUS_DROP;
}

GstFlowReturn onDecoded(GstAppSink* sink, gpointer on_picture) {
    SamplePtr sample(gst_app_sink_pull_sample(sink));
    if (sample) (*static_cast<const PictureDecoder::OnPicture*>(on_picture))(std::move(sample));
    return GST_FLOW_OK;
}

bool isDelta(GstBuffer* unit) {
    return GST_BUFFER_FLAG_IS_SET(unit, GST_BUFFER_FLAG_DELTA_UNIT);
}

}  // namespace

PictureDecoder::PictureDecoder(OnPicture on_picture, bool keyframes_only)
    : on_picture_(std::move(on_picture)), keyframes_only_(keyframes_only) {}

PictureDecoder::~PictureDecoder() {
    close();
}

void PictureDecoder::onRaw(GstBuffer* picture, GstCaps* caps) {
    on_picture_(SamplePtr(gst_sample_new(picture, caps, nullptr, nullptr)));
}

void PictureDecoder::onEncoded(GstBuffer* unit, GstCaps* caps) {
    const std::lock_guard lock(mutex_);
    if (broken_.exchange(false)) close();
    if (!wants(unit)) return;
    if (!pipeline_) {
        if (openings_ >= kMostOpenings) return;
        ++openings_;
        if (auto opened = open(caps); !opened) {
            logEvent(LogLevel::Error, "camera", "analysis-decoder-failed", {{"error", opened.error()}});
            return close();
        }
    }
    const SamplePtr sample(gst_sample_new(unit, caps, nullptr, nullptr));
    gst_app_src_push_sample(GST_APP_SRC(input_), sample.get());
}

bool PictureDecoder::wants(GstBuffer* unit) {
    if (!isDelta(unit)) {
        skipping_ = false;
    } else if (keyframes_only_) {
        return false;
    } else if (!pipeline_) {
        skipping_ = true;
    }
    if (pipeline_ && gst_app_src_get_current_level_buffers(GST_APP_SRC(input_)) >= kMostWaiting_units) {
        skipping_ = true;
    }
    if (skipping_) ++skipped_;
    return !skipping_;
}

Status PictureDecoder::open(GstCaps* caps) {
    auto input = makeElement("appsrc");
    auto convert = makeElement("videoconvert");
    auto output = makeElement("appsink");
    auto decoder = makeDecoder(caps);
    if (!input) return std::unexpected(input.error());
    if (!convert) return std::unexpected(convert.error());
    if (!output) return std::unexpected(output.error());
    if (!decoder) return std::unexpected(decoder.error());

    g_object_set(input->get(), "caps", caps, "format", GST_FORMAT_TIME, "is-live", TRUE, "max-bytes",
                 guint64{0}, nullptr);
    const GstPtr<GstCaps> pictures(gst_caps_from_string(kPictures));
    g_object_set(output->get(), "caps", pictures.get(), "sync", FALSE, "async", FALSE, "max-buffers",
                 guint{1}, nullptr);
    GstAppSinkCallbacks callbacks{};
    callbacks.new_sample = onDecoded;
    gst_app_sink_set_callbacks(GST_APP_SINK(output->get()), &callbacks, const_cast<OnPicture*>(&on_picture_),
                               nullptr);

    pipeline_.reset(GST_ELEMENT(gst_object_ref_sink(gst_pipeline_new(nullptr))));
    input_ = input->get();
    gst_bin_add_many(GST_BIN(pipeline_.get()), input_, decoder->get(), convert->get(), output->get(),
                     nullptr);
    if (gst_element_link_many(input_, decoder->get(), convert->get(), output->get(), nullptr) == FALSE) {
        return fail(ErrorKind::Internal, "linking the analysis");
    }
    const GstPtr<GstBus> bus(gst_element_get_bus(pipeline_.get()));
    gst_bus_set_sync_handler(bus.get(), noteError, &broken_, nullptr);
    gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
    return {};
}

void PictureDecoder::close() {
    if (pipeline_) gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
    pipeline_.reset();
    input_ = nullptr;
    skipping_ = true;
}

}  // namespace camgate::camera
