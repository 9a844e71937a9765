#include "motion/kernels_available.hpp"

#if defined(CAMGATE_KERNELS_NEON)
#include <arm_neon.h>

#include "motion/kernels_scalar.hpp"

// On armhf this file alone is compiled for NEON. So nothing of the standard library is called that might be
// emitted here as a shared inline function and then run on a processor without NEON.
namespace camgate::motion {
namespace {

constexpr int kMostColumns_px = 4096;

int box2(const std::uint8_t* source, std::size_t stride, std::uint8_t* out, int out_width) {
    int x = 0;
    for (; x + 8 <= out_width; x += 8) {
        fetchAhead<2>(source + 2 * x, stride);
        const std::uint8_t* at = source + 2 * x;
        vst1_u8(out + x, vrshrn_n_u16(vpadalq_u8(vpaddlq_u8(vld1q_u8(at)), vld1q_u8(at + stride)), 2));
    }
    return x;
}

int box4(const std::uint8_t* source, std::size_t stride, std::uint8_t* out, int out_width) {
    const auto four = [stride](const std::uint8_t* at) {
        uint16x8_t sum = vpaddlq_u8(vld1q_u8(at));
        for (std::size_t row = 1; row < 4; ++row) sum = vpadalq_u8(sum, vld1q_u8(at + row * stride));
        return vrshrn_n_u32(vpaddlq_u16(sum), 4);
    };
    int x = 0;
    for (; x + 8 <= out_width; x += 8) {
        fetchAhead<4>(source + 4 * x, stride);
        const std::uint8_t* at = source + 4 * x;
        vst1_u8(out + x, vmovn_u16(vcombine_u16(four(at), four(at + 16))));
    }
    return x;
}

/// Factors 8 and 16: bytes are summed in pairs until an output's worth is together.
template <int kFactor>
int boxOfEights(const std::uint8_t* source, std::size_t stride, std::uint8_t* out, int out_width) {
    constexpr unsigned kArea = kFactor * kFactor;
    constexpr int kOutputs = 16 / kFactor;
    int x = 0;
    for (; x + kOutputs <= out_width; x += kOutputs) {
        uint16x8_t sum = vdupq_n_u16(0);
        for (std::size_t row = 0; row < kFactor; ++row)
            sum = vpadalq_u8(sum, vld1q_u8(source + row * stride + x * kFactor));
        const uint64x2_t eights = vpaddlq_u32(vpaddlq_u16(sum));
        const auto low = static_cast<unsigned>(vgetq_lane_u64(eights, 0));
        const auto high = static_cast<unsigned>(vgetq_lane_u64(eights, 1));
        if constexpr (kOutputs == 1) {
            out[x] = static_cast<std::uint8_t>((low + high + kArea / 2) / kArea);
        } else {
            out[x] = static_cast<std::uint8_t>((low + kArea / 2) / kArea);
            out[x + 1] = static_cast<std::uint8_t>((high + kArea / 2) / kArea);
        }
    }
    return x;
}

uint8x8_t ninths(uint16x8_t sums) {
    const uint32x4_t low = vmull_n_u16(vget_low_u16(sums), kNinth);
    const uint32x4_t high = vmull_n_u16(vget_high_u16(sums), kNinth);
    return vmovn_u16(vcombine_u16(vshrn_n_u32(low, 16), vshrn_n_u32(high, 16)));
}

int box3(const std::uint8_t* source, std::size_t stride, std::uint8_t* out, int out_width) {
    int x = 0;
    for (; x + 16 <= out_width; x += 16) {
        fetchAhead<3>(source + 3 * x, stride);
        uint16x8_t low = vdupq_n_u16(4);
        uint16x8_t high = vdupq_n_u16(4);
        for (std::size_t row = 0; row < 3; ++row) {
            const uint8x16x3_t columns = vld3q_u8(source + row * stride + 3 * x);
            for (const uint8x16_t& column : columns.val) {
                low = vaddw_u8(low, vget_low_u8(column));
                high = vaddw_u8(high, vget_high_u8(column));
            }
        }
        vst1q_u8(out + x, vcombine_u8(ninths(low), ninths(high)));
    }
    return x;
}

/// Factors that are no power of two: columns in vectors, then neighbours one by one.
template <int kFactor>
void boxByColumns(const std::uint8_t* source, std::size_t stride, std::uint8_t* out, int out_width) {
    std::uint16_t sums[kMostColumns_px];  // NOLINT: filled below as far as it is read
    const int width = out_width * kFactor;
    int x = 0;
    for (; x + 16 <= width; x += 16) {
        uint16x8_t low = vdupq_n_u16(0);
        uint16x8_t high = vdupq_n_u16(0);
        for (std::size_t row = 0; row < kFactor; ++row) {
            const uint8x16_t bytes = vld1q_u8(source + row * stride + x);
            low = vaddw_u8(low, vget_low_u8(bytes));
            high = vaddw_u8(high, vget_high_u8(bytes));
        }
        vst1q_u16(sums + x, low);
        vst1q_u16(sums + x + 8, high);
    }
    for (; x < width; ++x) {
        unsigned sum = 0;
        for (std::size_t row = 0; row < kFactor; ++row)
            sum += source[row * stride + static_cast<unsigned>(x)];
        sums[x] = static_cast<std::uint16_t>(sum);
    }
    boxOfColumnSums<kFactor>(sums, out, out_width);
}

void boxRow(int factor, const std::uint8_t* source, std::size_t stride, std::uint8_t* out, int out_width) {
    switch (factor) {
        case 1:
            return boxPixels<1>(source, stride, out, 0, out_width);
        case 2:
            return boxPixels<2>(source, stride, out, box2(source, stride, out, out_width), out_width);
        case 3:
            return boxPixels<3>(source, stride, out, box3(source, stride, out, out_width), out_width);
        case 4:
            return boxPixels<4>(source, stride, out, box4(source, stride, out, out_width), out_width);
        case 6:
            return boxByColumns<6>(source, stride, out, out_width);
        case 8:
            return boxPixels<8>(source, stride, out, boxOfEights<8>(source, stride, out, out_width),
                                out_width);
        case 12:
            return boxByColumns<12>(source, stride, out, out_width);
        default:
            boxOfEights<16>(source, stride, out, out_width);
    }
}

std::uint32_t sumOf(uint16x8_t lanes) {
    const uint64x2_t two = vpaddlq_u32(vpaddlq_u16(lanes));
    return static_cast<std::uint32_t>(vgetq_lane_u64(two, 0) + vgetq_lane_u64(two, 1));
}
std::uint32_t sumOf(uint32x4_t lanes) {
    const uint64x2_t two = vpaddlq_u32(lanes);
    return static_cast<std::uint32_t>(vgetq_lane_u64(two, 0) + vgetq_lane_u64(two, 1));
}

void blockSums(const std::uint8_t* pixels, std::size_t stride, int columns, std::uint16_t* sums) {
    for (int block = 0; block < columns; ++block) {
        uint16x8_t sum = vdupq_n_u16(0);
        for (std::size_t y = 0; y < kBlock_px; ++y)
            sum = vaddw_u8(sum, vld1_u8(pixels + y * stride + block * kBlock_px));
        sums[block] = static_cast<std::uint16_t>(sumOf(sum));
    }
}

void blockDifferences(const std::uint8_t* current, const std::uint8_t* background, std::size_t stride,
                      int columns, const std::uint8_t* thresholds, std::uint8_t* counts,
                      std::uint16_t* sads) {
    for (int block = 0; block < columns; ++block) {
        const uint8x8_t limit = vdup_n_u8(thresholds[block]);
        uint8x8_t over = vdup_n_u8(0);
        uint16x8_t sad = vdupq_n_u16(0);
        for (std::size_t y = 0; y < kBlock_px; ++y) {
            const std::size_t at = y * stride + static_cast<std::size_t>(block) * kBlock_px;
            const uint8x8_t difference = vabd_u8(vld1_u8(current + at), vld1_u8(background + at));
            over = vsub_u8(over, vcgt_u8(difference, limit));
            sad = vaddw_u8(sad, difference);
        }
        counts[block] = static_cast<std::uint8_t>(vget_lane_u64(vpaddl_u32(vpaddl_u16(vpaddl_u8(over))), 0));
        sads[block] = static_cast<std::uint16_t>(sumOf(sad));
    }
}

std::uint16_t learnBlock(const std::uint8_t* current, BackgroundPlanes background, std::size_t stride,
                         int shift) {
    const int16x8_t by = vdupq_n_s16(static_cast<std::int16_t>(-shift));
    const uint16x8_t half = vdupq_n_u16(0x80);
    uint16x8_t sum = vdupq_n_u16(0);
    for (std::size_t y = 0; y < kBlock_px; ++y) {
        std::uint8_t* levels = background.levels + y * stride;
        std::uint8_t* fractions = background.fractions + y * stride;
        const uint16x8_t before = vaddw_u8(vshll_n_u8(vld1_u8(levels), 8), vld1_u8(fractions));
        const uint16x8_t goal = vaddq_u16(vshll_n_u8(vld1_u8(current + y * stride), 8), half);
        const uint16x8_t after = vaddq_u16(vsubq_u16(before, vshlq_u16(before, by)), vshlq_u16(goal, by));
        const uint8x8_t whole = vshrn_n_u16(after, 8);
        vst1_u8(levels, whole);
        vst1_u8(fractions, vmovn_u16(after));
        sum = vaddw_u8(sum, whole);
    }
    return static_cast<std::uint16_t>(sumOf(sum));
}

void applyLight(BackgroundPlanes background, std::size_t pixels, std::uint16_t gain_q14,
                std::int32_t offset_q8) {
    const std::int32_t most = 0xFFFF;
    const std::int32_t rise = offset_q8 > most ? most : offset_q8 > 0 ? offset_q8 : 0;
    const std::int32_t fall = -offset_q8 > most ? most : offset_q8 < 0 ? -offset_q8 : 0;
    const uint16x8_t up = vdupq_n_u16(static_cast<std::uint16_t>(rise));
    const uint16x8_t down = vdupq_n_u16(static_cast<std::uint16_t>(fall));
    const uint16x4_t gain = vdup_n_u16(gain_q14);
    for (std::size_t i = 0; i < pixels; i += 8) {
        const uint16x8_t before =
            vaddw_u8(vshll_n_u8(vld1_u8(background.levels + i), 8), vld1_u8(background.fractions + i));
        const uint16x8_t quarter = vcombine_u16(vshrn_n_u32(vmull_u16(vget_low_u16(before), gain), 16),
                                                vshrn_n_u32(vmull_u16(vget_high_u16(before), gain), 16));
        const uint16x8_t lit = vqsubq_u16(vqaddq_u16(vqshlq_n_u16(quarter, 2), up), down);
        vst1_u8(background.levels + i, vshrn_n_u16(lit, 8));
        vst1_u8(background.fractions + i, vmovn_u16(lit));
    }
}

BlockMoments blockMoments(const std::uint8_t* now, const std::uint8_t* before, std::size_t stride) {
    const uint8x8_t columns = vcreate_u8(0x0706050403020100ULL);
    BlockMoments sums;
    uint32x4_t aa = vdupq_n_u32(0);
    uint32x4_t bb = vdupq_n_u32(0);
    uint32x4_t ab = vdupq_n_u32(0);
    uint32x4_t ax = vdupq_n_u32(0);
    uint32x4_t bx = vdupq_n_u32(0);
    for (std::uint32_t y = 0; y < kBlock_px; ++y) {
        const uint8x8_t now8 = vld1_u8(now + y * stride);
        const uint8x8_t before8 = vld1_u8(before + y * stride);
        const auto row_now =
            static_cast<std::uint32_t>(vget_lane_u64(vpaddl_u32(vpaddl_u16(vpaddl_u8(now8))), 0));
        const auto row_before =
            static_cast<std::uint32_t>(vget_lane_u64(vpaddl_u32(vpaddl_u16(vpaddl_u8(before8))), 0));
        sums.now += row_now;
        sums.before += row_before;
        sums.now_y += row_now * y;
        sums.before_y += row_before * y;
        aa = vpadalq_u16(aa, vmull_u8(now8, now8));
        bb = vpadalq_u16(bb, vmull_u8(before8, before8));
        ab = vpadalq_u16(ab, vmull_u8(now8, before8));
        ax = vpadalq_u16(ax, vmull_u8(now8, columns));
        bx = vpadalq_u16(bx, vmull_u8(before8, columns));
    }
    sums.now_now = sumOf(aa);
    sums.before_before = sumOf(bb);
    sums.now_before = sumOf(ab);
    sums.now_x = sumOf(ax);
    sums.before_x = sumOf(bx);
    return sums;
}

void cellDifferences(const std::uint8_t* current, const std::uint8_t* background, std::size_t stride,
                     int columns, const std::uint8_t* thresholds, std::uint8_t* counts, std::uint16_t* sads) {
    int block = 0;
    for (; block + 2 <= columns; block += 2) {
        const uint8x8_t limits = vext_u8(vdup_n_u8(thresholds[block]), vdup_n_u8(thresholds[block + 1]), 4);
        uint8x8_t over = vdup_n_u8(0);
        uint8x8_t sad = vdup_n_u8(0);
        for (std::size_t y = 0; y < kCells; ++y) {
            const std::size_t at = y * stride + static_cast<std::size_t>(block) * kCells;
            const uint8x8_t difference = vabd_u8(vld1_u8(current + at), vld1_u8(background + at));
            over = vsub_u8(over, vcgt_u8(difference, limits));
            sad = vadd_u8(sad, vmin_u8(difference, vdup_n_u8(kMostCellDifference)));
        }
        const uint32x2_t counted = vpaddl_u16(vpaddl_u8(over));
        const uint32x2_t summed = vpaddl_u16(vpaddl_u8(sad));
        counts[block] = static_cast<std::uint8_t>(vget_lane_u32(counted, 0));
        counts[block + 1] = static_cast<std::uint8_t>(vget_lane_u32(counted, 1));
        sads[block] = static_cast<std::uint16_t>(vget_lane_u32(summed, 0));
        sads[block + 1] = static_cast<std::uint16_t>(vget_lane_u32(summed, 1));
    }
    const std::size_t at = static_cast<std::size_t>(block) * kCells;
    if (block < columns) {
        kPlainKernels.cellDifferences(current + at, background + at, stride, columns - block,
                                      thresholds + block, counts + block, sads + block);
    }
}

std::uint16_t blockSad(const std::uint8_t* now, const std::uint8_t* before, std::size_t stride) {
    uint16x8_t sad = vdupq_n_u16(0);
    for (std::size_t y = 0; y < kBlock_px; ++y)
        sad = vaddw_u8(sad, vabd_u8(vld1_u8(now + y * stride), vld1_u8(before + y * stride)));
    return static_cast<std::uint16_t>(sumOf(sad));
}

}  // namespace

const Kernels kNeonKernels{"neon",     boxRow,       blockSums,       blockDifferences, learnBlock,
                           applyLight, blockMoments, cellDifferences, blockSad};

}  // namespace camgate::motion
#endif
