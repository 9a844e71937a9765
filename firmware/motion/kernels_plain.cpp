#include <algorithm>
#include <cstring>

#include "motion/kernels_available.hpp"
#include "motion/kernels_scalar.hpp"

namespace camgate::motion {
namespace {

void boxRow(int factor, const std::uint8_t* source, std::size_t stride, std::uint8_t* out, int out_width) {
    switch (factor) {
        case 1:
            std::memcpy(out, source, static_cast<std::size_t>(out_width));
            return;
        case 2:
            return boxPixels<2>(source, stride, out, 0, out_width);
        case 3:
            return boxPixels<3>(source, stride, out, 0, out_width);
        case 4:
            return boxPixels<4>(source, stride, out, 0, out_width);
        case 6:
            return boxPixels<6>(source, stride, out, 0, out_width);
        case 8:
            return boxPixels<8>(source, stride, out, 0, out_width);
        case 12:
            return boxPixels<12>(source, stride, out, 0, out_width);
        default:
            return boxPixels<16>(source, stride, out, 0, out_width);
    }
}

void blockSums(const std::uint8_t* pixels, std::size_t stride, int columns, std::uint16_t* sums) {
    for (int block = 0; block < columns; ++block) {
        unsigned sum = 0;
        for (std::size_t y = 0; y < kBlock_px; ++y) {
            const std::uint8_t* row = pixels + y * stride + block * kBlock_px;
            for (int x = 0; x < kBlock_px; ++x) sum += row[x];
        }
        sums[block] = static_cast<std::uint16_t>(sum);
    }
}

void blockDifferences(const std::uint8_t* current, const std::uint8_t* background, std::size_t stride,
                      int columns, const std::uint8_t* thresholds, std::uint8_t* counts,
                      std::uint16_t* sads) {
    for (int block = 0; block < columns; ++block) {
        unsigned count = 0;
        unsigned sad = 0;
        for (std::size_t y = 0; y < kBlock_px; ++y) {
            const std::uint8_t* now = current + y * stride + block * kBlock_px;
            const std::uint8_t* before = background + y * stride + block * kBlock_px;
            for (int x = 0; x < kBlock_px; ++x) {
                const int difference = std::max(now[x], before[x]) - std::min(now[x], before[x]);
                count += difference > thresholds[block] ? 1 : 0;
                sad += static_cast<unsigned>(difference);
            }
        }
        counts[block] = static_cast<std::uint8_t>(count);
        sads[block] = static_cast<std::uint16_t>(sad);
    }
}

std::uint16_t learnBlock(const std::uint8_t* current, BackgroundPlanes background, std::size_t stride,
                         int shift) {
    unsigned sum = 0;
    for (std::size_t y = 0; y < kBlock_px; ++y) {
        for (std::size_t x = 0; x < kBlock_px; ++x) {
            const std::size_t i = y * stride + x;
            const unsigned before = background.levels[i] * 256U + background.fractions[i];
            const unsigned goal = current[i] * 256U + 128U;
            // Both shifted before they are subtracted: so it fits 16 bits in a vector.
            const unsigned after = before - (before >> shift) + (goal >> shift);
            background.levels[i] = static_cast<std::uint8_t>(after >> 8);
            background.fractions[i] = static_cast<std::uint8_t>(after & 0xFF);
            sum += after >> 8;
        }
    }
    return static_cast<std::uint16_t>(sum);
}

void applyLight(BackgroundPlanes background, std::size_t pixels, std::uint16_t gain_q14,
                std::int32_t offset_q8) {
    for (std::size_t i = 0; i < pixels; ++i) {
        const unsigned before = background.levels[i] * 256U + background.fractions[i];
        const auto lit = static_cast<int>(std::min(((before * gain_q14) >> 16) * 4, 0xFFFFU));
        const int after = std::clamp(lit + offset_q8, 0, 0xFFFF);
        background.levels[i] = static_cast<std::uint8_t>(after >> 8);
        background.fractions[i] = static_cast<std::uint8_t>(after & 0xFF);
    }
}

BlockMoments blockMoments(const std::uint8_t* now, const std::uint8_t* before, std::size_t stride) {
    BlockMoments sums;
    for (std::size_t y = 0; y < kBlock_px; ++y) {
        for (std::size_t x = 0; x < kBlock_px; ++x) {
            const std::uint32_t a = now[y * stride + x];
            const std::uint32_t b = before[y * stride + x];
            sums.now += a;
            sums.before += b;
            sums.now_now += a * a;
            sums.before_before += b * b;
            sums.now_before += a * b;
            sums.now_x += a * static_cast<std::uint32_t>(x);
            sums.now_y += a * static_cast<std::uint32_t>(y);
            sums.before_x += b * static_cast<std::uint32_t>(x);
            sums.before_y += b * static_cast<std::uint32_t>(y);
        }
    }
    return sums;
}

void cellDifferences(const std::uint8_t* current, const std::uint8_t* background, std::size_t stride,
                     int columns, const std::uint8_t* thresholds, std::uint8_t* counts, std::uint16_t* sads) {
    for (int block = 0; block < columns; ++block) {
        unsigned count = 0;
        unsigned sad = 0;
        for (std::size_t y = 0; y < kCells; ++y) {
            const std::uint8_t* now = current + y * stride + block * kCells;
            const std::uint8_t* before = background + y * stride + block * kCells;
            for (int x = 0; x < kCells; ++x) {
                const int difference = std::max(now[x], before[x]) - std::min(now[x], before[x]);
                count += difference > thresholds[block] ? 1 : 0;
                sad += static_cast<unsigned>(std::min(difference, kMostCellDifference));
            }
        }
        counts[block] = static_cast<std::uint8_t>(count);
        sads[block] = static_cast<std::uint16_t>(sad);
    }
}

std::uint16_t blockSad(const std::uint8_t* now, const std::uint8_t* before, std::size_t stride) {
    unsigned sad = 0;
    for (std::size_t y = 0; y < kBlock_px; ++y) {
        for (std::size_t x = 0; x < kBlock_px; ++x) {
            const std::size_t i = y * stride + x;
            sad += static_cast<unsigned>(std::max(now[i], before[i]) - std::min(now[i], before[i]));
        }
    }
    return static_cast<std::uint16_t>(sad);
}

}  // namespace

const Kernels kPlainKernels{"plain",    boxRow,       blockSums,       blockDifferences, learnBlock,
                            applyLight, blockMoments, cellDifferences, blockSad};

}  // namespace camgate::motion
