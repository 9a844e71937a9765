// Tells the border of a thing from the slope of a light, where noise hides all structure: across a border the
// change comes in one step. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace camgate::motion {

constexpr std::size_t kCellPatch = 8;  ///< a block and two cells around it
using CellPatch = std::array<std::array<std::int16_t, kCellPatch>, kCellPatch>;

/// `change`: what has come onto `surface`. Of it, what light would do to such a surface is no step.
/// `noise_q4`: mean difference of a cell when quiet, 1/16 grey levels.
bool hasEdge(const CellPatch& change, const CellPatch& surface, int noise_q4);

}  // namespace camgate::motion
