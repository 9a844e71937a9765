// Box averages with SSE2, and what all of its kernels load and store with; a part of kernels_sse2.cpp. In an
// unnamed namespace as kernels_scalar.hpp is.
#pragma once

#include <emmintrin.h>

#include <array>
#include <cstring>

#include "motion/kernels_scalar.hpp"
#include "motion/luma_plane.hpp"

namespace camgate::motion {
namespace {  // NOLINT(google-build-namespaces)

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

}  // namespace
}  // namespace camgate::motion
