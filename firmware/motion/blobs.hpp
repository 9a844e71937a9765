// Joins changed blocks to blobs: components of seeds and what grows from them, with boxes to the pixel.
// Nothing allocated after construction. One thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "motion/background.hpp"
#include "motion/grid.hpp"
#include "motion/pixel_box.hpp"
#include "motion/slow_picture.hpp"

namespace camgate::motion {

enum class BlockState : std::uint8_t {
    Quiet,
    Growth,    ///< changed enough to belong to an object beside it
    FlatSeed,  ///< changed; too little structure to tell light from surface
    Seed,      ///< changed, another surface
    Weak,      ///< changed so little that only the slow eye sees it
    Lit,       ///< changed, the same surface under other light
    Still,     ///< changed, but does not move: what a young background shows of who was there
};

struct FoundBlob {
    PixelBox box;
    int blocks = 0;
    int seeds = 0;      ///< flat ones included
    int new_seeds = 0;  ///< surely another surface
    int weak = 0;       ///< seen by the slow eye alone
    int lit_beside = 0;
    int moving = 0;  ///< blocks that differ from the picture a moment ago, not only from the background
    int changed_px = 0;
    int difference = 0;  ///< to the background, summed up over pixels
    int lasting = 0;     ///< the same as the slow eye sees it
    int flicker_sum = 0;
    bool isWeak() const { return weak == seeds; }
    std::uint16_t first_block = 0;  ///< where its blocks begin in BlobFinder::order()
};

class BlobFinder {
  public:
    static constexpr std::size_t kMostFound = 128;

    BlobFinder() = default;
    explicit BlobFinder(const Grid& grid);

    std::span<const FoundBlob> find(std::span<const BlockState> states, const std::uint8_t* pixels,
                                    const Background& background, const SlowPicture& slow);
    std::span<const FoundBlob> found() const { return blobs_; }
    std::span<FoundBlob> found() { return blobs_; }
    void keepFirst(std::size_t count) { blobs_.resize(count); }
    std::span<const std::uint16_t> blocksOf(const FoundBlob& blob) const {
        return std::span(order_).subspan(blob.first_block, static_cast<std::size_t>(blob.blocks));
    }

  private:
    FoundBlob grow(std::size_t seed, std::span<const BlockState> states);
    void take(std::size_t block, bool strong, BlockState state, FoundBlob& blob);
    bool isClear(const FoundBlob& blob, std::span<const BlockState> states,
                 const Background& background) const;
    PixelBox tightBox(const FoundBlob& blob, std::span<const BlockState> states, const std::uint8_t* pixels,
                      const Background& background, const SlowPicture& slow) const;

    Grid grid_;
    std::vector<std::uint8_t> seen_;
    std::vector<std::uint16_t> order_;  // blocks of all blobs, one after the other; also the queue of growth
    std::vector<FoundBlob> blobs_;
};

}  // namespace camgate::motion
