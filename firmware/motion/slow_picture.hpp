// The slow eye: the picture at half the analysed size, averaged over the last 0.25 s. Noise is a fifth of
// what single pixels carry, so that what is far away or dark shows here and nowhere else; fast things are
// the other eye's. Also remembers how things stood a moment ago: what moves differs from that. Nothing
// allocated after construction. One thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "motion/change_edge.hpp"
#include "motion/grid.hpp"
#include "motion/photometric.hpp"
#include "motion/pixel_box.hpp"

namespace camgate::motion {

class SlowPicture {
  public:
    SlowPicture() = default;
    /// `scales_q7` as for Background; borrowed for as long as this lives.
    SlowPicture(const Grid& grid, std::span<const std::uint8_t> scales_q7);

    /// Starts again from this picture.
    void adopt(const std::uint8_t* pixels);
    /// The next picture; to be called before the questions below. Thresholds: those of single pixels.
    void take(const std::uint8_t* pixels, std::span<const std::uint8_t> thresholds, int dt_ms);
    /// Fills counts() with the cells (2x2 px) of each block that differ from the background.
    void compare(const std::uint8_t* background);
    /// By 1/2^shift of what the block differs by now.
    void learnNoise(std::size_t block, int shift);
    /// Something of the size of a far person differs at this block from what is around it, by more than noise
    /// ever does; `light`: by how much the light around has changed, levels. `expected`: less will do.
    bool standsOut(std::size_t block, const std::uint8_t* background, int light, bool expected) const;

    /// The change has a border here.
    bool hasEdge(std::size_t block, const std::uint8_t* background) const;

    const std::vector<std::uint8_t>& counts() const { return counts_; }
    std::uint8_t threshold(std::size_t block) const { return thresholds_[block]; }
    /// Mean difference of a quiet cell, 1/16 levels.
    int noise_q4(std::size_t block) const { return noise_q4_[block]; }
    /// Cells of the block, 0..16, that differ from how they stood over the last moments.
    int moved(std::size_t block) const { return moved_[block]; }
    std::size_t movedBlocks() const;
    /// Sum of what differs in a block, over its noise, in pixels of the analysed picture.
    int difference(std::size_t block) const;
    /// Rows and columns of the block, in px of the block, with cells that differ from the background.
    PixelBox changedExtent(std::size_t block, const std::uint8_t* background) const;
    /// The average itself, rows of stride() cells.
    const std::uint8_t* cells() const { return levels_.data(); }
    std::size_t stride() const { return stride_; }
    std::size_t size() const { return levels_.size(); }
    /// The light has changed for everything that was seen so far.
    void applyLight(const LightChange& change);

  private:
    static constexpr std::size_t kBand = 8;  ///< rows of cells
    static constexpr int kMargin = 2;
    static constexpr int kPatch = kCells + 2 * kMargin;
    static_assert(kPatch == kCellPatch);

    /// Differences of a block and of the cells around it; nothing outside the picture.
    CellPatch differencesAround(std::size_t block, const std::uint8_t* background, int light) const;
    int windowLimit(std::size_t block) const;
    void updateThreshold(std::size_t block);
    std::size_t cellOf(std::size_t block) const;
    void halve(const std::uint8_t* pixels, std::size_t first, std::size_t count, std::uint8_t* to) const;
    void noteMoved(std::size_t top, std::span<const std::uint8_t> thresholds);

    Grid grid_;
    std::size_t stride_ = 0;                        // a whole number of 8 cells
    std::vector<std::uint8_t> now_;                 // a band of the picture at half size
    std::vector<std::uint8_t> levels_, fractions_;  // the average
    std::vector<std::uint8_t> background_;          // four rows of cells at a time
    std::vector<std::uint8_t> counts_, thresholds_, moved_;
    std::span<const std::uint8_t> scales_q7_;
    std::vector<std::uint16_t> sads_, noise_q4_;
};

}  // namespace camgate::motion
