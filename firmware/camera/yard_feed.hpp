// Feeds an appsrc with the synthetic yard, one grey-ground picture with a little colour per request. The feed
// belongs to its appsrc and goes with it. Any thread before the pipeline plays.
#pragma once

#include <gst/app/gstappsrc.h>

#include "base/result.hpp"
#include "motion/synthetic_scene.hpp"

namespace camgate::camera {

/// `first_frame`: the frame of the scene that has time 0 in the stream.
[[nodiscard]] Status feedYard(GstAppSrc* appsrc, const motion::SyntheticSettings& settings,
                              std::uint64_t first_frame = 0);

}  // namespace camgate::camera
