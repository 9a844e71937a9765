// How a camera worker ends, as its exit status; docs/ref/camera.md lists them. Any thread.
#pragma once

#include "ipc/camera_messages.hpp"

namespace camgate::camera {

enum class ExitCode : int {
    Closed = 0,         ///< camgated closed the socket
    Usage = 2,          ///< wrong command line
    BadMessage = 3,     ///< camgated sent what it must not send
    BadSettings = 4,    ///< the settings cannot be used
    Internal = 5,       ///< GStreamer or the event loop could not start
    CameraFailed = 20,  ///< plus the number of the CameraState reported last
};

constexpr int exitStatus(ExitCode code) {
    return static_cast<int>(code);
}
constexpr int exitStatus(ipc::CameraState state) {
    return static_cast<int>(ExitCode::CameraFailed) + static_cast<int>(state);
}

}  // namespace camgate::camera
