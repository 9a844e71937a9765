// Who appears in a film, along which path, and how they look at a moment. The path is walked on the ground in
// front of a real camera: whoever comes nearer grows. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "support/motion/patch.hpp"
#include "support/motion/stage.hpp"

namespace camgate::test::film {

enum class FigureKind : std::uint8_t { Walker, Car };

/// Distances are in heights of a person, so that they do not depend on the picture's size.
struct Path {
    float person_px = 0;     ///< height of a person where the path begins
    float start_x = 0;       ///< from the picture's middle, heights
    float across_per_s = 0;  ///< heights per second, positive: to the right
    float nearer_per_s = 0;  ///< heights per second towards the camera
    float pause_at_s = 0, pause_s = 0;
    /// Comes from behind an edge at this column and goes behind the other; nothing: from outside the picture.
    std::optional<float> from_behind_x, goes_behind_x;
};

struct Appearance {
    FigureKind kind = FigureKind::Walker;
    Path path;
    float from_s = 0, to_s = 0;
    float contrast = 0;  ///< grey levels by day against what is behind the path
    float upper_grey = 0, lower_grey = 0, skin_grey = 0;
    float shadow_x = 0;         ///< heights; where the sun throws it
    float shadow_strength = 0;  ///< 0..1
    float gait_phase = 0;
    bool lights_on = false;
};

struct Pose {
    float x = 0;  ///< middle, px
    float foot = 0;
    float person_px = 0;
    float walked = 0;  ///< heights
    float speed_x_px = 0;
    bool walking = true;
};

Pose poseOf(const Appearance& who, const Stage& stage, float t_s);
RectF extentOf(const Appearance& who, const Pose& pose);
/// Lays the figure into `patch`, which must cover its extent.
void drawFigure(const Appearance& who, const Pose& pose, Patch& patch);

}  // namespace camgate::test::film
