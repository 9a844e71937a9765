#include "camera/v4l2_source.hpp"

#include <array>
#include <string>

namespace camgate::camera {
namespace {

struct CaptureRow {
    CaptureKind kind;
    const char* media_type;
};
constexpr std::array kCaptureRows{
    CaptureRow{CaptureKind::H264, "video/x-h264"},
    CaptureRow{CaptureKind::Jpeg, "image/jpeg"},
    CaptureRow{CaptureKind::Raw, "video/x-raw"},
};

const char* mediaTypeOf(CaptureKind kind) {
    return kCaptureRows.at(static_cast<std::size_t>(kind)).media_type;
}

/// The camera's own sizes are few: the wanted one if it has it, else whatever it prefers.
GstPtr<GstCaps> wantedCaps(const V4l2Url& url, CaptureKind kind) {
    GstCaps* caps = gst_caps_new_simple(mediaTypeOf(kind), "width", G_TYPE_INT, url.width_px, "height",
                                        G_TYPE_INT, url.height_px, nullptr);
    gst_caps_append(caps, gst_caps_new_empty_simple(mediaTypeOf(kind)));
    return GstPtr<GstCaps>(caps);
}

Result<GstElement*> add(SourceHost& host, const char* factory) {
    auto element = makeElement(factory);
    if (!element) return std::unexpected(element.error());
    gst_bin_add(GST_BIN(host.pipeline()), element->get());
    return element->get();
}

}  // namespace

std::optional<CaptureKind> chooseCapture(const GstCaps& offered) {
    for (const CaptureRow& row : kCaptureRows) {
        const GstPtr<GstCaps> wanted(gst_caps_new_empty_simple(row.media_type));
        if (gst_caps_can_intersect(&offered, wanted.get()) != FALSE) return row.kind;
    }
    return std::nullopt;
}

V4l2Source::V4l2Source(V4l2Url url, Result<ElementPtr> capture)
    : url_(std::move(url)), capture_(std::move(capture)) {}

Status V4l2Source::build(SourceHost& host) {
    if (!capture_) return std::unexpected(capture_.error());
    if (hasProperty(capture_->get(), "device")) {
        g_object_set(capture_->get(), "device", url_.device.c_str(), nullptr);
    }
    gst_bin_add(GST_BIN(host.pipeline()), capture_->get());
    return openDevice(host);
}

Status V4l2Source::openDevice(SourceHost& host) {
    // A device tells what it can do only once it is open.
    if (gst_element_set_state(capture_->get(), GST_STATE_READY) == GST_STATE_CHANGE_FAILURE) {
        host.onFailure({ipc::CameraState::NoLink, url_.device + " cannot be opened"});
        return {};
    }
    const GstPtr<GstPad> out(gst_element_get_static_pad(capture_->get(), "src"));
    const GstPtr<GstCaps> offered(gst_pad_query_caps(out.get(), nullptr));
    const auto kind = chooseCapture(*offered);
    if (!kind) {
        host.onFailure({ipc::CameraState::Unsupported, url_.device + " gives neither H.264 nor pictures"});
        return {};
    }
    host.onAnswered();
    host.countBytes(out.get());
    return buildGraph(host, *kind);
}

Status V4l2Source::buildGraph(SourceHost& host, CaptureKind kind) {
    auto filter = add(host, "capsfilter");
    if (!filter) return std::unexpected(filter.error());
    g_object_set(*filter, "caps", wantedCaps(url_, kind).get(), nullptr);
    GstElement* last = *filter;
    bool linked = gst_element_link(capture_->get(), *filter) != FALSE;
    if (kind == CaptureKind::Jpeg) {
        auto decoder = add(host, "jpegdec");
        if (!decoder) return std::unexpected(decoder.error());
        linked = linked && gst_element_link(*filter, *decoder) != FALSE;
        last = *decoder;
    }
    if (!linked) return fail(ErrorKind::Internal, "linking the capture of " + url_.device);
    const GstPtr<GstPad> out(gst_element_get_static_pad(last, "src"));
    if (kind == CaptureKind::H264) {
        host.attachEncoded(out.get(), media::Codec::H264);
    } else {
        host.attachRaw(out.get(), media::Codec::H264);
    }
    return {};
}

}  // namespace camgate::camera
