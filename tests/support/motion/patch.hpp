// A small picture with transparency, in which one figure is drawn before it goes onto the stage: averaging
// several gives motion blur, and its extent is the truth. Coordinates are the stage's. Pure.
#pragma once

#include <span>
#include <vector>

#include "support/motion/raster.hpp"

namespace camgate::test::film {

struct Spot {
    float x = 0, y = 0;
};

class Patch {
  public:
    /// Empties it and lays it over `area`.
    void begin(const RectF& area);
    void capsule(Spot from, Spot to, float radius_px, float grey);
    /// Corners clockwise, convex.
    void polygon(std::span<const Spot> corners, float grey);
    /// Adds `other`'s content with this weight.
    void add(const Patch& other, float weight);

    int left() const { return left_; }
    int top() const { return top_; }
    int width() const { return width_; }
    int height() const { return height_; }
    float alpha(int x, int y) const { return alpha_[index(x, y)]; }
    /// Premultiplied by alpha.
    float grey(int x, int y) const { return grey_[index(x, y)]; }

  private:
    std::size_t index(int x, int y) const {
        return static_cast<std::size_t>(y - top_) * static_cast<std::size_t>(width_) +
               static_cast<std::size_t>(x - left_);
    }
    RectF clipped(const RectF& area) const;
    void lay(int x, int y, float cover, float grey) {
        const std::size_t i = index(x, y);
        grey_[i] = grey_[i] * (1 - cover) + grey * cover;
        alpha_[i] = alpha_[i] * (1 - cover) + cover;
    }

    int left_ = 0, top_ = 0, width_ = 0, height_ = 0;
    std::vector<float> grey_, alpha_;
};

}  // namespace camgate::test::film
