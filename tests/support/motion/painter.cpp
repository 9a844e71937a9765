#include "support/motion/painter.hpp"

#include <array>

#include "support/motion/texture.hpp"

namespace camgate::test::film {
namespace {

struct Span {
    int from, to;
};

Span pixels(float from, float to, int limit) {
    return {std::clamp(floorOf(from), 0, limit), std::clamp(ceilOf(to), 0, limit)};
}

/// How much of the pixel at `i` lies within from..to.
float edgeCover(float from, float to, int i) {
    return std::clamp(std::min(to, real(i) + 1) - std::max(from, real(i)), 0.0F, 1.0F);
}

}  // namespace

void Painter::put(int x, int y, float grey, const Material& material, float cover, float foot_px) {
    const auto blend = [cover](std::int16_t& px, float value) {
        px = static_cast<std::int16_t>(real(px) * (1 - cover) + real(levelQ4(value)) * cover);
    };
    blend(stage_.day.row(y)[x], grey);
    blend(stage_.infrared.row(y)[x], grey * material.infrared);
    if (foot_px > 0 && cover > 0.5F) {
        stage_.foot_of_front[static_cast<std::size_t>(y) * static_cast<std::size_t>(stage_.day.width) +
                             static_cast<std::size_t>(x)] = static_cast<std::int16_t>(foot_px);
    }
}

void Painter::ground(float from_y, const Material& material) {
    const std::uint64_t seed = seed_ + 100 * ++surfaces_;
    const float rows = real(stage_.day.height) - stage_.horizon_px;
    const auto [first, last] = pixels(from_y, real(stage_.day.height), stage_.day.height);
    for (int y = first; y < last; ++y) {
        const float nearness = std::max((real(y) - stage_.horizon_px) / rows, 0.03F);
        const float step = 1.0F / (material.grain_px * nearness);
        const float depth = 1.0F / (nearness * material.grain_px) * rows * 0.5F;
        for (int x = 0; x < stage_.day.width; ++x) {
            const float across = (real(x) - real(stage_.day.width) / 2) * step;
            const float grain =
                material.grain * roughNoise(seed, across, depth) +
                0.5F * material.grain * smoothNoise(seed + 9, real(x) / 3.0F, real(y) / 2.0F) +
                1.4F * material.grain * smoothNoise(seed + 17, real(x) / rows * 3, real(y) / rows * 5);
            put(x, y, material.grey + grain, material, 1, 0);
        }
    }
}

void Painter::wall(const RectF& area, const Material& material, float course_px, float joint_grey) {
    box(area, material);
    const auto [top, bottom] = pixels(area.top, area.bottom, stage_.day.height);
    const auto [left, right] = pixels(area.left, area.right, stage_.day.width);
    const float joint = std::max(course_px * 0.12F, 0.6F);
    for (int y = top; y < bottom; ++y) {
        const float course = (real(y) - area.top) / course_px;
        const bool odd = (floorOf(course) & 1) != 0;
        for (int x = left; x < right; ++x) {
            const float brick = (real(x) - area.left) / (2 * course_px) + (odd ? 0.5F : 0.0F);
            const bool in_joint = (course - std::floor(course)) * course_px < joint ||
                                  (brick - std::floor(brick)) * 2 * course_px < joint;
            const float shade = 5.0F * latticeValue(seed_ + surfaces_, floorOf(brick), floorOf(course));
            if (in_joint)
                put(x, y, joint_grey, material, 0.7F, 0);
            else
                put(x, y, material.grey + shade, material, 0.3F, 0);
        }
    }
}

void Painter::tiles(float from_y, float tile_px, float joint_grey) {
    const auto [first, last] = pixels(from_y, real(stage_.day.height), stage_.day.height);
    const float rows = real(stage_.day.height) - stage_.horizon_px;
    const Material joint{joint_grey, 1, 0, 1};
    for (int y = first; y < last; ++y) {
        const float nearness = std::max((real(y) - stage_.horizon_px) / rows, 0.03F);
        const float along = rows * 0.5F / (nearness * tile_px);
        const float along_next = rows * 0.5F / ((nearness + 1 / rows) * tile_px);
        const bool row_joint = floorOf(along) != floorOf(along_next);
        for (int x = 0; x < stage_.day.width; ++x) {
            const float across = (real(x) - real(stage_.day.width) / 2) / (tile_px * nearness);
            const float in_tile = (across - std::floor(across)) * tile_px * nearness;
            if (row_joint || in_tile < 1.0F) put(x, y, joint_grey, joint, row_joint ? 0.5F : 0.4F, 0);
        }
    }
}

void Painter::box(const RectF& area, const Material& material, float foot_px) {
    const std::uint64_t seed = seed_ + 100 * ++surfaces_;
    const auto [top, bottom] = pixels(area.top, area.bottom, stage_.day.height);
    const auto [left, right] = pixels(area.left, area.right, stage_.day.width);
    for (int y = top; y < bottom; ++y) {
        for (int x = left; x < right; ++x) {
            const float grain =
                material.grain * roughNoise(seed, real(x) / material.grain_px, real(y) / material.grain_px);
            const float cover = edgeCover(area.left, area.right, x) * edgeCover(area.top, area.bottom, y);
            put(x, y, material.grey + grain, material, cover, foot_px);
        }
    }
}

void Painter::disc(float x, float y, float radius_px, const Material& material, float foot_px) {
    const auto [top, bottom] = pixels(y - radius_px, y + radius_px + 1, stage_.day.height);
    const auto [left, right] = pixels(x - radius_px, x + radius_px + 1, stage_.day.width);
    for (int py = top; py < bottom; ++py) {
        for (int px = left; px < right; ++px) {
            const float away = std::hypot(real(px) + 0.5F - x, real(py) + 0.5F - y);
            const float cover = std::clamp(radius_px - away + 0.5F, 0.0F, 1.0F);
            if (cover > 0) put(px, py, material.grey, material, cover, foot_px);
        }
    }
}

void Painter::leaves(float x, float y, float radius_px, const Material& material, float foot_px) {
    const std::uint64_t seed = seed_ + 100 * ++surfaces_;
    const auto [top, bottom] = pixels(y - radius_px, y + radius_px, stage_.day.height);
    const auto [left, right] = pixels(x - radius_px, x + radius_px, stage_.day.width);
    for (int py = top; py < bottom; ++py) {
        for (int px = left; px < right; ++px) {
            const float away = std::hypot(real(px) - x, real(py) - y) / radius_px;
            const float rough = roughNoise(seed, real(px) / material.grain_px, real(py) / material.grain_px);
            const float cover = smoothStep(-0.15F, 0.15F, 0.75F - away + 0.5F * rough);
            if (cover <= 0) continue;
            const float lit = 12.0F * (y - real(py)) / radius_px;
            put(px, py, material.grey + lit + material.grain * rough, material, cover, foot_px);
        }
    }
}

void Painter::parkedCar(float middle_x, float foot_px, const Material& paint) {
    const float h = 0.85F * stage_.personAt(foot_px);
    const float half = 1.25F * stage_.personAt(foot_px);
    const Material glass{60, 0.6F, 8, 5};
    const Material tyre{35, 1.2F, 3, 2};
    box({middle_x - half, foot_px - 0.62F * h, middle_x + half, foot_px - 0.14F * h}, paint, foot_px);
    box({middle_x - 0.55F * half, foot_px - h, middle_x + 0.6F * half, foot_px - 0.6F * h}, paint, foot_px);
    box({middle_x - 0.48F * half, foot_px - 0.93F * h, middle_x + 0.02F * half, foot_px - 0.64F * h}, glass,
        foot_px);
    box({middle_x + 0.08F * half, foot_px - 0.93F * h, middle_x + 0.52F * half, foot_px - 0.64F * h}, glass,
        foot_px);
    for (const float side : {-0.6F, 0.6F})
        disc(middle_x + side * half, foot_px - 0.17F * h, 0.17F * h, tyre, foot_px);
}

void Painter::vignette(float corner_loss) {
    const float half_w = real(stage_.day.width) / 2;
    const float half_h = real(stage_.day.height) / 2;
    for (int y = 0; y < stage_.day.height; ++y) {
        for (int x = 0; x < stage_.day.width; ++x) {
            const float dx = (real(x) - half_w) / half_w;
            const float dy = (real(y) - half_h) / half_h;
            const float away = 0.5F * (dx * dx + dy * dy);
            auto& day = stage_.day.row(y)[x];
            auto& infrared = stage_.infrared.row(y)[x];
            day = static_cast<std::int16_t>(real(day) * (1 - corner_loss * away));
            // An illuminator beside the lens lights the middle.
            infrared = static_cast<std::int16_t>(std::min(real(infrared) * (1.25F - 0.7F * away), 4080.0F));
        }
    }
}

}  // namespace camgate::test::film
