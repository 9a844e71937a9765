// What is done to a camera: a hand or paint over the lens, a push, no light, a stuck picture, breath or
// spray, a torch. With the moment at which it is complete and the one at which it is undone. One film's;
// frames in order.
#pragma once

#include <optional>
#include <vector>

#include "support/motion/dice.hpp"
#include "support/motion/settings.hpp"

namespace camgate::test::film {

class Tampering {
  public:
    Tampering(const FilmSettings& settings, Dice dice);

    /// Onset (begin) and release (begin of the return to normal); nothing without tampering.
    std::optional<Moment> moment() const;
    /// Complete this long after its onset, and undone this long after its release.
    float takes_s() const { return takes_s_; }
    /// How far the view is turned away, in px of the stage.
    float viewOffset_px(float t_s) const;
    bool stuck(float t_s) const { return what_ == Tamper::Frozen && level(t_s) > 0.5F; }
    void spoil(Raster& picture, float t_s);

  private:
    float level(float t_s) const;  ///< 0 nothing yet, 1 complete
    void cover(Raster& picture, float level) const;
    void blur(Raster& picture, float level);
    void flood(Raster& picture, float level) const;

    Tamper what_;
    Moment when_;
    float takes_s_ = 1;
    float view_px_ = 0;
    float direction_ = 1;
    float grey_ = 60, roughness_ = 0;
    float blur_px_ = 4;
    float leak_ = 0;  ///< part of the picture that stays free
    std::uint64_t seed_ = 0;
    std::vector<std::int32_t> line_;
};

/// The farthest that a view is turned away, in parts of the picture width: the stage must be that much wider.
constexpr float kMostView_widths = 0.6F;

}  // namespace camgate::test::film
