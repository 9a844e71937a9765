#include "motion/slow_picture.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "motion/kernels.hpp"

namespace camgate::motion {
namespace {

constexpr int kAverage_ms = 250;
constexpr int kMostShift = 3;
constexpr int kBaseThreshold = 3;
constexpr int kLeastThreshold = 2;
constexpr int kNoiseFactor_q4 = 72;
constexpr int kMaxThreshold = 40;
constexpr std::uint16_t kFirstNoise_q4 = 10;
constexpr std::uint8_t kSurelyMoved = 3;  // cells of 16
constexpr int kLeastWindowSum = 12;
constexpr std::size_t kCellsOfBlock = kCells * kCells;

int shiftFor(int dt_ms) {
    int shift = 0;
    while (shift < kMostShift && (dt_ms << (shift + 1)) <= kAverage_ms + dt_ms * 3 / 4) ++shift;
    return shift;
}

std::size_t wholeEights(std::size_t value) {
    return (value + 7) / 8 * 8;
}

}  // namespace

SlowPicture::SlowPicture(const Grid& grid, std::span<const std::uint8_t> scales_q7)
    : grid_(grid),
      stride_(wholeEights(grid.stride() / kCell_px)),
      now_(stride_ * kBand),
      levels_(stride_ * wholeEights(static_cast<std::size_t>(grid.rows) * kCells)),
      fractions_(levels_.size()),
      background_(stride_ * kCells),
      counts_(grid.blocks()),
      thresholds_(grid.blocks()),
      moved_(grid.blocks()),
      scales_q7_(scales_q7),
      sads_(grid.blocks()),
      noise_q4_(grid.blocks(), kFirstNoise_q4) {
    for (std::size_t i = 0; i < grid.blocks(); ++i) updateThreshold(i);
}

void SlowPicture::halve(const std::uint8_t* pixels, std::size_t first, std::size_t count,
                        std::uint8_t* to) const {
    const std::size_t last = std::min(first + count, static_cast<std::size_t>(grid_.rows) * kCells);
    for (std::size_t y = first; y < last; ++y) {
        kernels().boxRow(kCell_px, pixels + y * kCell_px * grid_.stride(), grid_.stride(),
                         to + (y - first) * stride_, static_cast<int>(grid_.stride() / kCell_px));
    }
}

void SlowPicture::adopt(const std::uint8_t* pixels) {
    halve(pixels, 0, static_cast<std::size_t>(grid_.rows) * kCells, levels_.data());
    std::fill(fractions_.begin(), fractions_.end(), std::uint8_t{0x80});
}

void SlowPicture::take(const std::uint8_t* pixels, std::span<const std::uint8_t> thresholds, int dt_ms) {
    const int shift = shiftFor(dt_ms);
    for (std::size_t top = 0; top * stride_ < levels_.size(); top += kBand) {
        halve(pixels, top, kBand, now_.data());
        noteMoved(top, thresholds);
        for (std::size_t left = 0; left < stride_; left += kBand) {
            const std::size_t at = top * stride_ + left;
            (void)kernels().learnBlock(now_.data() + left, {levels_.data() + at, fractions_.data() + at},
                                       stride_, shift);
        }
    }
}

/// Two rows of blocks of the band that begins at cell row `top`.
void SlowPicture::noteMoved(std::size_t top, std::span<const std::uint8_t> thresholds) {
    std::array<std::uint8_t, kMaxColumns> halves;  // NOLINT: filled as far as it is read
    const auto rows = static_cast<std::size_t>(grid_.rows);
    for (std::size_t row = top / kCells; row < std::min((top + kBand) / kCells, rows); ++row) {
        const std::size_t first = grid_.index(0, static_cast<int>(row));
        // A cell carries half of a pixel's noise.
        for (std::size_t i = 0; i < static_cast<std::size_t>(grid_.columns); ++i)
            halves[i] = static_cast<std::uint8_t>(thresholds[first + i] / 2);
        kernels().cellDifferences(now_.data() + (row * kCells - top) * stride_,
                                  levels_.data() + cellOf(first), stride_, grid_.columns, halves.data(),
                                  moved_.data() + first, sads_.data() + first);
    }
}

std::size_t SlowPicture::movedBlocks() const {
    return static_cast<std::size_t>(std::count_if(moved_.begin(), moved_.end(),
                                                  [](std::uint8_t cells) { return cells >= kSurelyMoved; }));
}

int SlowPicture::difference(std::size_t block) const {
    const int cells = static_cast<int>(kCellsOfBlock);
    return std::max(sads_[block] - noise_q4_[block] * cells / 16, 0) * kCell_px * kCell_px;
}

void SlowPicture::compare(const std::uint8_t* background) {
    for (int row = 0; row < grid_.rows; ++row) {
        const std::size_t first = grid_.index(0, row);
        for (std::size_t y = 0; y < kCells; ++y) {
            kernels().boxRow(kCell_px, background + grid_.pixelOf(first) + y * kCell_px * grid_.stride(),
                             grid_.stride(), background_.data() + y * stride_,
                             static_cast<int>(grid_.stride() / kCell_px));
        }
        kernels().cellDifferences(levels_.data() + cellOf(first), background_.data(), stride_, grid_.columns,
                                  thresholds_.data() + first, counts_.data() + first, sads_.data() + first);
    }
}

void SlowPicture::learnNoise(std::size_t block, int shift) {
    const int mean_q4 = sads_[block] * 16 / static_cast<int>(kCellsOfBlock);
    const int difference = mean_q4 - noise_q4_[block];
    const int round = difference > 0 ? (1 << shift) - 1 : 0;
    noise_q4_[block] = static_cast<std::uint16_t>(noise_q4_[block] + ((difference + round) >> shift));
    updateThreshold(block);
}

void SlowPicture::updateThreshold(std::size_t block) {
    const int noise = (noise_q4_[block] * kNoiseFactor_q4) >> 8;
    const int value = (std::max(kBaseThreshold, noise) * scales_q7_[block] + 64) >> 7;
    thresholds_[block] = static_cast<std::uint8_t>(std::clamp(value, kLeastThreshold, kMaxThreshold));
}

std::size_t SlowPicture::cellOf(std::size_t block) const {
    const auto columns = static_cast<std::size_t>(grid_.columns);
    return (block / columns) * kCells * stride_ + (block % columns) * kCells;
}

CellPatch SlowPicture::differencesAround(std::size_t block, const std::uint8_t* background, int light) const {
    CellPatch patch{};
    const auto columns = static_cast<std::size_t>(grid_.columns);
    const int left = static_cast<int>(block % columns) * kCells - kMargin;
    const int top = static_cast<int>(block / columns) * kCells - kMargin;
    const int first = std::max(left, 0);
    const int last = std::min(left + kPatch, grid_.columns * kCells);
    std::array<std::uint8_t, kPatch> row{};
    for (int y = std::max(top, 0); y < std::min(top + kPatch, grid_.rows * kCells); ++y) {
        const auto at = static_cast<std::size_t>(y);
        kernels().boxRow(kCell_px, background + at * kCell_px * grid_.stride() + first * kCell_px,
                         grid_.stride(), row.data(), last - first);
        for (int x = first; x < last; ++x) {
            const int difference = levels_[at * stride_ + static_cast<std::size_t>(x)] -
                                   row[static_cast<std::size_t>(x - first)];
            patch[static_cast<std::size_t>(y - top)][static_cast<std::size_t>(x - left)] =
                static_cast<std::int16_t>(difference - light);
        }
    }
    return patch;
}

/// Six standard deviations of the sum of a window, if neighbouring cells share some of their noise.
int SlowPicture::windowLimit(std::size_t block) const {
    return std::max(24 * noise_q4_[block] / 16, kLeastWindowSum) * scales_q7_[block] / 128;
}

bool SlowPicture::standsOut(std::size_t block, const std::uint8_t* background, int light,
                            bool expected) const {
    const CellPatch patch = differencesAround(block, background, light);
    const auto sumOf = [&patch](std::size_t top, std::size_t left, std::size_t high, std::size_t wide) {
        int sum = 0;
        for (std::size_t y = top; y < top + high; ++y) {
            for (std::size_t x = left; x < left + wide; ++x) sum += patch[y][x];
        }
        return std::abs(sum);
    };
    int most = 0;
    for (std::size_t y = 0; y + 3 <= kPatch; ++y) {
        for (std::size_t x = 0; x + 3 <= kPatch; ++x)
            most = std::max({most, sumOf(y, x, 3, 2), sumOf(y, x, 2, 3)});
    }
    return most > (expected ? windowLimit(block) * 5 / 8 : windowLimit(block));
}

bool SlowPicture::hasEdge(std::size_t block, const std::uint8_t* background) const {
    const auto columns = static_cast<std::size_t>(grid_.columns);
    const int left = static_cast<int>(block % columns) * kCells - kMargin;
    const int top = static_cast<int>(block / columns) * kCells - kMargin;
    const CellPatch change = differencesAround(block, background, 0);
    CellPatch surface{};
    for (int y = 0; y < static_cast<int>(kCellPatch); ++y) {
        const auto row = static_cast<std::size_t>(std::clamp(top + y, 0, grid_.rows * kCells - 1));
        for (int x = 0; x < static_cast<int>(kCellPatch); ++x) {
            const auto column = static_cast<std::size_t>(std::clamp(left + x, 0, grid_.columns * kCells - 1));
            const auto at_y = static_cast<std::size_t>(y);
            const auto at_x = static_cast<std::size_t>(x);
            surface[at_y][at_x] =
                static_cast<std::int16_t>(levels_[row * stride_ + column] - change[at_y][at_x]);
        }
    }
    return motion::hasEdge(change, surface, noise_q4_[block]);
}

PixelBox SlowPicture::changedExtent(std::size_t block, const std::uint8_t* background) const {
    PixelBox box{kBlock_px, kBlock_px, 0, 0};
    const CellPatch patch = differencesAround(block, background, 0);
    const int limit = std::max(windowLimit(block) / 6, 1);
    for (int i = 0; i < kCells * kCells; ++i) {
        const int x = i % kCells;
        const int y = i / kCells;
        if (std::abs(patch[static_cast<std::size_t>(y + kMargin)][static_cast<std::size_t>(x + kMargin)]) <=
            limit)
            continue;
        box = box.joined({x * kCell_px, y * kCell_px, (x + 1) * kCell_px, (y + 1) * kCell_px});
    }
    return box;
}

void SlowPicture::applyLight(const LightChange& change) {
    kernels().applyLight({levels_.data(), fractions_.data()}, levels_.size(),
                         static_cast<std::uint16_t>(change.gain_q10 * 16), change.offset_q7 * 2);
}

}  // namespace camgate::motion
