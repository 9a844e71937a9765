// Plans who appears when, and puts them onto the stage with shadow, motion blur and what stands in front of
// them.
#pragma once

#include <vector>

#include "support/motion/dice.hpp"
#include "support/motion/figure.hpp"
#include "support/motion/settings.hpp"

namespace camgate::test::film {

/// One figure in one frame. Boxes in px of the stage.
struct Seen {
    std::size_t appearance = 0;
    RectF box;          ///< all of it, also what is hidden or outside
    RectF visible_box;  ///< empty while nothing of it shows
    float visible = 0;  ///< part of its area that shows, 0..1
};

/// Walkers and cars of all sizes one after another from 5 s on, at least 7 s of nobody between them.
std::vector<Appearance> planOneByOne(const FilmSettings& settings, const Stage& stage, Dice dice);
/// A walker who steps into the picture at `at_s`.
Appearance planWalker(const FilmSettings& settings, const Stage& stage, Dice& dice, float at_s);

class Players {
  public:
    Players(std::vector<Appearance> appearances, float shutter_s)
        : appearances_(std::move(appearances)), shutter_s_(shutter_s) {}
    const std::vector<Appearance>& appearances() const { return appearances_; }
    /// `frame`: the part of the stage that the camera shows.
    const std::vector<Seen>& play(const Stage& stage, const RectF& frame, float t_s, Raster& picture);

  private:
    void playOne(std::size_t index, const Stage& stage, const RectF& frame, float t_s, Raster& picture);
    void castShadow(const Appearance& who, const Pose& pose, Raster& picture);
    void drawBlurred(const Appearance& who, const Pose& pose);
    Seen lay(std::size_t index, const Stage& stage, const Pose& pose, const RectF& frame,
             Raster& picture) const;

    std::vector<Appearance> appearances_;
    float shutter_s_;
    std::vector<Seen> seen_;
    Patch figure_, moment_;
};

}  // namespace camgate::test::film
