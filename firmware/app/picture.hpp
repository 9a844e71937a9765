// A live picture of a camera that fits where it is to go: smaller until it does. Loop thread only.
#pragma once

#include <cstddef>
#include <functional>

#include "app/camera_session.hpp"

namespace camgate::app {

/// Unavailable, Timeout: the camera's; NoSpace: even the smallest is over `limit_bytes`.
void takePicture(CameraSession& camera, std::size_t limit_bytes, CameraSession::SnapshotAnswer answer);

}  // namespace camgate::app
