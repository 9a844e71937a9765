// From the configuration's words to the camera worker's. Any thread.
#pragma once

#include "config/configuration.hpp"
#include "ipc/camera_messages.hpp"

namespace camgate::app {

ipc::CameraSettings workerSettings(const config::CameraConfig& camera);

}  // namespace camgate::app
