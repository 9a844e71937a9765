// Tells new light on a known surface from a new surface: under other light a block keeps its structure, but
// for a gain, an offset and a slope. Looked at only where a block changed. Pure.
#pragma once

#include <cstddef>
#include <cstdint>

#include "motion/kernels.hpp"

namespace camgate::motion {

/// Structure: what is left of a block without its mean and slope, as 4096 times a variance.
struct Structure {
    std::int64_t now, before, common;
};
Structure structureOf(const BlockMoments& sums);

enum class Surface : std::uint8_t {
    New,
    Unclear,  ///< too little structure over the noise, before and now, to tell
    SameUnderOtherLight
};

/// Compares one 8x8 block with its background. `noise_q4`: mean difference when quiet, 1/16 grey levels.
Surface compareSurface(const std::uint8_t* current, const std::uint8_t* background, std::size_t stride,
                       std::uint16_t noise_q4);

}  // namespace camgate::motion
