#include "camera/failure.hpp"

#include <gst/gst.h>

#include <algorithm>
#include <array>
#include <optional>

#include "camera/camera_url.hpp"

namespace camgate::camera {
namespace {

using ipc::CameraState;

constexpr std::size_t kMaxDetail_chars = 300;

struct StatusRow {
    std::string_view text;  // as rtspsrc writes it into its debug text
    CameraState state;
    std::string_view detail;
};
// rtspsrc gives every refusal of the camera as a resource error; the status code stands in the text alone.
constexpr std::array kStatusRows{
    StatusRow{"(401)", CameraState::AuthFailed, "the camera refuses the user or the password (401)"},
    StatusRow{"Unauthorized", CameraState::AuthFailed, "the camera refuses the user or the password (401)"},
    StatusRow{"(403)", CameraState::AuthFailed, "the camera forbids this stream to the user (403)"},
    StatusRow{"(404)", CameraState::NoFrames, "the camera has no stream at this address (404)"},
    StatusRow{"(453)", CameraState::NoFrames, "the camera has no room for another viewer (453)"},
    StatusRow{"(454)", CameraState::NoFrames, "the camera forgot the session (454)"},
    StatusRow{"(461)", CameraState::NoFrames, "the camera refuses the transport; try the other one (461)"},
    StatusRow{"(503)", CameraState::NoFrames, "the camera is too busy to serve the stream (503)"},
};

struct CodeRow {
    GstDomain domain;
    int code;
    CameraState state;
    std::string_view detail;
};
constexpr std::array kCodeRows{
    CodeRow{GstDomain::Resource, GST_RESOURCE_ERROR_NOT_AUTHORIZED, CameraState::AuthFailed,
            "the camera refuses the user or the password"},
    CodeRow{GstDomain::Resource, GST_RESOURCE_ERROR_NOT_FOUND, CameraState::NoLink,
            "nothing is there at this address"},
    CodeRow{GstDomain::Resource, GST_RESOURCE_ERROR_BUSY, CameraState::NoLink,
            "another program has the device"},
    CodeRow{GstDomain::Resource, GST_RESOURCE_ERROR_OPEN_READ, CameraState::NoLink, "cannot be opened"},
    CodeRow{GstDomain::Resource, GST_RESOURCE_ERROR_OPEN_READ_WRITE, CameraState::NoLink,
            "the camera cannot be reached"},
    CodeRow{GstDomain::Resource, GST_RESOURCE_ERROR_READ, CameraState::NoLink, "the connection broke"},
    CodeRow{GstDomain::Resource, GST_RESOURCE_ERROR_WRITE, CameraState::NoLink, "the connection broke"},
    CodeRow{GstDomain::Resource, GST_RESOURCE_ERROR_SETTINGS, CameraState::Unsupported,
            "the camera offers no usable stream"},
    CodeRow{GstDomain::Stream, GST_STREAM_ERROR_CODEC_NOT_FOUND, CameraState::Unsupported,
            "no decoder for this kind of video"},
    CodeRow{GstDomain::Stream, GST_STREAM_ERROR_TYPE_NOT_FOUND, CameraState::Unsupported,
            "this is no video that camgate knows"},
    CodeRow{GstDomain::Stream, GST_STREAM_ERROR_WRONG_TYPE, CameraState::Unsupported,
            "this is no video that camgate knows"},
    CodeRow{GstDomain::Stream, GST_STREAM_ERROR_FORMAT, CameraState::NoFrames,
            "what the camera sends is no readable video"},
    CodeRow{GstDomain::Core, GST_CORE_ERROR_MISSING_PLUGIN, CameraState::Unsupported, "a plugin is missing"},
};

std::string detailOf(std::string_view told, const ElementError& error, std::string_view secret) {
    std::string detail(told);
    if (!error.message.empty()) detail += ": " + redact(error.message, secret);
    if (detail.size() > kMaxDetail_chars) detail.resize(kMaxDetail_chars);
    return detail;
}

}  // namespace

Failure classify(const ElementError& error, std::string_view secret) {
    if (error.domain == GstDomain::Resource) {
        const auto row = std::ranges::find_if(kStatusRows, [&](const StatusRow& candidate) {
            return error.debug.find(candidate.text) != std::string::npos ||
                   error.message.find(candidate.text) != std::string::npos;
        });
        if (row != kStatusRows.end()) return {row->state, std::string(row->detail)};
    }
    const auto row = std::ranges::find_if(kCodeRows, [&](const CodeRow& candidate) {
        return candidate.domain == error.domain && candidate.code == error.code;
    });
    if (row != kCodeRows.end()) return {row->state, detailOf(row->detail, error, secret)};
    // What is left broke while data flowed: the pictures have stopped, whatever the reason.
    return {CameraState::NoFrames, detailOf("the stream broke", error, secret)};
}

}  // namespace camgate::camera
