// The loops over pixels, and nothing else: what hand-written SIMD may replace one for one. Integer
// arithmetic, the same result everywhere. Sizes are checked by the callers. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>

namespace camgate::motion::kernels {

/// One output row out of `factor` input rows, rounded box average. Factor: 1, 2, 3, 4, 6, 8, 12 or 16.
void boxRow(int factor, const std::uint8_t* source, std::size_t stride, std::uint8_t* out, int out_width);

/// Sums of the 8x8 blocks of one block row.
void blockSums(const std::uint8_t* pixels, std::size_t stride, int columns, std::uint16_t* sums);

/// For one block row: pixels that differ by more than the block's threshold, and the sum of differences.
void blockDifferences(const std::uint8_t* current, const std::uint8_t* background, std::size_t stride,
                      int columns, const std::uint8_t* thresholds, std::uint8_t* counts, std::uint16_t* sads);

/// Moves one block of the background (8.7 fixed point) towards the picture by 1/2^shift; returns its new sum.
std::uint16_t updateBlock(const std::uint8_t* current, std::int16_t* background, std::uint8_t* cache,
                          std::size_t stride, int shift);

/// background = background * gain + offset, clamped. Gain in 1/1024, offset in 1/128 grey levels.
void applyLight(std::int16_t* background, std::uint8_t* cache, std::size_t pixels, int gain_q10,
                int offset_q7);

}  // namespace camgate::motion::kernels
