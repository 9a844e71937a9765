// What is known of one frame before anybody looks for objects: the picture, the background, the slow eye, the
// zones. Borrowed for a call. One thread.
#pragma once

#include "motion/background.hpp"
#include "motion/downscale.hpp"
#include "motion/slow_picture.hpp"
#include "motion/zones.hpp"

namespace camgate::motion {

struct SceneView {
    const Downscaler& small;
    const Background& background;
    const SlowPicture& slow;
    const ZoneMap& zones;

    const Grid& grid() const { return small.grid(); }
    const std::uint8_t* pixels() const { return small.pixels(); }
};

}  // namespace camgate::motion
