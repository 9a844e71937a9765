// A box on the analysed plane, right and bottom exclusive. Plain value.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "motion/grid.hpp"

namespace camgate::motion {

struct PixelBox {
    int left = 0, top = 0, right = 0, bottom = 0;

    int width() const { return right - left; }
    int height() const { return bottom - top; }
    int area() const { return width() * height(); }
    PixelBox grown(int by) const { return {left - by, top - by, right + by, bottom + by}; }
    PixelBox movedBy(int dx, int dy) const { return {left + dx, top + dy, right + dx, bottom + dy}; }
    PixelBox joined(const PixelBox& other) const {
        return {std::min(left, other.left), std::min(top, other.top), std::max(right, other.right),
                std::max(bottom, other.bottom)};
    }
    int overlap(const PixelBox& other) const {
        const int w = std::min(right, other.right) - std::max(left, other.left);
        const int h = std::min(bottom, other.bottom) - std::max(top, other.top);
        return w > 0 && h > 0 ? w * h : 0;
    }
};

inline int longerSide(const PixelBox& box) {
    return std::max(box.width(), box.height());
}

/// Within 4 % of the root: the longer side plus 3/8 of the shorter.
inline int distance(int dx, int dy) {
    const int x = std::abs(dx);
    const int y = std::abs(dy);
    return std::max(x, y) * 15 / 16 + std::min(x, y) * 3 / 8;
}

inline int middleDistance(const PixelBox& a, const PixelBox& b) {
    return distance((b.left + b.right - a.left - a.right) / 2, (b.top + b.bottom - a.top - a.bottom) / 2);
}

/// The same in half the memory.
struct PackedBox {
    std::int16_t left = 0, top = 0, right = 0, bottom = 0;

    PackedBox() = default;
    explicit PackedBox(const PixelBox& box)
        : left(static_cast<std::int16_t>(box.left)),
          top(static_cast<std::int16_t>(box.top)),
          right(static_cast<std::int16_t>(box.right)),
          bottom(static_cast<std::int16_t>(box.bottom)) {}
    PixelBox unpacked() const { return {left, top, right, bottom}; }
};

/// Does `work(block)` for every block that the box touches.
template <typename Work>
void forBlocksUnder(const PixelBox& box, const Grid& grid, Work&& work) {
    const int last_row = std::min((box.bottom - 1) / kBlock_px, grid.rows - 1);
    const int last_column = std::min((box.right - 1) / kBlock_px, grid.columns - 1);
    for (int row = std::max(box.top, 0) / kBlock_px; row <= last_row; ++row) {
        for (int column = std::max(box.left, 0) / kBlock_px; column <= last_column; ++column)
            work(grid.index(column, row));
    }
}

}  // namespace camgate::motion
