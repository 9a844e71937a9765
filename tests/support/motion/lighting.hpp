// Light that changes in parts of the picture: shadows of clouds, lamps, headlights. It multiplies what
// surfaces return, so that their texture stays, as real light does. One film's; pure over time.
#pragma once

#include <vector>

#include "support/motion/dice.hpp"
#include "support/motion/settings.hpp"

namespace camgate::test::film {

class Lighting {
  public:
    Lighting(const Stage& stage, Nuisance nuisance, bool night, const Timeline& changes, Dice dice);
    void apply(Raster& picture, float t_s);

  private:
    struct Change {
        Moment when;
        float strength = 0;   ///< cloud: what is lost; lamp, headlights: what is added, in parts
        float direction = 0;  ///< radians; headlights: sign
        float soft = 0;  ///< cloud: width of the edge in parts of the picture; lamp: seconds to full light
        float flicker_s = 0;  ///< lamp: flickers this long before it burns
        float x = 0, y = 0;   ///< middle of the light, px
        float reach_x = 0, reach_y = 0;
        float travel_px = 0;
        std::uint64_t seed = 0;
    };
    void planCloud(Change& change, Dice& dice) const;
    void planLamp(Change& change, const Stage& stage, bool night, Dice& dice) const;
    void planHeadlights(Change& change, const Stage& stage, bool night, Dice& dice) const;
    float cloudAt(const Change& change, float x, float y, float t_s) const;
    float lampLevel(const Change& change, float t_s) const;
    float headlightsAt(const Change& change, float x, float y, float t_s) const;
    float gainAt(float x, float y, float t_s) const;
    bool lit(float t_s) const;
    void multiply(Raster& picture) const;

    static constexpr int kCellsAcross = 80;

    Nuisance nuisance_;
    int width_, height_, cell_px_;
    int columns_, rows_;
    std::vector<Change> changes_;
    std::vector<std::int16_t> gain_q8_;
};

}  // namespace camgate::test::film
