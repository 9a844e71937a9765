#include "motion/walker.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace camgate::motion {
namespace {

int lumaOf(int ground, int contrast, int percent) {
    return std::clamp(ground + contrast * percent / 100, 4, 250);
}

/// Squared distance of (x, y) to the limb's axis.
float distanceSquared(const Limb& limb, float x, float y) {
    const float dx = limb.x1 - limb.x0;
    const float dy = limb.y1 - limb.y0;
    const float length = dx * dx + dy * dy;
    const float along =
        length > 0 ? std::clamp(((x - limb.x0) * dx + (y - limb.y0) * dy) / length, 0.0F, 1.0F) : 0.0F;
    const float px = x - limb.x0 - along * dx;
    const float py = y - limb.y0 - along * dy;
    return px * px + py * py;
}

void drawLimb(const Limb& limb, std::span<std::uint8_t> luma, int width, int height) {
    const int left = std::max(static_cast<int>(std::floor(std::min(limb.x0, limb.x1) - limb.radius_px)), 0);
    const int right =
        std::min(static_cast<int>(std::ceil(std::max(limb.x0, limb.x1) + limb.radius_px)), width - 1);
    const int top = std::max(static_cast<int>(std::floor(std::min(limb.y0, limb.y1) - limb.radius_px)), 0);
    const int bottom =
        std::min(static_cast<int>(std::ceil(std::max(limb.y0, limb.y1) + limb.radius_px)), height - 1);
    const float reach = limb.radius_px * limb.radius_px;
    for (int y = top; y <= bottom; ++y) {
        for (int x = left; x <= right; ++x) {
            const float away =
                distanceSquared(limb, static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F);
            if (away > reach) continue;
            // Round bodies are lit from one side.
            const int shade = static_cast<int>(8.0F * (1.0F - 2.0F * away / reach));
            luma[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                 static_cast<std::size_t>(x)] =
                static_cast<std::uint8_t>(std::clamp(limb.luma + shade, 0, 255));
        }
    }
}

}  // namespace

Walker::Walker(float middle_x_px, float feet_y_px, float height_px, float stride_phase, bool to_the_right,
               int ground_luma, int contrast) {
    const float swing = std::sin(stride_phase * std::numbers::pi_v<float>);
    const float h = height_px;
    const float facing = to_the_right ? 1.0F : -1.0F;
    const float hip_y = feet_y_px - 0.48F * h;
    const float shoulder_y = feet_y_px - 0.80F * h;
    const float foot = 0.17F * h * swing;
    const float hand = 0.14F * h * swing;
    const float ankle_y = feet_y_px - 0.045F * h;
    const float lean_x = middle_x_px + 0.02F * h * facing;
    const int coat = lumaOf(ground_luma, contrast, 100);
    const int trousers = lumaOf(ground_luma, contrast, 75);
    const int far_side = lumaOf(ground_luma, contrast, 60);
    const int skin = lumaOf(ground_luma, -contrast, 60);
    limbs_ = {
        {{lean_x, shoulder_y, middle_x_px + hand, hip_y, 0.035F * h, far_side},
         {middle_x_px, hip_y, middle_x_px - foot, ankle_y, 0.045F * h, far_side},
         {middle_x_px, hip_y, middle_x_px + foot, ankle_y, 0.05F * h, trousers},
         {lean_x, shoulder_y, middle_x_px, hip_y, 0.105F * h, coat},
         {lean_x, shoulder_y - 0.03F * h, lean_x, shoulder_y - 0.05F * h, 0.04F * h, skin},
         {lean_x, feet_y_px - 0.925F * h, lean_x, feet_y_px - 0.915F * h, 0.065F * h, skin},
         {lean_x, shoulder_y, middle_x_px - hand, hip_y, 0.035F * h, trousers},
         {middle_x_px + foot, ankle_y, middle_x_px + foot + 0.04F * h * facing, ankle_y, 0.03F * h, coat}}};
}

PixelExtent Walker::extent() const {
    PixelExtent all{limbs_[0].x0, limbs_[0].y0, limbs_[0].x0, limbs_[0].y0};
    for (const Limb& limb : limbs_) {
        all.left = std::min(all.left, std::min(limb.x0, limb.x1) - limb.radius_px);
        all.right = std::max(all.right, std::max(limb.x0, limb.x1) + limb.radius_px);
        all.top = std::min(all.top, std::min(limb.y0, limb.y1) - limb.radius_px);
        all.bottom = std::max(all.bottom, std::max(limb.y0, limb.y1) + limb.radius_px);
    }
    return all;
}

void Walker::draw(std::span<std::uint8_t> luma, int width_px, int height_px) const {
    for (const Limb& limb : limbs_) drawLimb(limb, luma, width_px, height_px);
}

}  // namespace camgate::motion
