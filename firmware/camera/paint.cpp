#include "camera/paint.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace camgate::camera {
namespace {

constexpr Colour kDark{16, 16, 16};

std::uint8_t lumaOf(Colour colour) {
    return static_cast<std::uint8_t>((77 * colour.red + 150 * colour.green + 29 * colour.blue) >> 8);
}

std::uint8_t mixed(std::uint8_t below, std::uint8_t above, int opacity) {
    return static_cast<std::uint8_t>((below * (255 - opacity) + above * opacity) / 255);
}

Area inside(Area area, int by) {
    return {area.x + by, area.y + by, area.width - 2 * by, area.height - 2 * by};
}

}  // namespace

void Surface::dot(int x, int y, Colour colour, int opacity) {
    if (x < 0 || y < 0 || x >= width_ || y >= height_) return;
    std::uint8_t* pixel = bytes_.data() + static_cast<std::size_t>(y) * stride_ +
                          static_cast<std::size_t>(x) * static_cast<std::size_t>(channels_);
    if (channels_ == 1) {
        *pixel = mixed(*pixel, lumaOf(colour), opacity);
        return;
    }
    const std::array parts{colour.red, colour.green, colour.blue};
    for (std::size_t i = 0; i < parts.size(); ++i) pixel[i] = mixed(pixel[i], parts[i], opacity);
}

void Surface::fill(Area area, Colour colour, int opacity) {
    const int right = std::min(area.x + area.width, width_);
    const int bottom = std::min(area.y + area.height, height_);
    for (int y = std::max(area.y, 0); y < bottom; ++y) {
        for (int x = std::max(area.x, 0); x < right; ++x) dot(x, y, colour, opacity);
    }
}

void Surface::frame(Area area, Colour colour, int thickness_px) {
    const int side = std::max(0, area.height - 2 * thickness_px);
    fill({area.x, area.y, area.width, thickness_px}, colour);
    fill({area.x, area.y + area.height - thickness_px, area.width, thickness_px}, colour);
    fill({area.x, area.y + thickness_px, thickness_px, side}, colour);
    fill({area.x + area.width - thickness_px, area.y + thickness_px, thickness_px, side}, colour);
}

void Surface::line(int from_x, int from_y, int to_x, int to_y, Colour colour) {
    const int steps = std::max({std::abs(to_x - from_x), std::abs(to_y - from_y), 1});
    for (int i = 0; i <= steps; ++i) {
        fill({from_x + (to_x - from_x) * i / steps, from_y + (to_y - from_y) * i / steps, 2, 2}, colour);
    }
}

Area Surface::areaOf(const motion::Box& box) const {
    const auto across = [this](float part) {
        return static_cast<int>(std::lround(part * static_cast<float>(width_)));
    };
    const auto down = [this](float part) {
        return static_cast<int>(std::lround(part * static_cast<float>(height_)));
    };
    const int x = across(box.x);
    const int y = down(box.y);
    return {x, y, across(box.x + box.w) - x, down(box.y + box.h) - y};
}

void Surface::markBox(const motion::Box& box, Colour colour) {
    const int bright_px = std::max(2, height_ / 240);
    const Area area = areaOf(box);
    frame(inside(area, -1), kDark, 1);
    frame(area, colour, bright_px);
    frame(inside(area, bright_px), kDark, 1);
}

}  // namespace camgate::camera
