// Small letters of 5 x 7 pixels: what pictures of a replay need in words, without a font on the box.
// Upper case, digits and a few signs; what is not there is a gap. Any thread.
#pragma once

#include <string_view>

#include "camera/paint.hpp"

namespace camgate::replay {

constexpr int kLetterWidth_px = 6;
constexpr int kLetterHeight_px = 7;

/// `x`, `y`: the top left of the first letter; each pixel is drawn `scale` wide.
void drawText(camera::Surface& surface, int x, int y, std::string_view text, camera::Colour colour,
              int scale = 1);

}  // namespace camgate::replay
