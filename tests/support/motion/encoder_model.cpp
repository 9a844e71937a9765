#include "support/motion/encoder_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numbers>

namespace camgate::test::film {
namespace {

constexpr std::size_t kSide = kTransformSide;
constexpr int kMacro = 16;

Block makeCosines() {
    Block basis{};
    for (std::size_t k = 0; k < kSide; ++k) {
        for (std::size_t n = 0; n < kSide; ++n) {
            const float scale = k == 0 ? std::sqrt(1.0F / kSide) : std::sqrt(2.0F / kSide);
            basis[k][n] = scale * std::cos(std::numbers::pi_v<float> * (static_cast<float>(n) + 0.5F) *
                                           static_cast<float>(k) / kSide);
        }
    }
    return basis;
}

const Block kCosines = makeCosines();

Block product(const Block& a, const Block& b) {
    Block c{};
    for (std::size_t i = 0; i < kSide; ++i) {
        for (std::size_t k = 0; k < kSide; ++k) {
            for (std::size_t j = 0; j < kSide; ++j) c[i][j] += a[i][k] * b[k][j];
        }
    }
    return c;
}

Block turned(const Block& a) {
    Block b{};
    for (std::size_t i = 0; i < kSide; ++i) {
        for (std::size_t j = 0; j < kSide; ++j) b[j][i] = a[i][j];
    }
    return b;
}

/// High frequencies get coarser steps.
Block makeSteps(float step) {
    Block steps{};
    for (std::size_t i = 0; i < kSide; ++i) {
        for (std::size_t j = 0; j < kSide; ++j) steps[i][j] = step * (1 + 0.15F * static_cast<float>(i + j));
    }
    return steps;
}

/// What is under two thirds of a step is dropped; false if nothing is left.
bool quantise(Block& coefficients, const Block& steps) {
    float left = 0;
    for (std::size_t i = 0; i < kSide; ++i) {
        for (std::size_t j = 0; j < kSide; ++j) {
            const float whole = std::abs(coefficients[i][j]) / steps[i][j] + 0.34F;
            const float kept = static_cast<float>(static_cast<int>(whole)) * steps[i][j];
            coefficients[i][j] = coefficients[i][j] < 0 ? -kept : kept;
            left += kept;
        }
    }
    return left > 0;
}

}  // namespace

EncoderModel::EncoderModel(const Settings& settings, int width_px, int height_px)
    : settings_(settings),
      width_(width_px),
      height_(height_px),
      key_steps_(makeSteps(settings.key_step)),
      delta_steps_(makeSteps(settings.delta_step)),
      shown_(static_cast<std::size_t>(width_px) * static_cast<std::size_t>(height_px)) {}

bool EncoderModel::skipped(const std::vector<std::uint8_t>& luma, int x, int y) const {
    int difference = 0;
    for (int row = y; row < y + kMacro; ++row) {
        for (std::size_t i = at(x, row); i < at(x, row) + kMacro; ++i)
            difference += std::abs(luma[i] - shown_[i]);
    }
    return difference < settings_.skip_level * kMacro * kMacro;
}

void EncoderModel::codeBlock(const std::vector<std::uint8_t>& luma, int x, int y, bool key) {
    const auto stride = static_cast<std::size_t>(width_);
    Block block;
    for (std::size_t row = 0; row < kSide; ++row) {
        for (std::size_t column = 0; column < kSide; ++column) {
            const std::size_t i = at(x, y) + row * stride + column;
            const int predicted = key ? 128 : shown_[i];
            block[row][column] = static_cast<float>(luma[i] - predicted);
        }
    }
    Block coefficients = product(product(kCosines, block), turned(kCosines));
    if (!quantise(coefficients, key ? key_steps_ : delta_steps_) && !key) return;
    const Block back = product(product(turned(kCosines), coefficients), kCosines);
    for (std::size_t row = 0; row < kSide; ++row) {
        for (std::size_t column = 0; column < kSide; ++column) {
            const std::size_t i = at(x, y) + row * stride + column;
            const float predicted = key ? 128 : static_cast<float>(shown_[i]);
            const float grey = predicted + back[row][column];
            shown_[i] = static_cast<std::uint8_t>(std::clamp(grey + 0.5F, 0.0F, 255.0F));
        }
    }
}

void EncoderModel::code(std::vector<std::uint8_t>& luma) {
    const bool key = frame_++ % settings_.key_interval == 0;
    const int across = width_ / kMacro * kMacro;
    const int down = height_ / kMacro * kMacro;
    for (int y = 0; y < down; y += kMacro) {
        for (int x = 0; x < across; x += kMacro) {
            if (!key && skipped(luma, x, y)) continue;
            for (const int dy : {0, static_cast<int>(kSide)}) {
                for (const int dx : {0, static_cast<int>(kSide)}) codeBlock(luma, x + dx, y + dy, key);
            }
        }
    }
    // Whole macroblocks only: the rest of an odd size goes through as it is.
    for (int y = 0; y < height_; ++y) {
        for (int x = y < down ? across : 0; x < width_; ++x) shown_[at(x, y)] = luma[at(x, y)];
    }
    luma = shown_;
}

}  // namespace camgate::test::film
