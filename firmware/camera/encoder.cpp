#include "camera/encoder.hpp"

#include <algorithm>
#include <array>

namespace camgate::camera {
namespace {

constexpr int kKeyframeInterval_frames = 30;

void setUpV4l2(GstElement* encoder, int bitrate_kbps) {
    GstStructure* controls = gst_structure_new("controls", "video_bitrate", G_TYPE_INT, bitrate_kbps * 1000,
                                               "video_gop_size", G_TYPE_INT, kKeyframeInterval_frames,
                                               "repeat_sequence_header", G_TYPE_INT, 1, nullptr);
    g_object_set(encoder, "extra-controls", controls, nullptr);
    gst_structure_free(controls);
}

void setUpOpenH264(GstElement* encoder, int bitrate_kbps) {
    g_object_set(encoder, "bitrate", static_cast<guint>(bitrate_kbps) * 1000U, "gop-size",
                 static_cast<guint>(kKeyframeInterval_frames), nullptr);
    gst_util_set_object_arg(G_OBJECT(encoder), "complexity", "low");
    gst_util_set_object_arg(G_OBJECT(encoder), "rate-control", "bitrate");
}

void setUpX26x(GstElement* encoder, int bitrate_kbps) {
    g_object_set(encoder, "bitrate", static_cast<guint>(bitrate_kbps), "key-int-max",
                 kKeyframeInterval_frames, nullptr);
    gst_util_set_object_arg(G_OBJECT(encoder), "speed-preset", "ultrafast");
    gst_util_set_object_arg(G_OBJECT(encoder), "tune", "zerolatency");
}

void setUpX265(GstElement* encoder, int bitrate_kbps) {
    setUpX26x(encoder, bitrate_kbps);
    // Its thread pool waits longer for its turn than encoding takes when the machine is busy, and its rate
    // control costs four times the rest on a noisy picture.
    g_object_set(encoder, "option-string", "pools=none:frame-threads=1:aq-mode=0", "qp", 32, nullptr);
}

struct EncoderRow {
    media::Codec codec;
    const char* factory;
    void (*set_up)(GstElement* encoder, int bitrate_kbps);
};
constexpr std::array kEncoders{
    EncoderRow{media::Codec::H264, "v4l2h264enc", setUpV4l2},
    EncoderRow{media::Codec::H264, "openh264enc", setUpOpenH264},
    EncoderRow{media::Codec::H264, "x264enc", setUpX26x},
    EncoderRow{media::Codec::H265, "v4l2h265enc", setUpV4l2},
    EncoderRow{media::Codec::H265, "x265enc", setUpX265},
};

bool installed(const EncoderRow& row) {
    GstElementFactory* factory = gst_element_factory_find(row.factory);
    if (!factory) return false;
    gst_object_unref(factory);
    return true;
}

const EncoderRow* findEncoder(media::Codec codec) {
    const auto* row = std::ranges::find_if(kEncoders, [&](const EncoderRow& candidate) {
        return candidate.codec == codec && installed(candidate);
    });
    return row == kEncoders.end() ? nullptr : row;
}

}  // namespace

Result<ElementPtr> makeEncoder(media::Codec codec, int width_px, int height_px) {
    const EncoderRow* row = findEncoder(codec);
    if (!row) return fail(ErrorKind::Unavailable, "no encoder for " + std::string(media::toString(codec)));
    auto encoder = makeElement(row->factory);
    if (encoder) row->set_up(encoder->get(), encoderBitrate_kbps(width_px, height_px));
    return encoder;
}

std::string encoderName(media::Codec codec) {
    const EncoderRow* row = findEncoder(codec);
    return row ? row->factory : "";
}

int encoderBitrate_kbps(int width_px, int height_px) {
    return std::clamp(width_px * height_px / 10 * 15 / 1000, 300, 4000);
}

}  // namespace camgate::camera
