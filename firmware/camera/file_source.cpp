#include "camera/file_source.hpp"

#include <string_view>

#include "camera/codec_parser.hpp"
#include "camera/gst_ptr.hpp"

namespace camgate::camera {
namespace {

void drain(SourceHost& host, GstPad* pad) {
    auto sink = makeElement("fakesink");
    if (!sink) return;
    g_object_set(sink->get(), "sync", FALSE, "async", FALSE, nullptr);
    gst_bin_add(GST_BIN(host.pipeline()), sink->get());
    const GstPtr<GstPad> in(gst_element_get_static_pad(sink->get(), "sink"));
    gst_element_sync_state_with_parent(sink->get());
    gst_pad_link(pad, in.get());
}

const gchar* mediaTypeIn(const GstCaps* caps) {
    return caps && !gst_caps_is_empty(caps) ? gst_structure_get_name(gst_caps_get_structure(caps, 0)) : "";
}

/// What flows, or, before anything does, what may.
GstPtr<GstCaps> formOf(GstPad* pad) {
    GstCaps* current = gst_pad_get_current_caps(pad);
    return GstPtr<GstCaps>(current ? current : gst_pad_query_caps(pad, nullptr));
}

}  // namespace

Status FileSource::build(SourceHost& host) {
    host_ = &host;
    auto file = makeElement("filesrc");
    auto parse = makeElement("parsebin");
    if (!file) return std::unexpected(file.error());
    if (!parse) return std::unexpected(parse.error());
    g_object_set(file->get(), "location", url_.path.c_str(), nullptr);
    g_signal_connect(parse->get(), "pad-added", G_CALLBACK(onPadAdded), this);
    gst_bin_add_many(GST_BIN(host.pipeline()), file->get(), parse->get(), nullptr);
    if (gst_element_link(file->get(), parse->get()) == FALSE)
        return fail(ErrorKind::Internal, "linking file:");
    return {};
}

void FileSource::start(GstElement* pipeline) {
    gst_element_set_state(pipeline, GST_STATE_PAUSED);
}

void FileSource::onMessage(GstElement* pipeline, GstMessage* message) {
    switch (GST_MESSAGE_TYPE(message)) {
        case GST_MESSAGE_APPLICATION:  // from pace()
            if (url_.loop || rate() != 1.0) rewind(true);
            gst_element_set_state(pipeline, GST_STATE_PLAYING);
            return;
        case GST_MESSAGE_SEGMENT_DONE:
            // It waits for the streaming thread, which waits for the clock.
            return gst_element_call_async(
                pipeline, [](GstElement*, gpointer self) { static_cast<FileSource*>(self)->rewind(false); },
                this, nullptr);
        case GST_MESSAGE_EOS:
            return host_->onFailure({ipc::CameraState::NoFrames, "the file has ended"});
        default:
            return;
    }
}

double FileSource::rate() const {
    return url_.fps > 0 && native_fps_ > 0 ? url_.fps / native_fps_ : 1.0;
}

void FileSource::rewind(bool flush) const {
    // A segment that ends tells so instead of ending the stream, and the next one's times go on behind it.
    int flags = flush ? GST_SEEK_FLAG_FLUSH : GST_SEEK_FLAG_NONE;
    if (url_.loop) flags |= GST_SEEK_FLAG_SEGMENT;
    GstEvent* seek = gst_event_new_seek(rate(), GST_FORMAT_TIME, static_cast<GstSeekFlags>(flags),
                                        GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_NONE, 0);
    if (gst_pad_send_event(video_.get(), seek) != FALSE) return;
    host_->onFailure(
        {ipc::CameraState::Unsupported, "this file cannot be played in a loop or at another rate"});
}

void FileSource::onPadAdded(GstElement* /*parsebin*/, GstPad* pad, FileSource* self) {
    const GstPtr<GstCaps> caps = formOf(pad);
    const std::string_view type(mediaTypeIn(caps.get()));
    const bool video = type.starts_with("video/") || type.starts_with("image/");
    if (!video || self->video_) return drain(*self->host_, pad);
    self->video_.reset(GST_PAD(gst_object_ref(pad)));
    self->noteRate(*caps);
    self->host_->onAnswered();
    self->host_->countBytes(pad);
    self->takeVideo(pad, type);
}

void FileSource::noteRate(const GstCaps& caps) {
    gint frames = 0;
    gint seconds = 1;
    const GstStructure* form = gst_caps_get_structure(&caps, 0);
    if (gst_structure_get_fraction(form, "framerate", &frames, &seconds) == FALSE || seconds <= 0) return;
    if (frames > 0) native_fps_ = static_cast<double>(frames) / seconds;
}

void FileSource::takeVideo(GstPad* pad, std::string_view media_type) {
    if (const CodecParser* passed = parserOf(media_type)) {
        return pace(pad, [&](GstPad* paced) { host_->attachEncoded(paced, passed->codec); });
    }
    auto decode = makeElement("decodebin");
    if (!decode) return host_->onFailure({ipc::CameraState::Unsupported, decode.error().context});
    gst_bin_add(GST_BIN(host_->pipeline()), decode->get());
    g_signal_connect(decode->get(), "pad-added", G_CALLBACK(onPictures), this);
    const GstPtr<GstPad> in(gst_element_get_static_pad(decode->get(), "sink"));
    gst_element_sync_state_with_parent(decode->get());
    gst_pad_link(pad, in.get());
}

void FileSource::onPictures(GstElement* /*decodebin*/, GstPad* pad, FileSource* self) {
    const GstPtr<GstCaps> caps = formOf(pad);
    self->noteRate(*caps);
    self->pace(pad, [&](GstPad* paced) { self->host_->attachRaw(paced, media::Codec::H264); });
}

void FileSource::pace(GstPad* pad, const std::function<void(GstPad*)>& attach) {
    auto pace = makeElement("clocksync");
    if (!pace) return host_->onFailure({ipc::CameraState::Unsupported, pace.error().context});
    gst_bin_add(GST_BIN(host_->pipeline()), pace->get());
    const GstPtr<GstPad> in(gst_element_get_static_pad(pace->get(), "sink"));
    const GstPtr<GstPad> out(gst_element_get_static_pad(pace->get(), "src"));
    // The encoder's bitrate follows the size, which only this side knows yet.
    gst_pad_link(pad, in.get());
    attach(out.get());
    gst_element_sync_state_with_parent(pace->get());
    GstElement* pipeline = host_->pipeline();
    gst_element_post_message(
        pipeline, gst_message_new_application(GST_OBJECT(pipeline), gst_structure_new_empty("found-video")));
}

}  // namespace camgate::camera
