// Draws frames, lines and blocks into pixels: boxes on stills, replay's pictures. One or three bytes a pixel;
// what lies outside is cut off. Borrows the pixels. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "motion/motion_result.hpp"

namespace camgate::camera {

struct Colour {
    std::uint8_t red = 0, green = 0, blue = 0;
};

/// In pixels.
struct Area {
    int x = 0, y = 0, width = 0, height = 0;
};

class Surface {
  public:
    /// `channels`: 1 (luma) or 3 (red, green, blue).
    Surface(std::span<std::uint8_t> bytes, int width_px, int height_px, std::size_t stride_bytes,
            int channels)
        : bytes_(bytes), width_(width_px), height_(height_px), stride_(stride_bytes), channels_(channels) {}

    int width() const { return width_; }
    int height() const { return height_; }
    /// `opacity` 0..255.
    void dot(int x, int y, Colour colour, int opacity = 255);
    void fill(Area area, Colour colour, int opacity = 255);
    /// Along the inside of `area`.
    void frame(Area area, Colour colour, int thickness_px);
    void line(int from_x, int from_y, int to_x, int to_y, Colour colour);
    /// A box of the detector's, in parts of the surface.
    Area areaOf(const motion::Box& box) const;
    /// Bright between two dark lines: seen on any ground.
    void markBox(const motion::Box& box, Colour colour);

  private:
    std::span<std::uint8_t> bytes_;
    int width_, height_;
    std::size_t stride_;
    int channels_;
};

}  // namespace camgate::camera
