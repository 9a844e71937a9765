// The clock that cameras burn into a corner of their picture. Pure.
#pragma once

#include <cstdint>
#include <span>

namespace camgate::test::film {

void drawClock(std::span<std::uint8_t> luma, int width_px, int height_px, int second_of_day);

}  // namespace camgate::test::film
