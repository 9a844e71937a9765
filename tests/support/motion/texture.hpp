// Smooth noise for surfaces, clouds and wind. Pure.
#pragma once

#include <cmath>
#include <cstdint>

#include "support/motion/dice.hpp"

namespace camgate::test::film {

inline float latticeValue(std::uint64_t seed, int column, int row) {
    const auto c = static_cast<std::uint64_t>(static_cast<std::uint32_t>(column));
    const auto r = static_cast<std::uint64_t>(static_cast<std::uint32_t>(row));
    return static_cast<float>(mixed(seed * 0x9E3779B97F4A7C15ULL + (c << 32U) + r) >> 40U) / 8'388'608.0F -
           1.0F;
}

/// -1..1, smooth over one unit of x and y.
inline float smoothNoise(std::uint64_t seed, float x, float y) {
    const float column = std::floor(x);
    const float row = std::floor(y);
    const float fx = (x - column) * (x - column) * (3.0F - 2.0F * (x - column));
    const float fy = (y - row) * (y - row) * (3.0F - 2.0F * (y - row));
    const int c = static_cast<int>(column);
    const int r = static_cast<int>(row);
    const float above = latticeValue(seed, c, r) * (1 - fx) + latticeValue(seed, c + 1, r) * fx;
    const float below = latticeValue(seed, c, r + 1) * (1 - fx) + latticeValue(seed, c + 1, r + 1) * fx;
    return above * (1 - fy) + below * fy;
}

/// Smooth noise over time, -1..1.
inline float wander(std::uint64_t seed, float t) {
    return smoothNoise(seed, t, 0.5F);
}

/// Three octaves, about -1..1.
inline float roughNoise(std::uint64_t seed, float x, float y) {
    return 0.6F * smoothNoise(seed, x, y) + 0.3F * smoothNoise(seed + 1, 2.1F * x, 2.1F * y) +
           0.2F * smoothNoise(seed + 2, 4.3F * x, 4.3F * y);
}

}  // namespace camgate::test::film
