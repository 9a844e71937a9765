// From the configuration's words to the workers' and rooms' values. Any thread.
#pragma once

#include "config/configuration.hpp"
#include "events/event_tracker.hpp"
#include "ipc/camera_messages.hpp"

namespace camgate::app {

ipc::CameraSettings workerSettings(const config::CameraConfig& camera);
events::EventSettings eventSettings(const config::MotionConfig& motion);

}  // namespace camgate::app
