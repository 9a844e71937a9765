#include "support/motion/stage.hpp"

#include <array>

#include "support/motion/dice.hpp"
#include "support/motion/painter.hpp"

namespace camgate::test::film {
namespace {

Material surface(Dice& dice, float low, float high, float infrared, float height_px) {
    return {dice.between(low, high), infrared * dice.between(0.85F, 1.15F), dice.between(3, 11),
            std::max(height_px * dice.between(0.008F, 0.03F), 1.5F)};
}

void tree(Stage& stage, Painter& painter, Dice& dice, float x, float foot_px) {
    const float h = real(stage.day.height);
    const float size = std::clamp(2.2F * stage.personAt(foot_px), 0.12F * h, 0.7F * h);
    const float half_trunk = std::max(0.035F * size, 1.0F);
    const Material bark = surface(dice, 45, 80, 1.3F, h);
    painter.box({x - half_trunk, foot_px - 0.7F * size, x + half_trunk, foot_px}, bark, foot_px);
    Material leaf = surface(dice, 60, 95, 1.9F, h);
    leaf.grain = dice.between(16, 30);
    for (int i = 0; i < 5; ++i) {
        const Crown crown{x + dice.between(-0.28F, 0.28F) * size, foot_px - dice.between(0.62F, 1.0F) * size,
                          dice.between(0.16F, 0.28F) * size, leaf.grey};
        painter.leaves(crown.x, crown.y, crown.radius_px, leaf, foot_px);
        stage.crowns.push_back(crown);
    }
}

void hedge(Stage& stage, Painter& painter, Dice& dice, float from_x, float to_x, float foot_px) {
    const float h = real(stage.day.height);
    const float radius = std::max(0.6F * stage.personAt(foot_px), 0.03F * h);
    Material leaf = surface(dice, 55, 90, 1.8F, h);
    leaf.grain = dice.between(14, 26);
    for (float x = from_x; x < to_x; x += radius * 0.9F) {
        painter.leaves(x, foot_px - radius * 0.8F, radius, leaf, foot_px);
        stage.crowns.push_back({x, foot_px - radius * 0.8F, radius, leaf.grey});
    }
}

void windows(Painter& painter, Dice& dice, const RectF& wall, float height_px) {
    const Material glass = surface(dice, 45, 90, 0.7F, height_px);
    const Material frame = surface(dice, 170, 215, 1, height_px);
    const float width = wall.height() * dice.between(0.25F, 0.4F);
    for (float x = wall.left + width; x + width < wall.right; x += width * dice.between(2.0F, 3.0F)) {
        const RectF hole{x, wall.top + 0.2F * wall.height(), x + width, wall.top + 0.72F * wall.height()};
        const float rim = std::max(0.08F * width, 1.0F);
        painter.box({hole.left - rim, hole.top - rim, hole.right + rim, hole.bottom + rim}, frame);
        painter.box(hole, glass);
    }
}

void yard(Stage& stage, Painter& painter, Dice& dice) {
    const float w = real(stage.day.width);
    const float h = real(stage.day.height);
    const RectF wall{0, 0, w, stage.first_foot_px};
    painter.ground(stage.first_foot_px, surface(dice, 95, 140, 1.15F, 4 * h));
    painter.wall(wall, surface(dice, 120, 180, 0.95F, h), h * dice.between(0.03F, 0.06F),
                 dice.between(90, 125));
    windows(painter, dice, {0, 0.1F * stage.first_foot_px, w * dice.between(0.4F, 0.8F), wall.bottom}, h);
    const float door = dice.between(0.7F, 0.9F) * w;
    painter.box({door, 0.25F * wall.bottom, door + 0.06F * w, wall.bottom}, surface(dice, 50, 90, 1.2F, h));
    for (int i = dice.whole(1, 3); i > 0; --i) {
        const float foot = dice.between(stage.first_foot_px + 0.05F * h, 0.85F * h);
        const float x = dice.between(0, w);
        const float size = 0.6F * stage.personAt(foot);
        painter.box({x, foot - size, x + 0.6F * size, foot}, surface(dice, 40, 170, 1, h), foot);
    }
    tree(stage, painter, dice, dice.between(0.05F, 0.95F) * w, dice.between(0.5F, 0.75F) * h);
    if (dice.chance(0.5F))
        hedge(stage, painter, dice, 0, dice.between(0.2F, 0.45F) * w, stage.first_foot_px + 0.03F * h);
}

void street(Stage& stage, Painter& painter, Dice& dice) {
    const float w = real(stage.day.width);
    const float h = real(stage.day.height);
    painter.box({0, 0, w, stage.horizon_px}, {dice.between(180, 225), 0.4F, 4, 0.4F * h});
    for (float x = 0; x < w;) {
        const float width = dice.between(0.15F, 0.35F) * w;
        const RectF house{x, stage.first_foot_px * dice.between(0.0F, 0.35F), x + width, stage.first_foot_px};
        painter.box(house, surface(dice, 100, 190, 0.95F, h));
        windows(painter, dice, house, h);
        x += width * dice.between(1.0F, 1.25F);
    }
    painter.ground(stage.first_foot_px, surface(dice, 120, 160, 1.05F, 3 * h));
    const float half_road = 1.6F * stage.personAt(stage.road_foot_px);
    Material asphalt = surface(dice, 70, 110, 0.9F, 2 * h);
    painter.box({0, stage.road_foot_px - 0.45F * half_road, w, stage.road_foot_px + 0.35F * half_road},
                asphalt);
    const float dash = dice.between(0.04F, 0.09F) * w;
    for (float x = 0; x < w; x += 2.2F * dash)
        painter.box(
            {x, stage.road_foot_px - 0.06F * half_road, x + dash, stage.road_foot_px - 0.02F * half_road},
            {200, 1.2F, 4, 3});
    const float kerb = std::min(stage.road_foot_px - 0.5F * half_road, 0.95F * h);
    if (kerb > stage.first_foot_px + 2) {
        for (int i = dice.whole(1, 3); i > 0; --i)
            painter.parkedCar(dice.between(0.05F, 0.95F) * w, kerb, surface(dice, 30, 210, 1, h));
        for (int i = dice.whole(1, 3); i > 0; --i) tree(stage, painter, dice, dice.between(0, w), kerb);
    }
    if (dice.chance(0.4F)) tree(stage, painter, dice, dice.sign() > 0 ? 0.02F * w : 0.98F * w, 0.95F * h);
}

void gate(Stage& stage, Painter& painter, Dice& dice) {
    const float w = real(stage.day.width);
    const float h = real(stage.day.height);
    painter.ground(stage.first_foot_px, surface(dice, 110, 165, 1.05F, 3 * h));
    painter.tiles(stage.first_foot_px, h * dice.between(0.12F, 0.3F), dice.between(70, 95));
    painter.wall({0, 0, w, stage.first_foot_px}, surface(dice, 130, 195, 1, h), h * dice.between(0.05F, 0.1F),
                 dice.between(110, 140));
    const float left = dice.between(0.25F, 0.4F) * w;
    const float right = left + dice.between(0.25F, 0.4F) * w;
    const float top = 0.15F * stage.first_foot_px;
    painter.box({left, top, right, stage.first_foot_px}, surface(dice, 60, 110, 0.8F, h));
    const float bar = std::max(0.008F * w, 1.2F);
    const Material iron = surface(dice, 30, 60, 1.1F, h);
    for (float x = left; x < right; x += 3.5F * bar)
        painter.box({x, top, x + bar, stage.first_foot_px}, iron);
    for (const float x : {left - 0.05F * w, right})
        painter.box({x, 0.5F * top, x + 0.05F * w, stage.first_foot_px + 0.01F * h},
                    surface(dice, 150, 210, 1, h));
    const float post = dice.between(0.1F, 0.9F) * w;
    const float foot = dice.between(0.7F, 0.95F) * h;
    painter.box({post, 0, post + std::max(0.012F * w, 2.0F), foot}, surface(dice, 70, 120, 1, h), foot);
    hedge(stage, painter, dice, right + 0.08F * w, w, stage.first_foot_px + 0.04F * h);
}

}  // namespace

Stage drawStage(Place place, int width_px, int height_px, std::uint64_t seed) {
    Dice dice(seed, 1);
    Stage stage;
    stage.day = Raster(width_px, height_px);
    stage.infrared = stage.day;
    stage.foot_of_front.assign(stage.day.px_q4.size(), 0);
    const float h = real(height_px);
    stage.horizon_px = h * dice.between(0.02F, 0.18F);
    stage.person_per_row = dice.between(0.32F, 0.5F);
    stage.first_foot_px = stage.footOf(0.045F * h);
    stage.road_foot_px = stage.footOf(h * dice.between(0.1F, 0.2F));
    Painter painter(stage, seed);
    painter.box({0, 0, real(width_px), h}, surface(dice, 120, 170, 0.8F, h));
    constexpr std::array draw{yard, street, gate};
    draw[static_cast<std::size_t>(place)](stage, painter, dice);
    painter.vignette(dice.between(0.05F, 0.3F));
    for (int i = 0; i < 3; ++i) {
        const float y = dice.between(stage.first_foot_px, 0.9F * h);
        stage.lamps.push_back({dice.between(0.1F, 0.9F) * real(width_px), y, dice.between(0.2F, 0.6F) * h,
                               dice.between(0.12F, 0.4F) * h});
    }
    return stage;
}

}  // namespace camgate::test::film
