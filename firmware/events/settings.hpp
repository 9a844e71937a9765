// A camera's motion configuration as the detector and the tracker want it: one place for the worker's
// settings, camgated's tracker and camgate-replay. Any thread.
#pragma once

#include "config/configuration.hpp"
#include "events/event_tracker.hpp"
#include "motion/motion_result.hpp"

namespace camgate::events {

motion::DetectorSettings detectorSettings(const config::MotionConfig& motion);
EventSettings eventSettings(const config::MotionConfig& motion);

/// `touched` as of a Blob or an Event.
std::vector<std::string> zoneNames(const config::MotionConfig& motion, std::uint16_t touched);

}  // namespace camgate::events
