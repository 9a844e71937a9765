// The block grid that the detector thinks in, and how it maps to the analysed (small) plane. Plain values.
#pragma once

#include <cstddef>
#include <cstdint>

namespace camgate::motion {

constexpr int kBlock_px = 8;  ///< side of a block on the small plane
constexpr int kBlockArea_px = kBlock_px * kBlock_px;
constexpr int kCell_px = 2;  ///< side of what the slow picture sees as one
constexpr int kCells = kBlock_px / kCell_px;
constexpr int kMostCellDifference = 63;
constexpr int kMaxSmallWidth_px = 480;
constexpr int kMaxSmallHeight_px = 272;
constexpr int kMaxColumns = kMaxSmallWidth_px / kBlock_px;
constexpr int kMaxRows = kMaxSmallHeight_px / kBlock_px;

struct Grid {
    int width_px = 0;  ///< of the small plane, without its padding
    int height_px = 0;
    int columns = 0;
    int rows = 0;

    static Grid ofPlane(int width_px, int height_px) {
        return {width_px, height_px, (width_px + kBlock_px - 1) / kBlock_px,
                (height_px + kBlock_px - 1) / kBlock_px};
    }
    std::size_t blocks() const { return static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows); }
    std::size_t index(int column, int row) const {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
               static_cast<std::size_t>(column);
    }
    /// The small plane is padded to whole blocks.
    std::size_t stride() const { return static_cast<std::size_t>(columns) * kBlock_px; }
    std::size_t pixels() const { return stride() * static_cast<std::size_t>(rows) * kBlock_px; }
    std::size_t pixelOf(std::size_t block) const {
        const auto columns_u = static_cast<std::size_t>(columns);
        return (block / columns_u) * kBlock_px * stride() + (block % columns_u) * kBlock_px;
    }
    bool operator==(const Grid&) const = default;
};

}  // namespace camgate::motion
