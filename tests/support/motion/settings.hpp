// What a film is to show. Plain values.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "support/motion/stage.hpp"

namespace camgate::test::film {

enum class Nuisance : std::uint8_t {
    None,
    Lamp,
    IrSwitch,
    AgcRamp,
    Cloud,
    Rain,
    Snow,
    Insects,
    Tree,
    Headlights,
    Shake,
    Noise,
    Compression
};
constexpr std::array<std::string_view, 13> kNuisanceNames{
    "none",    "lamp", "ir-switch",  "agc-ramp", "cloud", "rain",       "snow",
    "insects", "tree", "headlights", "shake",    "noise", "compression"};

enum class Tamper : std::uint8_t { None, Covered, Moved, Black, Frozen, Blurred, Overexposed };
constexpr std::array<std::string_view, 7> kTamperNames{"none",   "covered", "moved",      "black",
                                                       "frozen", "blurred", "overexposed"};
constexpr std::array<std::string_view, kPlaces> kPlaceNames{"yard", "street", "gate"};

enum class Cast : std::uint8_t {
    Nobody,
    OneByOne,    ///< walkers and cars, one after another, nobody in between
    AfterChange  ///< one person, 2 s after the film's one change of light
};

struct FilmSettings {
    std::uint64_t seed = 1;
    Place place = Place::Yard;
    Nuisance nuisance = Nuisance::None;
    Tamper tamper = Tamper::None;
    Cast cast = Cast::Nobody;
    bool night = false;
    int width_px = 640;
    int height_px = 360;
    float fps = 15;
    float length_s = 60;
    float least_height = 0.03F;  ///< of walkers, in parts of the picture height
    float most_height = 0.30F;
};

/// A stretch of time in which light or camera change, or in which somebody is there.
struct Moment {
    float from_s = 0;
    float to_s = 0;
};
using Timeline = std::vector<Moment>;

}  // namespace camgate::test::film
