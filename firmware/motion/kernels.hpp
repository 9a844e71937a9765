// The loops over pixels, and nothing else, as a table of functions: plain C++ says what they do, SSE2 and
// NEON do the same bit for bit. Integer arithmetic. Sizes are checked by the callers. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace camgate::motion {

/// Sums over an 8x8 block of two planes: values, squares and products, and values times column and row
/// (0..7).
struct BlockMoments {
    std::uint32_t now = 0, before = 0, now_now = 0, before_before = 0, now_before = 0;
    std::uint32_t now_x = 0, now_y = 0, before_x = 0, before_y = 0;
    bool operator==(const BlockMoments&) const = default;
};

/// A background pixel is 8.8 fixed point, kept as two planes so that the whole levels can be compared as
/// they lie. The fraction is half a level ahead: the whole level is the rounded value.
struct BackgroundPlanes {
    std::uint8_t* levels = nullptr;
    std::uint8_t* fractions = nullptr;
};

struct Kernels {
    const char* name;

    /// One output row out of `factor` input rows, rounded box average. Factor: 1, 2, 3, 4, 6, 8, 12 or 16.
    void (*boxRow)(int factor, const std::uint8_t* source, std::size_t stride, std::uint8_t* out,
                   int out_width);

    /// Sums of the 8x8 blocks of one block row.
    void (*blockSums)(const std::uint8_t* pixels, std::size_t stride, int columns, std::uint16_t* sums);

    /// For one block row: pixels that differ by more than the block's threshold, and the sum of differences.
    void (*blockDifferences)(const std::uint8_t* current, const std::uint8_t* background, std::size_t stride,
                             int columns, const std::uint8_t* thresholds, std::uint8_t* counts,
                             std::uint16_t* sads);

    /// Moves one block of the background towards the picture by 1/2^shift (0..7); returns its new sum.
    std::uint16_t (*learnBlock)(const std::uint8_t* current, BackgroundPlanes background, std::size_t stride,
                                int shift);

    /// background = background * gain + offset, clamped. Gain in 1/16384, under 4; offset in 1/256 levels,
    /// within 16 bits either way.
    void (*applyLight)(BackgroundPlanes background, std::size_t pixels, std::uint16_t gain_q14,
                       std::int32_t offset_q8);

    BlockMoments (*blockMoments)(const std::uint8_t* now, const std::uint8_t* before, std::size_t stride);

    /// Like blockDifferences for blocks of 4x4 cells; differences count up to 63 in the sum.
    void (*cellDifferences)(const std::uint8_t* current, const std::uint8_t* background, std::size_t stride,
                            int columns, const std::uint8_t* thresholds, std::uint8_t* counts,
                            std::uint16_t* sads);

    /// Sum of absolute differences of two 8x8 blocks, wherever they lie.
    std::uint16_t (*blockSad)(const std::uint8_t* now, const std::uint8_t* before, std::size_t stride);
};

/// The best that this processor can run, found once.
const Kernels& kernels();
/// All that this processor can run, plain C++ first.
std::span<const Kernels* const> availableKernels();

}  // namespace camgate::motion
