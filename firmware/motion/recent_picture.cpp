#include "motion/recent_picture.hpp"

#include <algorithm>

namespace camgate::motion {
namespace {

constexpr int kLeastAge_ms = 150;
constexpr int kChangedPixels = 4;

}  // namespace

void RecentPicture::keep(const std::uint8_t* pixels, int dt_ms) {
    newer_age_ms_ += dt_ms;
    if (!empty_ && newer_age_ms_ < kLeastAge_ms) return;
    if (!empty_) older_.swap(newer_);
    std::copy_n(pixels, newer_.size(), newer_.begin());
    // Frames further apart than this: the one before is old enough itself.
    if (empty_ || dt_ms >= kLeastAge_ms) older_ = newer_;
    newer_age_ms_ = 0;
    empty_ = false;
}

bool RecentPicture::differs(const std::uint8_t* pixels, std::size_t block, int threshold) const {
    const std::size_t at = grid_.pixelOf(block);
    int changed = 0;
    for (std::size_t y = 0; y < kBlock_px; ++y) {
        for (std::size_t x = 0; x < kBlock_px; ++x) {
            const std::size_t i = at + y * grid_.stride() + x;
            const int difference = pixels[i] - older_[i];
            changed += difference > threshold || -difference > threshold ? 1 : 0;
        }
    }
    return changed >= kChangedPixels;
}

}  // namespace camgate::motion
