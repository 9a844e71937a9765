// Pictures between GStreamer and this program's memory: a decoded one as pixels, pixels as a PNG file. Any
// thread.
#pragma once

#include <string>

#include "base/bytes.hpp"
#include "camera/gst_ptr.hpp"
#include "camera/paint.hpp"

namespace camgate::replay {

/// Red, green, blue, row by row without padding.
struct Image {
    int width_px = 0;
    int height_px = 0;
    Bytes pixels;

    Image(int width, int height);
    std::size_t stride() const { return static_cast<std::size_t>(width_px) * 3; }
    camera::Surface surface() { return {pixels, width_px, height_px, stride(), 3}; }
};

/// Scaled to `width_px`, which must be a multiple of 4, keeping the aspect.
[[nodiscard]] Result<Image> imageOf(GstSample& picture, int width_px);
/// The width must be a multiple of 4.
[[nodiscard]] Status writePng(const Image& image, const std::string& path);

}  // namespace camgate::replay
