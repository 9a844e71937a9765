#include "motion/blobs.hpp"

#include <algorithm>
#include <array>

namespace camgate::motion {
namespace {

struct Step {
    int dx, dy;
};
// Two rows up and down as well: a coat in the colour of the wall must not cut a person in two.
constexpr std::array<Step, 10> kSteps{
    {{-1, -1}, {0, -1}, {1, -1}, {-1, 0}, {1, 0}, {-1, 1}, {0, 1}, {1, 1}, {0, -2}, {0, 2}}};
constexpr std::size_t kDirectSteps = 8;
constexpr int kClear_px = 36;  // of the 64 of a block

bool isStrong(BlockState state) {
    return state == BlockState::Seed || state == BlockState::FlatSeed;
}

/// Rows and columns of a block with at least two changed pixels.
PixelBox changedExtent(const std::uint8_t* now, const std::uint8_t* before, std::size_t stride,
                       int threshold) {
    std::array<int, kBlock_px> in_row{};
    std::array<int, kBlock_px> in_column{};
    for (std::size_t y = 0; y < kBlock_px; ++y) {
        for (std::size_t x = 0; x < kBlock_px; ++x) {
            const int difference = now[y * stride + x] - before[y * stride + x];
            const int changed = difference > threshold || -difference > threshold ? 1 : 0;
            in_row[y] += changed;
            in_column[x] += changed;
        }
    }
    PixelBox box{kBlock_px, kBlock_px, 0, 0};
    for (int i = 0; i < kBlock_px; ++i) {
        if (in_row[static_cast<std::size_t>(i)] >= 2) {
            box.top = std::min(box.top, i);
            box.bottom = i + 1;
        }
        if (in_column[static_cast<std::size_t>(i)] >= 2) {
            box.left = std::min(box.left, i);
            box.right = i + 1;
        }
    }
    return box;
}

}  // namespace

BlobFinder::BlobFinder(const Grid& grid) : grid_(grid), seen_(grid.blocks()) {
    order_.reserve(grid.blocks());
    blobs_.reserve(kMostFound);
}

std::span<const FoundBlob> BlobFinder::find(std::span<const BlockState> states, const std::uint8_t* pixels,
                                            const Background& background, const SlowPicture& slow) {
    std::fill(seen_.begin(), seen_.end(), std::uint8_t{0});
    order_.clear();
    blobs_.clear();
    // What both eyes see first: it takes along the weak blocks beside it.
    for (const bool strong : {true, false}) {
        for (std::size_t i = 0; i < states.size() && blobs_.size() < kMostFound; ++i) {
            if (seen_[i] != 0 || !(strong ? isStrong(states[i]) : states[i] == BlockState::Weak)) continue;
            FoundBlob blob = grow(i, states);
            for (const std::uint16_t block : blocksOf(blob)) blob.flicker_sum += background.flicker(block);
            blob.box = tightBox(blob, states, pixels, background, slow);
            blobs_.push_back(blob);
        }
    }
    return blobs_;
}

FoundBlob BlobFinder::grow(std::size_t seed, std::span<const BlockState> states) {
    FoundBlob blob;
    const bool strong = isStrong(states[seed]);
    blob.first_block = static_cast<std::uint16_t>(order_.size());
    take(seed, strong, states[seed], blob);
    const auto columns = static_cast<std::size_t>(grid_.columns);
    for (std::size_t next = blob.first_block; next < order_.size(); ++next) {
        const int column = static_cast<int>(order_[next] % columns);
        const int row = static_cast<int>(order_[next] / columns);
        for (std::size_t s = 0; s < kSteps.size(); ++s) {
            const int x = column + kSteps[s].dx;
            const int y = row + kSteps[s].dy;
            if (x < 0 || y < 0 || x >= grid_.columns || y >= grid_.rows) continue;
            const std::size_t block = grid_.index(x, y);
            const BlockState state = states[block];
            const bool direct = s < kDirectSteps;
            if (state == BlockState::Lit && direct) ++blob.lit_beside;
            if (seen_[block] != 0) continue;
            // Growth spreads from seeds only: else a weak change would creep over the whole picture.
            const bool seeds = strong ? isStrong(state) : state == BlockState::Weak;
            const bool grows = (state == BlockState::Growth || state == BlockState::Weak) && direct &&
                               (!strong || isStrong(states[order_[next]]));
            if (seeds || grows) take(block, strong, state, blob);
        }
    }
    return blob;
}

void BlobFinder::take(std::size_t block, bool strong, BlockState state, FoundBlob& blob) {
    seen_[block] = 1;
    order_.push_back(static_cast<std::uint16_t>(block));
    ++blob.blocks;
    const bool weak = !strong && state == BlockState::Weak;
    blob.seeds += isStrong(state) || weak ? 1 : 0;
    blob.new_seeds += state == BlockState::Seed ? 1 : 0;
    blob.weak += weak ? 1 : 0;
}

/// What is clearly seen has faint blocks too: the slow eye still sees where it was.
bool BlobFinder::isClear(const FoundBlob& blob, std::span<const BlockState> states,
                         const Background& background) const {
    int changed_px = 0;
    int strong = 0;
    for (const std::uint16_t block : blocksOf(blob)) {
        if (!isStrong(states[block])) continue;
        changed_px += background.counts()[block];
        ++strong;
    }
    return strong > 0 && changed_px >= kClear_px * strong;
}

PixelBox BlobFinder::tightBox(const FoundBlob& blob, std::span<const BlockState> states,
                              const std::uint8_t* pixels, const Background& background,
                              const SlowPicture& slow) const {
    PixelBox all{grid_.width_px, grid_.height_px, 0, 0};
    const auto columns = static_cast<std::size_t>(grid_.columns);
    const bool clear = isClear(blob, states, background);
    for (const std::uint16_t block : blocksOf(blob)) {
        if (clear && states[block] == BlockState::Weak) continue;
        const std::size_t at = grid_.pixelOf(block);
        const PixelBox in_block = states[block] == BlockState::Weak
                                      ? slow.changedExtent(block, background.pixels())
                                      : changedExtent(pixels + at, background.pixels() + at, grid_.stride(),
                                                      background.threshold(block));
        if (in_block.width() <= 0 || in_block.height() <= 0) continue;
        all = all.joined(in_block.movedBy(static_cast<int>(block % columns) * kBlock_px,
                                          static_cast<int>(block / columns) * kBlock_px));
    }
    all.right = std::min(all.right, grid_.width_px);
    all.bottom = std::min(all.bottom, grid_.height_px);
    return all;
}

}  // namespace camgate::motion
