// A motion detector as the bench sees it: pictures in, "somebody moves" and where, out. The product's and its
// peers'.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "support/motion/raster.hpp"

namespace camgate::bench {

struct Sight {
    bool active = false;
    std::vector<test::film::RectF> boxes;  ///< of what moves, parts of the picture
    std::string_view scene;                ///< what has become of the view; empty: as usual, or not told
};

class Eye {
  public:
    virtual ~Eye() = default;
    /// Frames of one film in order, all of one size.
    virtual Sight look(std::span<const std::uint8_t> luma, int width_px, int height_px, Duration at) = 0;
};

struct EyeKind {
    std::string_view name;
    std::function<std::unique_ptr<Eye>()> make;
};

EyeKind productEye();
/// Only where OpenCV is installed: scripts/setup --peers.
std::vector<EyeKind> opencvEyes();

}  // namespace camgate::bench
