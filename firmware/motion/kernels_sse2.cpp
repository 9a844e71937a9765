#include "motion/kernels_available.hpp"

#if defined(CAMGATE_KERNELS_SSE2)
#include <emmintrin.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "motion/kernels_sse2_box.hpp"

namespace camgate::motion {
namespace {

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
