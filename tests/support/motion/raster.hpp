// A picture in 1/16 grey levels (0..4080): what the world looks like before the sensor adds its noise and
// rounds. Pure.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace camgate::test::film {

constexpr int kWhite_q4 = 255 * 16;
constexpr float kBrightest_q4 = 16'383;  ///< lamps are brighter than white

inline int floorOf(float value) {
    return static_cast<int>(std::floor(value));
}
inline int ceilOf(float value) {
    return static_cast<int>(std::ceil(value));
}
inline float real(int value) {
    return static_cast<float>(value);
}
/// 0 up to `from`, 1 after `to`, soft between.
inline float smoothStep(float from, float to, float value) {
    const float t = std::clamp((value - from) / (to - from), 0.0F, 1.0F);
    return t * t * (3.0F - 2.0F * t);
}

struct Raster {
    int width = 0;
    int height = 0;
    std::vector<std::int16_t> px_q4;

    Raster() = default;
    Raster(int w, int h)
        : width(w), height(h), px_q4(static_cast<std::size_t>(w) * static_cast<std::size_t>(h)) {}
    std::int16_t* row(int y) {
        return px_q4.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
    }
    const std::int16_t* row(int y) const {
        return px_q4.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
    }
    bool holds(int x, int y) const { return x >= 0 && y >= 0 && x < width && y < height; }
};

inline std::int16_t levelQ4(float grey) {
    return static_cast<std::int16_t>(std::clamp(grey, 0.0F, 255.0F) * 16.0F);
}

struct RectF {
    float left = 0, top = 0, right = 0, bottom = 0;
    float width() const { return right - left; }
    float height() const { return bottom - top; }
    bool holds(int x, int y) const {
        return real(x) >= left && real(x) < right && real(y) >= top && real(y) < bottom;
    }
    float area() const { return std::max(width(), 0.0F) * std::max(height(), 0.0F); }
};

inline RectF overlapOf(const RectF& a, const RectF& b) {
    return {std::max(a.left, b.left), std::max(a.top, b.top), std::min(a.right, b.right),
            std::min(a.bottom, b.bottom)};
}

}  // namespace camgate::test::film
