// What the kernels do, pixel by pixel: plain C++ for the reference, and for the ends of rows that do not fill
// a vector. In an unnamed namespace on purpose: the file that is compiled for NEON must not lend its copies
// to files that run everywhere.
#pragma once

#include <cstddef>
#include <cstdint>

#include "motion/grid.hpp"

namespace camgate::motion {
namespace {  // NOLINT(google-build-namespaces)

template <int kFactor>
[[maybe_unused]] void boxPixels(const std::uint8_t* source, std::size_t stride, std::uint8_t* out, int from,
                                int to) {
    constexpr unsigned kArea = kFactor * kFactor;
    for (int x = from; x < to; ++x) {
        unsigned sum = kArea / 2;
        for (std::size_t row = 0; row < kFactor; ++row) {
            const std::uint8_t* pixels = source + row * stride + x * kFactor;
            for (int column = 0; column < kFactor; ++column) sum += pixels[column];
        }
        out[x] = static_cast<std::uint8_t>(sum / kArea);
    }
}

/// Pictures lie in memory, not in the cache: rows are asked for while those eight above them are summed. May
/// point behind the picture, where it does nothing.
template <int kRows>
[[maybe_unused]] void fetchAhead(const std::uint8_t* at, std::size_t stride) {
    constexpr std::size_t kAhead = 8;
    const auto first = reinterpret_cast<std::uintptr_t>(at) + kAhead * stride;
    for (std::size_t row = 0; row < kRows; ++row)
        __builtin_prefetch(
            reinterpret_cast<const void*>(first + row * stride));  // NOLINT: an address, no object
}

/// Of 65,536: what a sum of nine pixels is multiplied by for their mean; exact for all that nine bytes can
/// make.
[[maybe_unused]] constexpr short kNinth = 7282;

/// The second half of a box average: out of sums of columns, each over kFactor rows.
template <int kFactor>
[[maybe_unused]] void boxOfColumnSums(const std::uint16_t* sums, std::uint8_t* out, int out_width) {
    constexpr unsigned kArea = kFactor * kFactor;
    for (int x = 0; x < out_width; ++x) {
        unsigned sum = kArea / 2;
        for (int column = 0; column < kFactor; ++column) sum += sums[x * kFactor + column];
        out[x] = static_cast<std::uint8_t>(sum / kArea);
    }
}

}  // namespace
}  // namespace camgate::motion
