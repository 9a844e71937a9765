// Leaves that wind moves: clumps on springs at every crown of the stage, and their dappled shade on the
// ground. One film's; pure over time.
#pragma once

#include <vector>

#include "support/motion/dice.hpp"
#include "support/motion/settings.hpp"

namespace camgate::test::film {

class Wind {
  public:
    Wind(const Stage& stage, bool sunny, Dice dice);
    void draw(Raster& picture, float t_s) const;

  private:
    struct Clump {
        float x = 0, y = 0;  ///< at rest, px
        float sway_x = 0, sway_y = 0;
        float swings_per_s = 1, phase = 0;
        bool shade = false;
        int side = 0;
        std::vector<std::uint8_t> alpha;  ///< side x side
        std::vector<std::int16_t> grey_q4;
    };
    Clump newClump(const Crown& crown, Dice& dice) const;
    void lay(Raster& picture, const Clump& clump, float x, float y) const;

    float strength_ = 1;
    float gusts_per_s_ = 0.2F;
    std::uint64_t seed_ = 0;
    std::vector<Clump> clumps_;
};

}  // namespace camgate::test::film
