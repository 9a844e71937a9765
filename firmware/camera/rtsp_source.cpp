#include "camera/rtsp_source.hpp"

#include <gst/rtsp/gstrtspurl.h>

#include <array>
#include <optional>
#include <string_view>

#include "camera/gst_ptr.hpp"

namespace camgate::camera {
namespace {

constexpr guint kJitter_ms = 200;
/// GstRTSPSrcBufferMode "none": frames keep the distances that the camera gave them; drift is the mender's
/// business.
constexpr gint kCameraTimesAlone = 0;
constexpr guint64 kConnectTimeout_us = 7'000'000;  // under the health's limit to connect: the reason is told
constexpr guint64 kUdpSilence_us = 3'000'000;      // then TCP
constexpr gint kOverTcp = 0x4;
constexpr gint kOverUdpThenTcp = 0x1 | 0x4;

struct RtpCodec {
    std::string_view encoding_name;
    media::Codec codec;
    const char* depayloader;
};
constexpr std::array kRtpCodecs{
    RtpCodec{"H264", media::Codec::H264, "rtph264depay"},
    RtpCodec{"H265", media::Codec::H265, "rtph265depay"},
};

const RtpCodec* findCodec(std::string_view encoding_name) {
    for (const RtpCodec& row : kRtpCodecs) {
        if (row.encoding_name == encoding_name) return &row;
    }
    return nullptr;
}

std::string encodingNameOf(const GstCaps* caps) {
    if (!caps || gst_caps_is_empty(caps)) return {};
    const gchar* name = gst_structure_get_string(gst_caps_get_structure(caps, 0), "encoding-name");
    return name ? name : "";
}

/// What a media section says its first format is, "" if it does not.
std::string encodingNameOf(const GstSDPMedia* media) {
    if (gst_sdp_media_formats_len(media) == 0) return {};
    const auto payload_type =
        static_cast<gint>(g_ascii_strtoll(gst_sdp_media_get_format(media, 0), nullptr, 10));
    const GstPtr<GstCaps> caps(gst_sdp_media_get_caps_from_media(media, payload_type));
    return encodingNameOf(caps.get());
}

std::optional<std::string> hostOf(const gchar* uri) {
    GstRTSPUrl* parsed = nullptr;
    if (gst_rtsp_url_parse(uri, &parsed) != GST_RTSP_OK) return std::nullopt;
    std::string host = parsed->host ? parsed->host : "";
    gst_rtsp_url_free(parsed);
    return host;
}

}  // namespace

SdpChoice chooseStream(const GstSDPMessage& sdp) {
    SdpChoice choice;
    for (guint i = 0; i < gst_sdp_message_medias_len(&sdp); ++i) {
        const GstSDPMedia* media = gst_sdp_message_get_media(&sdp, i);
        if (std::string_view(gst_sdp_media_get_media(media)) != "video") continue;
        const std::string name = encodingNameOf(media);
        if (findCodec(name)) return {static_cast<int>(i), name};
        if (choice.codec.empty()) choice.codec = name.empty() ? "no name" : name;
    }
    return choice;
}

RtspSource::RtspSource(RtspUrl url, RtspAccess access) : url_(std::move(url)), access_(std::move(access)) {}

Status RtspSource::build(SourceHost& host) {
    host_ = &host;
    auto made = makeElement("rtspsrc");
    if (!made) return std::unexpected(made.error());
    GstElement* src = made->get();
    const bool udp = access_.transport == ipc::RtspTransport::Udp;
    g_object_set(src, "location", url_.location.c_str(), "latency", kJitter_ms, "drop-on-latency", FALSE,
                 "buffer-mode", kCameraTimesAlone, "tcp-timeout", kConnectTimeout_us, "timeout",
                 kUdpSilence_us, "protocols", udp ? kOverUdpThenTcp : kOverTcp, "udp-reconnect", FALSE,
                 nullptr);
    if (!access_.user.empty()) {
        g_object_set(src, "user-id", access_.user.c_str(), "user-pw", access_.password.c_str(), nullptr);
    }
    g_signal_connect(src, "on-sdp", G_CALLBACK(onSdp), this);
    g_signal_connect(src, "select-stream", G_CALLBACK(onSelectStream), this);
    g_signal_connect(src, "before-send", G_CALLBACK(onBeforeSend), this);
    g_signal_connect(src, "pad-added", G_CALLBACK(onPadAdded), this);
    gst_bin_add(GST_BIN(host.pipeline()), src);
    return {};
}

void RtspSource::onSdp(GstElement* /*src*/, GstSDPMessage* sdp, RtspSource* self) {
    self->host_->onAnswered();
    const SdpChoice choice = chooseStream(*sdp);
    self->chosen_stream_ = choice.stream;
    if (choice.stream >= 0) return;
    const std::string why = choice.codec.empty() ? "the camera offers no video"
                                                 : "the camera sends " + choice.codec.substr(0, 32) +
                                                       "; H264 and H265 can be recorded";
    self->host_->onFailure({ipc::CameraState::Unsupported, why});
}

gboolean RtspSource::onSelectStream(GstElement* /*src*/, guint index, GstCaps* /*caps*/, RtspSource* self) {
    return self->chosen_stream_ == static_cast<int>(index) ? TRUE : FALSE;
}

gboolean RtspSource::onBeforeSend(GstElement* /*src*/, GstRTSPMessage* message, RtspSource* self) {
    GstRTSPMethod method = GST_RTSP_INVALID;
    const gchar* uri = nullptr;
    GstRTSPVersion version = GST_RTSP_VERSION_INVALID;
    if (gst_rtsp_message_parse_request(message, &method, &uri, &version) != GST_RTSP_OK || !uri) return TRUE;
    const auto host = hostOf(uri);
    const auto own = hostOf(self->url_.location.c_str());
    if (!host || host == own) return TRUE;  // "*" and relative URIs stay on the connection
    self->host_->onFailure({ipc::CameraState::NoLink,
                            "the camera leads to another host (" + host->substr(0, 64) + "): refused"});
    return FALSE;
}

void RtspSource::onPadAdded(GstElement* src, GstPad* pad, RtspSource* self) {
    const GstPtr<GstCaps> caps(gst_pad_get_current_caps(pad));
    const RtpCodec* row = findCodec(encodingNameOf(caps.get()));
    if (!row) return;
    auto depay = makeElement(row->depayloader);
    if (!depay) return self->host_->onFailure({ipc::CameraState::Unsupported, depay.error().context});
    gst_bin_add(GST_BIN(self->host_->pipeline()), depay->get());
    const GstPtr<GstPad> out(gst_element_get_static_pad(depay->get(), "src"));
    self->host_->countBytes(pad);
    self->host_->attachEncoded(out.get(), row->codec);
    gst_element_sync_state_with_parent(depay->get());
    if (gst_element_link_pads(src, GST_PAD_NAME(pad), depay->get(), "sink") == FALSE) {
        self->host_->onFailure({ipc::CameraState::Unsupported,
                                "this form of " + std::string(row->encoding_name) + " cannot be unpacked"});
    }
}

}  // namespace camgate::camera
