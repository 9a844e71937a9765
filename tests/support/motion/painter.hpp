// Paints a stage surface by surface, in both lights. Used by stage.cpp alone.
#pragma once

#include <cstdint>

#include "support/motion/stage.hpp"

namespace camgate::test::film {

/// What a surface returns of infra-red light in parts of what it returns of daylight.
struct Material {
    float grey = 128;
    float infrared = 1;
    float grain = 6;     ///< grey levels of its texture
    float grain_px = 4;  ///< size of the texture's features
};

class Painter {
  public:
    Painter(Stage& stage, std::uint64_t seed) : stage_(stage), seed_(seed) {}

    /// Features of the texture become smaller towards the horizon, as on real ground.
    void ground(float from_y, const Material& material);
    void wall(const RectF& area, const Material& material, float course_px, float joint_grey);
    void tiles(float from_y, float tile_px, float joint_grey);
    /// `foot_px` over 0: stands in front of whoever walks behind that row.
    void box(const RectF& area, const Material& material, float foot_px = 0);
    void disc(float x, float y, float radius_px, const Material& material, float foot_px = 0);
    /// Leaves: rough, with holes through which the background shows.
    void leaves(float x, float y, float radius_px, const Material& material, float foot_px = 0);
    void parkedCar(float middle_x, float foot_px, const Material& paint);
    /// Adds light and shade to all that is there: corners are darker, slow gradients.
    void vignette(float corner_loss);

  private:
    void put(int x, int y, float grey, const Material& material, float cover, float foot_px);

    Stage& stage_;
    std::uint64_t seed_;
    std::uint64_t surfaces_ = 0;
};

}  // namespace camgate::test::film
