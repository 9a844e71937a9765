#include "motion/kernels.hpp"

#include <algorithm>

#include "motion/grid.hpp"

namespace camgate::motion::kernels {
namespace {

constexpr int kFraction_bits = 7;
constexpr int kFractionHalf = 1 << (kFraction_bits - 1);

template <int kFactor>
void boxRowOf(const std::uint8_t* source, std::size_t stride, std::uint8_t* out, int out_width) {
    constexpr unsigned kArea = kFactor * kFactor;
    for (int x = 0; x < out_width; ++x) {
        unsigned sum = kArea / 2;
        for (int row = 0; row < kFactor; ++row) {
            const std::uint8_t* pixels = source + static_cast<std::size_t>(row) * stride + x * kFactor;
            for (int column = 0; column < kFactor; ++column) sum += pixels[column];
        }
        out[x] = static_cast<std::uint8_t>(sum / kArea);
    }
}

}  // namespace

void boxRow(int factor, const std::uint8_t* source, std::size_t stride, std::uint8_t* out, int out_width) {
    switch (factor) {
        case 1:
            return boxRowOf<1>(source, stride, out, out_width);
        case 2:
            return boxRowOf<2>(source, stride, out, out_width);
        case 3:
            return boxRowOf<3>(source, stride, out, out_width);
        case 4:
            return boxRowOf<4>(source, stride, out, out_width);
        case 6:
            return boxRowOf<6>(source, stride, out, out_width);
        case 8:
            return boxRowOf<8>(source, stride, out, out_width);
        case 12:
            return boxRowOf<12>(source, stride, out, out_width);
        default:
            return boxRowOf<16>(source, stride, out, out_width);
    }
}

void blockSums(const std::uint8_t* pixels, std::size_t stride, int columns, std::uint16_t* sums) {
    std::uint16_t column_sums[kMaxSmallWidth_px] = {};
    const int width = columns * kBlock_px;
    for (int y = 0; y < kBlock_px; ++y) {
        const std::uint8_t* row = pixels + static_cast<std::size_t>(y) * stride;
        for (int x = 0; x < width; ++x) column_sums[x] = static_cast<std::uint16_t>(column_sums[x] + row[x]);
    }
    for (int block = 0; block < columns; ++block) {
        unsigned sum = 0;
        for (int x = 0; x < kBlock_px; ++x) sum += column_sums[block * kBlock_px + x];
        sums[block] = static_cast<std::uint16_t>(sum);
    }
}

void blockDifferences(const std::uint8_t* __restrict current, const std::uint8_t* __restrict background,
                      std::size_t stride, int columns, const std::uint8_t* thresholds, std::uint8_t* counts,
                      std::uint16_t* sads) {
    std::uint8_t limits[kMaxSmallWidth_px];
    std::uint8_t over[kMaxSmallWidth_px] = {};
    std::uint16_t column_sads[kMaxSmallWidth_px] = {};
    const int width = columns * kBlock_px;
    for (int x = 0; x < width; ++x) limits[x] = thresholds[x / kBlock_px];
    for (int y = 0; y < kBlock_px; ++y) {
        const std::uint8_t* now = current + static_cast<std::size_t>(y) * stride;
        const std::uint8_t* before = background + static_cast<std::size_t>(y) * stride;
        for (int x = 0; x < width; ++x) {
            const auto difference =
                static_cast<std::uint8_t>(std::max(now[x], before[x]) - std::min(now[x], before[x]));
            over[x] = static_cast<std::uint8_t>(over[x] + (difference > limits[x] ? 1 : 0));
            column_sads[x] = static_cast<std::uint16_t>(column_sads[x] + difference);
        }
    }
    for (int block = 0; block < columns; ++block) {
        unsigned count = 0;
        unsigned sad = 0;
        for (int x = block * kBlock_px; x < (block + 1) * kBlock_px; ++x) {
            count += over[x];
            sad += column_sads[x];
        }
        counts[block] = static_cast<std::uint8_t>(count);
        sads[block] = static_cast<std::uint16_t>(sad);
    }
}

std::uint16_t updateBlock(const std::uint8_t* current, std::int16_t* background, std::uint8_t* cache,
                          std::size_t stride, int shift) {
    const int half = shift > 0 ? 1 << (shift - 1) : 0;
    unsigned sum = 0;
    for (int y = 0; y < kBlock_px; ++y) {
        const std::size_t offset = static_cast<std::size_t>(y) * stride;
        for (int x = 0; x < kBlock_px; ++x) {
            const int before = background[offset + static_cast<std::size_t>(x)];
            const int target = current[offset + static_cast<std::size_t>(x)] << kFraction_bits;
            const int after = before + ((target - before + half) >> shift);
            const int rounded = std::min((after + kFractionHalf) >> kFraction_bits, 255);
            background[offset + static_cast<std::size_t>(x)] = static_cast<std::int16_t>(after);
            cache[offset + static_cast<std::size_t>(x)] = static_cast<std::uint8_t>(rounded);
            sum += static_cast<unsigned>(rounded);
        }
    }
    return static_cast<std::uint16_t>(sum);
}

void applyLight(std::int16_t* background, std::uint8_t* cache, std::size_t pixels, int gain_q10,
                int offset_q7) {
    for (std::size_t i = 0; i < pixels; ++i) {
        const int lit = ((background[i] * gain_q10) >> 10) + offset_q7;
        const int clamped = std::clamp(lit, 0, 255 << kFraction_bits);
        background[i] = static_cast<std::int16_t>(clamped);
        cache[i] = static_cast<std::uint8_t>((clamped + kFractionHalf) >> kFraction_bits);
    }
}

}  // namespace camgate::motion::kernels
