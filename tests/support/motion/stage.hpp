// An empty place as a fixed camera sees it: surfaces by day and by infra-red light, what stands in front of
// what, how tall a person is at each row, and where lamps, crowns of trees and roads are. Drawn once per
// film. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "support/motion/raster.hpp"

namespace camgate::test::film {

enum class Place : std::uint8_t { Yard, Street, Gate };
constexpr int kPlaces = 3;

/// Leaves that wind can move.
struct Crown {
    float x = 0, y = 0;  ///< middle, px
    float radius_px = 0;
    float grey = 0;
};

struct Lamp {
    float x = 0, y = 0;  ///< middle of what it lights, px
    float reach_x = 0, reach_y = 0;
};

struct Stage {
    Raster day;
    Raster infrared;
    /// Row of the foot of what stands at this pixel in front of the ground; 0: nothing. It hides whoever
    /// walks behind that row.
    std::vector<std::int16_t> foot_of_front;
    std::vector<Crown> crowns;
    std::vector<Lamp> lamps;
    float horizon_px = 0;
    float person_per_row = 0;  ///< height of a person, px per row below the horizon
    float first_foot_px = 0;   ///< nobody walks above: there is the wall
    float road_foot_px = 0;    ///< where cars drive

    float footOf(float person_px) const { return horizon_px + person_px / person_per_row; }
    float personAt(float foot_px) const { return (foot_px - horizon_px) * person_per_row; }
    bool hidden(int x, int y, float foot_px) const {
        return static_cast<float>(
                   foot_of_front[static_cast<std::size_t>(y) * static_cast<std::size_t>(day.width) +
                                 static_cast<std::size_t>(x)]) > foot_px;
    }
};

Stage drawStage(Place place, int width_px, int height_px, std::uint64_t seed);

}  // namespace camgate::test::film
