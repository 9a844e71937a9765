// What went wrong with a camera, as its state and a sentence for people; and the one table that makes it out
// of what GStreamer's elements report. Implements docs/ref/camera.md. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "ipc/camera_messages.hpp"

namespace camgate::camera {

struct Failure {
    ipc::CameraState state = ipc::CameraState::NoLink;
    std::string detail;
    bool operator==(const Failure&) const = default;
};

/// Which of GStreamer's error domains.
enum class GstDomain { Resource, Stream, Core, Library, Other };

/// An element's error as plain values. `debug` is the element's own text: RTSP status codes stand only there.
struct ElementError {
    GstDomain domain = GstDomain::Other;
    int code = 0;
    std::string message;
    std::string debug;
};

/// `secret` is masked in the detail; user parts of URLs are cut.
Failure classify(const ElementError& error, std::string_view secret);

}  // namespace camgate::camera
