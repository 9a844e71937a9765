// The camera: exposure control with its lag, gamma, noise that grows with light, the infra-red switch, a pole
// that shakes. One film's; frames in order.
#pragma once

#include <array>
#include <vector>

#include "support/motion/dice.hpp"
#include "support/motion/settings.hpp"

namespace camgate::test::film {

class Sensor {
  public:
    Sensor(const FilmSettings& settings, const Timeline& changes, Dice dice);

    /// Where the picture's corner lies on the stage now.
    struct Offset {
        float x = 0, y = 0;
    };
    Offset shake(float t_s) const;
    /// What the surfaces look like: by day or by infra-red light.
    bool infrared(float t_s) const;
    /// Exposes the stage as it lies at `offset`; `luma` is width x height.
    void expose(const Raster& picture, Offset offset, float t_s, float dt_s, std::vector<std::uint8_t>& luma);

  private:
    struct Ramp {
        Moment when;
        float gain = 1;
        float seconds = 1;
    };
    struct Grain {
        std::int32_t base = 0, slope = 0;
    };
    static void addNoise(const std::uint16_t* level_q4, const std::int8_t* noise, Grain grain,
                         std::uint8_t* to, std::size_t count);
    float plannedGain(float t_s) const;
    float noiseSigma(float t_s) const;
    void control(const std::vector<std::uint8_t>& luma, float dt_s);
    void makeCurve(float gain);
    void cut(const Raster& picture, Offset offset);
    void makeNoise(Dice dice);

    static constexpr std::size_t kNoiseSide = 512;
    static constexpr std::size_t kCurve = 16'384;

    Nuisance nuisance_;
    bool night_;
    int width_, height_;
    Timeline changes_;
    std::vector<Ramp> ramps_;
    float base_gain_ = 1, gamma_ = 1, black_ = 0;
    float sigma_ = 2, sigma_switched_ = 5, shot_ = 0;
    float control_strength_ = 0, control_s_ = 1, controlled_ = 1, aim_ = -1;
    float shake_px_ = 0, gusts_per_s_ = 0.2F;
    std::array<float, 3> shake_hz_{};
    std::uint64_t seed_ = 0;
    Dice frame_dice_;
    Raster cut_;
    float curve_gain_ = -1;
    std::vector<std::uint16_t> curve_q4_;
    std::vector<std::int8_t> noise_;  ///< sigma 32, kNoiseSide squared, each row twice
};

}  // namespace camgate::test::film
