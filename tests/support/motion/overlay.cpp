#include "support/motion/overlay.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace camgate::test::film {
namespace {

// Three columns, five rows, one bit each, the top left one first.
constexpr std::array<std::uint16_t, 11> kGlyphs{
    0b111'101'101'101'111, 0b010'110'010'010'111, 0b111'001'111'100'111, 0b111'001'111'001'111,
    0b101'101'111'001'001, 0b111'100'111'001'111, 0b111'100'111'101'111, 0b111'001'001'010'010,
    0b111'101'111'101'111, 0b111'101'111'001'111, 0b000'010'000'010'000};
constexpr std::size_t kColon = 10;

}  // namespace

void drawClock(std::span<std::uint8_t> luma, int width_px, int height_px, int second_of_day) {
    const auto digit = [&](int value) { return static_cast<std::size_t>(value % 10); };
    const int minutes = second_of_day / 60;
    const std::array<std::size_t, 8> text{1,
                                          2,
                                          kColon,
                                          digit(minutes / 10),
                                          digit(minutes),
                                          kColon,
                                          digit(second_of_day % 60 / 10),
                                          digit(second_of_day)};
    const int dot = std::max(height_px / 120, 1);
    const auto white = [&](int x, int y) {
        if (x < width_px && y < height_px)
            luma[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_px) +
                 static_cast<std::size_t>(x)] = 235;
    };
    const auto black = [&](int x, int y) {
        if (x < width_px && y < height_px)
            luma[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_px) +
                 static_cast<std::size_t>(x)] = 20;
    };
    for (int y = dot; y < 8 * dot; ++y) {
        for (int x = dot; x < (4 * static_cast<int>(text.size()) + 2) * dot; ++x) black(x, y);
    }
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int left = (2 + 4 * static_cast<int>(i)) * dot;
        for (int y = 0; y < 5 * dot; ++y) {
            for (int x = 0; x < 3 * dot; ++x) {
                const int bit = 14 - (y / dot * 3 + x / dot);
                if ((kGlyphs[text[i]] >> bit & 1) != 0) white(left + x, 2 * dot + y);
            }
        }
    }
}

}  // namespace camgate::test::film
