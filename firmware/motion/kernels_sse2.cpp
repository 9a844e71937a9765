#include "motion/kernels_available.hpp"

#if defined(CAMGATE_KERNELS_SSE2)
#include <emmintrin.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "motion/kernels_scalar.hpp"
#include "motion/luma_plane.hpp"

namespace camgate::motion {
namespace {

constexpr int kVector_px = 16;

__m128i load16(const std::uint8_t* from) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}
__m128i load8(const std::uint8_t* from) {
    return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(from));
}
void store16(std::uint8_t* to, __m128i value) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), value);
}
void store8(std::uint8_t* to, __m128i value) {
    _mm_storel_epi64(reinterpret_cast<__m128i*>(to), value);
}

/// Sums of neighbours: eight 16-bit sums out of sixteen bytes.
__m128i pairSums(__m128i bytes) {
    return _mm_add_epi16(_mm_and_si128(bytes, _mm_set1_epi16(0xFF)), _mm_srli_epi16(bytes, 8));
}

unsigned lowSum(__m128i sums) {
    return static_cast<unsigned>(_mm_cvtsi128_si32(sums));
}
unsigned highSum(__m128i sums) {
    return static_cast<unsigned>(_mm_cvtsi128_si32(_mm_unpackhi_epi64(sums, sums)));
}

int box2(const std::uint8_t* source, std::size_t stride, std::uint8_t* out, int out_width) {
    const __m128i round = _mm_set1_epi16(2);
    const auto eight = [&](const std::uint8_t* at) {
        const __m128i sum = _mm_add_epi16(pairSums(load16(at)), pairSums(load16(at + stride)));
        return _mm_srli_epi16(_mm_add_epi16(sum, round), 2);
    };
    int x = 0;
    for (; x + kVector_px <= out_width; x += kVector_px) {
        fetchAhead<2>(source + 2 * x, stride);
        const std::uint8_t* at = source + 2 * x;
        store16(out + x, _mm_packus_epi16(eight(at), eight(at + kVector_px)));
    }
    return x;
}

int box4(const std::uint8_t* source, std::size_t stride, std::uint8_t* out, int out_width) {
    const __m128i ones = _mm_set1_epi16(1);
    const __m128i round = _mm_set1_epi32(8);
    const auto four = [&](const std::uint8_t* at) {
        __m128i sum = pairSums(load16(at));
        for (std::size_t row = 1; row < 4; ++row)
            sum = _mm_add_epi16(sum, pairSums(load16(at + row * stride)));
        return _mm_srli_epi32(_mm_add_epi32(_mm_madd_epi16(sum, ones), round), 4);
    };
    int x = 0;
    for (; x + 8 <= out_width; x += 8) {
        fetchAhead<4>(source + 4 * x, stride);
        const std::uint8_t* at = source + 4 * x;
        const __m128i eight = _mm_packs_epi32(four(at), four(at + kVector_px));
        store8(out + x, _mm_packus_epi16(eight, eight));
    }
    return x;
}

/// Sums of 24 columns, over three rows.
struct ColumnSums {
    __m128i first, second, third;
};

ColumnSums sumsOfThreeRows(const std::uint8_t* at, std::size_t stride) {
    const __m128i zero = _mm_setzero_si128();
    ColumnSums sums{zero, zero, zero};
    for (std::size_t row = 0; row < 3; ++row) {
        const __m128i bytes = load16(at + row * stride);
        sums.first = _mm_add_epi16(sums.first, _mm_unpacklo_epi8(bytes, zero));
        sums.second = _mm_add_epi16(sums.second, _mm_unpackhi_epi8(bytes, zero));
        const __m128i rest = load8(at + row * stride + kVector_px);
        sums.third = _mm_add_epi16(sums.third, _mm_unpacklo_epi8(rest, zero));
    }
    return sums;
}

/// Eight sums of three neighbours, in the order 0 3 6 1 4 7 2 5: every third lane of three vectors makes a
/// vector without any of them being moved.
__m128i sumsOfThreeColumns(const ColumnSums& sums) {
    const __m128i lanes036 = _mm_setr_epi16(-1, 0, 0, -1, 0, 0, -1, 0);
    const __m128i lanes147 = _mm_setr_epi16(0, -1, 0, 0, -1, 0, 0, -1);
    const __m128i lanes25 = _mm_setr_epi16(0, 0, -1, 0, 0, -1, 0, 0);
    const auto picked = [&](__m128i at036, __m128i at147, __m128i at25) {
        return _mm_or_si128(_mm_or_si128(_mm_and_si128(at036, lanes036), _mm_and_si128(at147, lanes147)),
                            _mm_and_si128(at25, lanes25));
    };
    const __m128i left = picked(sums.first, sums.second, sums.third);
    const __m128i middle = picked(sums.third, sums.first, sums.second);  // one lane later
    const __m128i right = picked(sums.second, sums.third, sums.first);   // two lanes later
    const __m128i middle_moved = _mm_or_si128(_mm_srli_si128(middle, 2), _mm_slli_si128(middle, 14));
    const __m128i right_moved = _mm_shuffle_epi32(right, _MM_SHUFFLE(0, 3, 2, 1));
    return _mm_add_epi16(_mm_add_epi16(left, middle_moved), right_moved);
}

/// From the order 0 3 6 1 4 7 2 5 into that of the picture.
__m128i inOrder(__m128i lanes) {
    const __m128i lanes26 = _mm_setr_epi16(0, 0, -1, 0, 0, 0, -1, 0);
    const __m128i odd =
        _mm_shufflehi_epi16(_mm_shufflelo_epi16(lanes, _MM_SHUFFLE(1, 2, 3, 0)), _MM_SHUFFLE(1, 2, 3, 0));
    const __m128i halves = _mm_shuffle_epi32(odd, _MM_SHUFFLE(1, 0, 3, 2));
    return _mm_or_si128(_mm_andnot_si128(lanes26, odd), _mm_and_si128(lanes26, halves));
}

int box3(const std::uint8_t* source, std::size_t stride, std::uint8_t* out, int out_width) {
    const __m128i round = _mm_set1_epi16(4);
    const __m128i ninth = _mm_set1_epi16(kNinth);
    int x = 0;
    for (; x + 8 <= out_width; x += 8) {
        fetchAhead<3>(source + 3 * x, stride);
        const __m128i sum = sumsOfThreeColumns(sumsOfThreeRows(source + 3 * x, stride));
        const __m128i eight = inOrder(_mm_mulhi_epu16(_mm_add_epi16(sum, round), ninth));
        store8(out + x, _mm_packus_epi16(eight, eight));
    }
    return x;
}

/// Factors 8 and 16: one instruction sums eight bytes.
template <int kFactor>
int boxOfEights(const std::uint8_t* source, std::size_t stride, std::uint8_t* out, int out_width) {
    constexpr unsigned kArea = kFactor * kFactor;
    const __m128i zero = _mm_setzero_si128();
    int x = 0;
    constexpr int kOutputs = kVector_px / kFactor;
    for (; x + kOutputs <= out_width; x += kOutputs) {
        __m128i sum = zero;
        for (std::size_t row = 0; row < kFactor; ++row)
            sum = _mm_add_epi64(sum, _mm_sad_epu8(load16(source + row * stride + x * kFactor), zero));
        if constexpr (kOutputs == 1) {
            out[x] = static_cast<std::uint8_t>((lowSum(sum) + highSum(sum) + kArea / 2) / kArea);
        } else {
            out[x] = static_cast<std::uint8_t>((lowSum(sum) + kArea / 2) / kArea);
            out[x + 1] = static_cast<std::uint8_t>((highSum(sum) + kArea / 2) / kArea);
        }
    }
    return x;
}

/// Factors that are no power of two: columns in vectors, then neighbours one by one.
template <int kFactor>
void boxByColumns(const std::uint8_t* source, std::size_t stride, std::uint8_t* out, int out_width) {
    std::array<std::uint16_t, LumaPlane::kMaxSide_px> sums;  // NOLINT: filled below as far as it is read
    const __m128i zero = _mm_setzero_si128();
    const int width = out_width * kFactor;
    int x = 0;
    for (; x + kVector_px <= width; x += kVector_px) {
        __m128i low = zero;
        __m128i high = zero;
        for (std::size_t row = 0; row < kFactor; ++row) {
            const __m128i bytes = load16(source + row * stride + x);
            low = _mm_add_epi16(low, _mm_unpacklo_epi8(bytes, zero));
            high = _mm_add_epi16(high, _mm_unpackhi_epi8(bytes, zero));
        }
        auto* to = reinterpret_cast<__m128i*>(sums.data() + x);
        _mm_storeu_si128(to, low);
        _mm_storeu_si128(to + 1, high);
    }
    for (; x < width; ++x) {
        unsigned sum = 0;
        for (std::size_t row = 0; row < kFactor; ++row)
            sum += source[row * stride + static_cast<unsigned>(x)];
        sums[static_cast<std::size_t>(x)] = static_cast<std::uint16_t>(sum);
    }
    boxOfColumnSums<kFactor>(sums.data(), out, out_width);
}

void boxRow(int factor, const std::uint8_t* source, std::size_t stride, std::uint8_t* out, int out_width) {
    switch (factor) {
        case 1:
            std::memcpy(out, source, static_cast<std::size_t>(out_width));
            return;
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

void blockSums(const std::uint8_t* pixels, std::size_t stride, int columns, std::uint16_t* sums) {
    const __m128i zero = _mm_setzero_si128();
    int block = 0;
    for (; block + 2 <= columns; block += 2) {
        __m128i sum = zero;
        for (std::size_t y = 0; y < kBlock_px; ++y)
            sum = _mm_add_epi64(sum, _mm_sad_epu8(load16(pixels + y * stride + block * kBlock_px), zero));
        sums[block] = static_cast<std::uint16_t>(lowSum(sum));
        sums[block + 1] = static_cast<std::uint16_t>(highSum(sum));
    }
    if (block == columns) return;
    __m128i sum = zero;
    for (std::size_t y = 0; y < kBlock_px; ++y)
        sum = _mm_add_epi64(sum, _mm_sad_epu8(load8(pixels + y * stride + block * kBlock_px), zero));
    sums[block] = static_cast<std::uint16_t>(lowSum(sum));
}

struct Differences {
    __m128i same =
        _mm_setzero_si128();  // per byte, rows that are not over the threshold, counted down from 0
    __m128i sad = _mm_setzero_si128();

    void add(__m128i now, __m128i before, __m128i limits) {
        const __m128i difference = _mm_or_si128(_mm_subs_epu8(now, before), _mm_subs_epu8(before, now));
        const __m128i zero = _mm_setzero_si128();
        same = _mm_add_epi8(same, _mm_cmpeq_epi8(_mm_subs_epu8(difference, limits), zero));
        sad = _mm_add_epi64(sad, _mm_sad_epu8(difference, zero));
    }
    /// Per half, how many bytes of 64 were over.
    __m128i over() const {
        return _mm_sad_epu8(_mm_add_epi8(same, _mm_set1_epi8(kBlock_px)), _mm_setzero_si128());
    }
};

void blockDifferences(const std::uint8_t* current, const std::uint8_t* background, std::size_t stride,
                      int columns, const std::uint8_t* thresholds, std::uint8_t* counts,
                      std::uint16_t* sads) {
    int block = 0;
    for (; block + 2 <= columns; block += 2) {
        const __m128i limits = _mm_unpacklo_epi64(_mm_set1_epi8(static_cast<char>(thresholds[block])),
                                                  _mm_set1_epi8(static_cast<char>(thresholds[block + 1])));
        Differences found;
        for (std::size_t y = 0; y < kBlock_px; ++y) {
            const std::size_t at = y * stride + static_cast<std::size_t>(block) * kBlock_px;
            found.add(load16(current + at), load16(background + at), limits);
        }
        const __m128i over = found.over();
        counts[block] = static_cast<std::uint8_t>(lowSum(over));
        counts[block + 1] = static_cast<std::uint8_t>(highSum(over));
        sads[block] = static_cast<std::uint16_t>(lowSum(found.sad));
        sads[block + 1] = static_cast<std::uint16_t>(highSum(found.sad));
    }
    if (block == columns) return;
    const __m128i limits = _mm_set1_epi8(static_cast<char>(thresholds[block]));
    Differences found;
    for (std::size_t y = 0; y < kBlock_px; ++y) {
        const std::size_t at = y * stride + static_cast<std::size_t>(block) * kBlock_px;
        found.add(load8(current + at), load8(background + at), limits);
    }
    counts[block] = static_cast<std::uint8_t>(lowSum(found.over()));
    sads[block] = static_cast<std::uint16_t>(lowSum(found.sad));
}

std::uint16_t learnBlock(const std::uint8_t* current, BackgroundPlanes background, std::size_t stride,
                         int shift) {
    const __m128i by = _mm_cvtsi32_si128(shift);
    const __m128i half = _mm_set1_epi8(static_cast<char>(0x80));
    const __m128i low_byte = _mm_set1_epi16(0xFF);
    const __m128i zero = _mm_setzero_si128();
    __m128i sum = zero;
    for (std::size_t y = 0; y < kBlock_px; ++y) {
        std::uint8_t* levels = background.levels + y * stride;
        std::uint8_t* fractions = background.fractions + y * stride;
        const __m128i before = _mm_unpacklo_epi8(load8(fractions), load8(levels));
        const __m128i goal = _mm_unpacklo_epi8(half, load8(current + y * stride));
        const __m128i after =
            _mm_add_epi16(_mm_sub_epi16(before, _mm_srl_epi16(before, by)), _mm_srl_epi16(goal, by));
        const __m128i whole = _mm_packus_epi16(_mm_srli_epi16(after, 8), zero);
        store8(levels, whole);
        store8(fractions, _mm_packus_epi16(_mm_and_si128(after, low_byte), zero));
        sum = _mm_add_epi64(sum, _mm_sad_epu8(whole, zero));
    }
    return static_cast<std::uint16_t>(lowSum(sum));
}

void applyLight(BackgroundPlanes background, std::size_t pixels, std::uint16_t gain_q14,
                std::int32_t offset_q8) {
    const __m128i gain = _mm_set1_epi16(static_cast<short>(gain_q14));
    const __m128i up = _mm_set1_epi16(static_cast<short>(std::clamp(offset_q8, 0, 0xFFFF)));
    const __m128i down = _mm_set1_epi16(static_cast<short>(std::clamp(-offset_q8, 0, 0xFFFF)));
    const __m128i low_byte = _mm_set1_epi16(0xFF);
    // Blocks are 64 pixels: no rest.
    for (std::size_t i = 0; i < pixels; i += 8) {
        const __m128i before =
            _mm_unpacklo_epi8(load8(background.fractions + i), load8(background.levels + i));
        const __m128i quarter = _mm_mulhi_epu16(before, gain);
        const __m128i doubled = _mm_adds_epu16(quarter, quarter);
        const __m128i lit = _mm_subs_epu16(_mm_adds_epu16(_mm_adds_epu16(doubled, doubled), up), down);
        const __m128i whole = _mm_srli_epi16(lit, 8);
        store8(background.levels + i, _mm_packus_epi16(whole, whole));
        const __m128i fraction = _mm_and_si128(lit, low_byte);
        store8(background.fractions + i, _mm_packus_epi16(fraction, fraction));
    }
}

std::uint32_t sumOfLanes(__m128i lanes) {
    const __m128i two = _mm_add_epi32(lanes, _mm_unpackhi_epi64(lanes, lanes));
    return static_cast<std::uint32_t>(_mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 1))));
}

BlockMoments blockMoments(const std::uint8_t* now, const std::uint8_t* before, std::size_t stride) {
    const __m128i zero = _mm_setzero_si128();
    const __m128i columns = _mm_setr_epi16(0, 1, 2, 3, 4, 5, 6, 7);
    BlockMoments sums;
    __m128i aa = zero, bb = zero, ab = zero, ax = zero, bx = zero;
    for (std::uint32_t y = 0; y < kBlock_px; ++y) {
        const __m128i now8 = load8(now + y * stride);
        const __m128i before8 = load8(before + y * stride);
        const std::uint32_t row_now = lowSum(_mm_sad_epu8(now8, zero));
        const std::uint32_t row_before = lowSum(_mm_sad_epu8(before8, zero));
        sums.now += row_now;
        sums.before += row_before;
        sums.now_y += row_now * y;
        sums.before_y += row_before * y;
        const __m128i now16 = _mm_unpacklo_epi8(now8, zero);
        const __m128i before16 = _mm_unpacklo_epi8(before8, zero);
        aa = _mm_add_epi32(aa, _mm_madd_epi16(now16, now16));
        bb = _mm_add_epi32(bb, _mm_madd_epi16(before16, before16));
        ab = _mm_add_epi32(ab, _mm_madd_epi16(now16, before16));
        ax = _mm_add_epi32(ax, _mm_madd_epi16(now16, columns));
        bx = _mm_add_epi32(bx, _mm_madd_epi16(before16, columns));
    }
    sums.now_now = sumOfLanes(aa);
    sums.before_before = sumOfLanes(bb);
    sums.now_before = sumOfLanes(ab);
    sums.now_x = sumOfLanes(ax);
    sums.before_x = sumOfLanes(bx);
    return sums;
}

/// Four bytes of each 32-bit lane summed.
__m128i sumsOfFour(__m128i bytes) {
    return _mm_madd_epi16(pairSums(bytes), _mm_set1_epi16(1));
}

struct CellBlocks {  // four blocks beside each other
    const std::uint8_t* thresholds;
    std::uint8_t* counts;
    std::uint16_t* sads;
};

void fourCellBlocks(const std::uint8_t* current, const std::uint8_t* background, std::size_t stride,
                    const CellBlocks& at) {
    std::int32_t four_thresholds = 0;
    std::memcpy(&four_thresholds, at.thresholds, sizeof(four_thresholds));
    const __m128i two =
        _mm_unpacklo_epi8(_mm_cvtsi32_si128(four_thresholds), _mm_cvtsi32_si128(four_thresholds));
    const __m128i limits = _mm_unpacklo_epi16(two, two);
    const __m128i most = _mm_set1_epi8(kMostCellDifference);
    const __m128i zero = _mm_setzero_si128();
    __m128i same = zero;
    __m128i sad = zero;
    for (std::size_t y = 0; y < kCells; ++y) {
        const __m128i now = load16(current + y * stride);
        const __m128i before = load16(background + y * stride);
        const __m128i difference = _mm_or_si128(_mm_subs_epu8(now, before), _mm_subs_epu8(before, now));
        same = _mm_add_epi8(same, _mm_cmpeq_epi8(_mm_subs_epu8(difference, limits), zero));
        sad = _mm_add_epi8(sad, _mm_min_epu8(difference, most));
    }
    alignas(16) std::array<std::uint32_t, 4> counts;
    alignas(16) std::array<std::uint32_t, 4> sads;
    _mm_store_si128(reinterpret_cast<__m128i*>(counts.data()),
                    sumsOfFour(_mm_add_epi8(same, _mm_set1_epi8(kCells))));
    _mm_store_si128(reinterpret_cast<__m128i*>(sads.data()), sumsOfFour(sad));
    for (std::size_t i = 0; i < 4; ++i) {
        at.counts[i] = static_cast<std::uint8_t>(counts[i]);
        at.sads[i] = static_cast<std::uint16_t>(sads[i]);
    }
}

void cellDifferences(const std::uint8_t* current, const std::uint8_t* background, std::size_t stride,
                     int columns, const std::uint8_t* thresholds, std::uint8_t* counts, std::uint16_t* sads) {
    int block = 0;
    for (; block + 4 <= columns; block += 4) {
        fourCellBlocks(current + block * kCells, background + block * kCells, stride,
                       {thresholds + block, counts + block, sads + block});
    }
    const std::size_t at = static_cast<std::size_t>(block) * kCells;
    if (block < columns) {
        kPlainKernels.cellDifferences(current + at, background + at, stride, columns - block,
                                      thresholds + block, counts + block, sads + block);
    }
}

std::uint16_t blockSad(const std::uint8_t* now, const std::uint8_t* before, std::size_t stride) {
    __m128i sad = _mm_setzero_si128();
    for (std::size_t y = 0; y < kBlock_px; y += 2) {
        const __m128i a = _mm_unpacklo_epi64(load8(now + y * stride), load8(now + (y + 1) * stride));
        const __m128i b = _mm_unpacklo_epi64(load8(before + y * stride), load8(before + (y + 1) * stride));
        sad = _mm_add_epi64(sad, _mm_sad_epu8(a, b));
    }
    return static_cast<std::uint16_t>(lowSum(sad) + highSum(sad));
}

}  // namespace

const Kernels kSse2Kernels{"sse2",     boxRow,       blockSums,       blockDifferences, learnBlock,
                           applyLight, blockMoments, cellDifferences, blockSad};

}  // namespace camgate::motion
#endif
