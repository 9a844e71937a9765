// What is between the lens and the place: rain, snow, insects in front of an infra-red lamp. One film's;
// stateful, frames in order.
#pragma once

#include <vector>

#include "support/motion/dice.hpp"
#include "support/motion/settings.hpp"

namespace camgate::test::film {

class Weather {
  public:
    Weather(Nuisance nuisance, bool night, int width_px, int height_px, Dice dice);
    void draw(Raster& picture, float dt_s);

  private:
    struct Bit {
        float x = 0, y = 0, vx = 0, vy = 0;  ///< px, px/s
        float radius_px = 1, grey = 200, alpha = 0.5F;
        float turn = 0;    ///< insects: heading, radians
        float left_s = 0;  ///< insects: to live
    };
    void drawRain(Raster& picture, float dt_s);
    void drawSnow(Raster& picture, float dt_s);
    void drawInsects(Raster& picture, float dt_s);
    Bit newFlake(bool anywhere);
    Bit newInsect();
    void streak(Raster& picture, const Bit& bit, float shutter_s) const;

    Nuisance nuisance_;
    bool night_;
    float width_, height_;
    Dice dice_;
    std::vector<Bit> bits_;
    float density_ = 0;   ///< streaks per frame, flakes in the picture, insects per second
    float slant_ = 0;     ///< px sideways per px down
    float speed_px_ = 0;  ///< of falling
    float brightness_ = 0;
};

}  // namespace camgate::test::film
