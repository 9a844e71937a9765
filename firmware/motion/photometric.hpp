// Finds the change of light that explains most of the picture (automatic gain, clouds, a lamp that lights all
// of it): median block offset over the dark and the bright half of the blocks, hence gain and offset. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace camgate::motion {

struct LightChange {
    int gain_q10 = 1024;  ///< in 1/1024
    int offset_q7 = 0;    ///< in 1/128 grey levels
};

/// Sums over the same blocks of the picture and of the background. Nothing when the light did not change, or
/// when no single gain and offset explains at least 60 % of the blocks.
std::optional<LightChange> findLightChange(std::span<const std::uint16_t> current_sums,
                                           std::span<const std::uint16_t> background_sums);

}  // namespace camgate::motion
