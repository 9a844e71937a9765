#include "camera/picture_decoder.hpp"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include <string_view>

#include "base/log.hpp"
#include "camera/picture_analysis.hpp"

namespace camgate::camera {
namespace {

constexpr guint64 kMostWaiting_units = 60;
constexpr int kMostOpenings = 5;  // a decoder that breaks on every keyframe is not opened for ever

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

/// What decodes without the processor is not to be spared.
bool isHardware(GstElement* decoder) {
    const gchar* kind =
        gst_element_factory_get_metadata(gst_element_get_factory(decoder), GST_ELEMENT_METADATA_KLASS);
    return kind && std::string_view(kind).find("Hardware") != std::string_view::npos;
}

bool isDelta(GstBuffer* unit) {
    return GST_BUFFER_FLAG_IS_SET(unit, GST_BUFFER_FLAG_DELTA_UNIT);
}

}  // namespace

PictureDecoder::PictureDecoder(OnPicture on_picture, DecodeSettings settings)
    : on_picture_(std::move(on_picture)), settings_(settings) {
    if (settings.gate) gate_.emplace();
}

PictureDecoder::~PictureDecoder() {
    close();
}

void PictureDecoder::onRaw(GstBuffer* picture, GstCaps* caps) {
    on_picture_(SamplePtr(gst_sample_new(picture, caps, nullptr, nullptr)));
}

void PictureDecoder::onEncoded(GstBuffer* unit, GstCaps* caps) {
    const std::lock_guard lock(mutex_);
    if (broken()) close();
    if (!wants(unit)) return;
    if (!pipeline_) {
        if (openings_ >= kMostOpenings) return;
        ++openings_;
        if (auto opened = open(caps); !opened) {
            logEvent(LogLevel::Error, "camera", "analysis-decoder-failed", {{"error", opened.error()}});
            return close();
        }
    }
    const GateVerdict verdict = judge(unit);
    if (verdict == GateVerdict::Hold) {
        held_.emplace_back(gst_buffer_ref(unit));
        return;
    }
    if (verdict == GateVerdict::DecodeHeld) {
        for (const auto& held : held_) decode(held.get(), caps);
    }
    held_.clear();
    decode(unit, caps);
}

GateVerdict PictureDecoder::judge(GstBuffer* unit) {
    const std::lock_guard lock(gate_mutex_);
    if (!gate_) return GateVerdict::Decode;
    return gate_->onUnit({BootTime(Duration(static_cast<std::int64_t>(GST_BUFFER_PTS(unit)))),
                          gst_buffer_get_size(unit), !isDelta(unit)});
}

void PictureDecoder::onLooked(const motion::MotionResult& result) {
    const std::lock_guard lock(gate_mutex_);
    if (!gate_) return;
    const bool stirring = !result.blobs.empty() || result.state != motion::GlobalState::Normal;
    gate_->onLooked(result.captured_at, stirring, result.active);
}

void PictureDecoder::decode(GstBuffer* unit, GstCaps* caps) {
    // One at a time, so that the gate hears of each picture before the next unit, always in the same order.
    if (!settings_.live) waitUntilIdle();
    {
        const std::lock_guard lock(changed_mutex_);
        idle_ = false;
    }
    const SamplePtr sample(gst_sample_new(unit, caps, nullptr, nullptr));
    gst_app_src_push_sample(GST_APP_SRC(input_), sample.get());
    if (!settings_.live) waitUntilIdle();
}

bool PictureDecoder::wants(GstBuffer* unit) {
    if (!isDelta(unit)) {
        skipping_ = false;
    } else if (settings_.keyframes_only) {
        return false;
    } else if (!pipeline_) {
        skipping_ = true;
    }
    if (settings_.live && pipeline_ && full()) skipping_ = true;
    if (skipping_) ++skipped_;
    return !skipping_;
}

bool PictureDecoder::full() const {
    return gst_app_src_get_current_level_buffers(GST_APP_SRC(input_)) >= kMostWaiting_units;
}

void PictureDecoder::waitUntilIdle() {
    std::unique_lock lock(changed_mutex_);
    changed_.wait(lock, [this] { return phase_ != Phase::Running || idle_; });
}

void PictureDecoder::finish() {
    const std::lock_guard lock(mutex_);
    if (!pipeline_) return;
    gst_app_src_end_of_stream(GST_APP_SRC(input_));
    {
        std::unique_lock changed(changed_mutex_);
        changed_.wait(changed, [this] { return phase_ != Phase::Running; });
    }
    close();
}

GstFlowReturn PictureDecoder::onDecoded(GstAppSink* sink, gpointer self) {
    SamplePtr sample(gst_app_sink_pull_sample(sink));
    if (sample) static_cast<PictureDecoder*>(self)->on_picture_(std::move(sample));
    return GST_FLOW_OK;
}

void PictureDecoder::onIdle() {
    {
        const std::lock_guard lock(changed_mutex_);
        idle_ = true;
    }
    changed_.notify_all();
}

GstBusSyncReply PictureDecoder::onBus(GstBus* /*bus*/, GstMessage* message, gpointer self) {
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR)
        static_cast<PictureDecoder*>(self)->setPhase(Phase::Broken);
    gst_message_unref(message);
    return GST_BUS_DROP;
}

void PictureDecoder::setPhase(Phase phase) {
    {
        const std::lock_guard lock(changed_mutex_);
        if (phase_ != Phase::Broken) phase_ = phase;
    }
    changed_.notify_all();
}

bool PictureDecoder::broken() {
    const std::lock_guard lock(changed_mutex_);
    return phase_ == Phase::Broken;
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
    const GstPtr<GstCaps> pictures(gst_caps_from_string(kLumaFirst));
    g_object_set(output->get(), "caps", pictures.get(), "sync", FALSE, "async", FALSE, "max-buffers",
                 guint{1}, nullptr);
    GstAppSinkCallbacks callbacks{};
    callbacks.new_sample = onDecoded;
    callbacks.eos = [](GstAppSink*, gpointer self) {
        static_cast<PictureDecoder*>(self)->setPhase(Phase::Ended);
    };
    gst_app_sink_set_callbacks(GST_APP_SINK(output->get()), &callbacks, this, nullptr);
    GstAppSrcCallbacks wanting{};
    wanting.need_data = [](GstAppSrc*, guint, gpointer self) {
        static_cast<PictureDecoder*>(self)->onIdle();
    };
    gst_app_src_set_callbacks(GST_APP_SRC(input->get()), &wanting, this, nullptr);

    pipeline_.reset(GST_ELEMENT(gst_object_ref_sink(gst_pipeline_new(nullptr))));
    input_ = input->get();
    gst_bin_add_many(GST_BIN(pipeline_.get()), input_, decoder->get(), convert->get(), output->get(),
                     nullptr);
    if (gst_element_link_many(input_, decoder->get(), convert->get(), output->get(), nullptr) == FALSE) {
        return fail(ErrorKind::Internal, "linking the analysis");
    }
    if (isHardware(decoder->get())) {
        const std::lock_guard lock(gate_mutex_);
        gate_.reset();
    }
    const GstPtr<GstBus> bus(gst_element_get_bus(pipeline_.get()));
    gst_bus_set_sync_handler(bus.get(), onBus, this, nullptr);
    gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
    return {};
}

void PictureDecoder::close() {
    if (pipeline_) gst_element_set_state(pipeline_.get(), GST_STATE_NULL);
    pipeline_.reset();
    input_ = nullptr;
    skipping_ = true;
    held_.clear();
    const std::lock_guard lock(changed_mutex_);
    phase_ = Phase::Running;
    idle_ = false;
}

}  // namespace camgate::camera
