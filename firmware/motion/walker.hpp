// A person of capsules who walks: head, body, swinging arms and legs. Drawn by the synthetic yard. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace camgate::motion {

struct Limb {
    float x0 = 0, y0 = 0, x1 = 0, y1 = 0;  ///< px
    float radius_px = 0;
    int luma = 0;
};

struct PixelExtent {
    float left = 0, top = 0, right = 0, bottom = 0;
};

class Walker {
  public:
    /// `stride_phase` counts steps; `contrast` in grey levels, negative: darker than `ground_luma`.
    Walker(float middle_x_px, float feet_y_px, float height_px, float stride_phase, bool to_the_right,
           int ground_luma, int contrast);

    PixelExtent extent() const;
    void draw(std::span<std::uint8_t> luma, int width_px, int height_px) const;

  private:
    std::array<Limb, 8> limbs_;
};

}  // namespace camgate::motion
