#include "support/motion/patch.hpp"

namespace camgate::test::film {

void Patch::begin(const RectF& area) {
    left_ = floorOf(area.left);
    top_ = floorOf(area.top);
    width_ = std::max(ceilOf(area.right) - left_, 1);
    height_ = std::max(ceilOf(area.bottom) - top_, 1);
    const std::size_t pixels = static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_);
    grey_.assign(pixels, 0);
    alpha_.assign(pixels, 0);
}

RectF Patch::clipped(const RectF& area) const {
    return overlapOf(
        {std::floor(area.left), std::floor(area.top), std::ceil(area.right), std::ceil(area.bottom)},
        {real(left_), real(top_), real(left_ + width_), real(top_ + height_)});
}

void Patch::capsule(Spot from, Spot to, float radius_px, float grey) {
    const float reach = radius_px + 0.5F;
    const RectF area = clipped({std::min(from.x, to.x) - reach, std::min(from.y, to.y) - reach,
                                std::max(from.x, to.x) + reach, std::max(from.y, to.y) + reach});
    const float dx = to.x - from.x;
    const float dy = to.y - from.y;
    const float inverse_length = 1.0F / std::max(dx * dx + dy * dy, 1e-6F);
    // What is thinner than a pixel covers only a part of it.
    const float most = std::min(2 * radius_px, 1.0F);
    for (int y = floorOf(area.top); y < floorOf(area.bottom); ++y) {
        for (int x = floorOf(area.left); x < floorOf(area.right); ++x) {
            const float ax = real(x) + 0.5F - from.x;
            const float ay = real(y) + 0.5F - from.y;
            const float along = std::clamp((ax * dx + ay * dy) * inverse_length, 0.0F, 1.0F);
            const float px = ax - along * dx;
            const float py = ay - along * dy;
            const float away = std::sqrt(px * px + py * py);
            const float cover = std::min(std::clamp(reach - away, 0.0F, 1.0F), most);
            // Round bodies are lit from above and get darker at their rim.
            if (cover > 0) lay(x, y, cover, grey * (1.04F - 0.12F * away / reach));
        }
    }
}

void Patch::polygon(std::span<const Spot> corners, float grey) {
    RectF area{corners[0].x, corners[0].y, corners[0].x, corners[0].y};
    for (const Spot& corner : corners) {
        area = {std::min(area.left, corner.x), std::min(area.top, corner.y),
                std::max(area.right, corner.x + 1), std::max(area.bottom, corner.y + 1)};
    }
    area = clipped(area);
    for (int y = floorOf(area.top); y < floorOf(area.bottom); ++y) {
        for (int x = floorOf(area.left); x < floorOf(area.right); ++x) {
            float inside = 1;
            for (std::size_t i = 0; i < corners.size() && inside > 0; ++i) {
                const Spot& a = corners[i];
                const Spot& b = corners[(i + 1) % corners.size()];
                const float length = std::max(std::hypot(b.x - a.x, b.y - a.y), 1e-3F);
                const float depth =
                    ((b.x - a.x) * (real(y) + 0.5F - a.y) - (b.y - a.y) * (real(x) + 0.5F - a.x)) / length;
                inside = std::min(inside, std::clamp(depth + 0.5F, 0.0F, 1.0F));
            }
            if (inside > 0) lay(x, y, inside, grey);
        }
    }
}

void Patch::add(const Patch& other, float weight) {
    const RectF area = clipped({real(other.left_), real(other.top_), real(other.left_ + other.width_),
                                real(other.top_ + other.height_)});
    for (int y = floorOf(area.top); y < floorOf(area.bottom); ++y) {
        for (int x = floorOf(area.left); x < floorOf(area.right); ++x) {
            grey_[index(x, y)] += weight * other.grey(x, y);
            alpha_[index(x, y)] += weight * other.alpha(x, y);
        }
    }
}

}  // namespace camgate::test::film
