#include "support/motion/wind.hpp"

#include "support/motion/texture.hpp"

namespace camgate::test::film {
namespace {

constexpr std::size_t kMostClumps = 70;

}  // namespace

Wind::Wind(const Stage& stage, bool sunny, Dice dice)
    : strength_(dice.logBetween(0.25F, 1)), gusts_per_s_(dice.between(0.1F, 0.4F)), seed_(dice.next()) {
    while (clumps_.size() < kMostClumps && !stage.crowns.empty()) {
        for (const Crown& crown : stage.crowns) clumps_.push_back(newClump(crown, dice));
    }
    if (!sunny || !dice.chance(0.5F)) return;
    const float drop = dice.between(1.5F, 3.5F);
    for (const Crown& crown : stage.crowns) {
        Clump shade = newClump(crown, dice);
        shade.shade = true;
        shade.y = std::min(crown.y + drop * crown.radius_px, 0.95F * real(stage.day.height));
        clumps_.push_back(shade);
    }
}

Wind::Clump Wind::newClump(const Crown& crown, Dice& dice) const {
    Clump clump;
    const float radius = std::max(crown.radius_px * dice.between(0.25F, 0.6F), 2.0F);
    clump.x = crown.x + dice.between(-0.75F, 0.75F) * crown.radius_px;
    clump.y = crown.y + dice.between(-0.75F, 0.75F) * crown.radius_px;
    clump.sway_x = dice.between(0.1F, 0.55F) * crown.radius_px;
    clump.sway_y = dice.between(0.05F, 0.3F) * crown.radius_px;
    clump.swings_per_s = dice.logBetween(0.3F, 2.2F);
    clump.phase = dice.between(0, 6.28F);
    clump.side = ceilOf(2 * radius) + 2;
    const std::uint64_t seed = dice.next();
    const float grain = std::max(radius * 0.35F, 1.5F);
    const float grey = crown.grey + dice.between(-22, 22);
    for (int y = 0; y < clump.side; ++y) {
        for (int x = 0; x < clump.side; ++x) {
            const float away = std::hypot(real(x) - radius, real(y) - radius) / radius;
            const float rough = roughNoise(seed, real(x) / grain, real(y) / grain);
            clump.alpha.push_back(
                static_cast<std::uint8_t>(230 * smoothStep(-0.15F, 0.2F, 0.7F - away + 0.5F * rough)));
            clump.grey_q4.push_back(levelQ4(grey + 24 * rough));
        }
    }
    return clump;
}

void Wind::draw(Raster& picture, float t_s) const {
    const float gust =
        strength_ * std::clamp(0.45F + 0.8F * wander(seed_, t_s * gusts_per_s_ * 2), 0.0F, 1.2F);
    for (const Clump& clump : clumps_) {
        // Neighbours feel the gust one after another.
        const float local = gust * (0.8F + 0.3F * wander(seed_ + 7, t_s * 0.7F + clump.x * 0.004F));
        const float swing = std::sin(6.28F * clump.swings_per_s * t_s + clump.phase +
                                     1.5F * wander(seed_ + 3, t_s * 0.5F + clump.phase));
        const float flutter = 0.15F * wander(seed_ + 11, 5 * t_s + 10 * clump.phase);
        lay(picture, clump, clump.x + clump.sway_x * local * (0.6F + 0.7F * swing + flutter),
            clump.y + clump.sway_y * local * (swing + flutter));
    }
}

void Wind::lay(Raster& picture, const Clump& clump, float x, float y) const {
    const int left = floorOf(x) - clump.side / 2;
    const int top = floorOf(y) - clump.side / 2;
    const int fx = static_cast<int>((x - std::floor(x)) * 16);
    const int fy = static_cast<int>((y - std::floor(y)) * 16);
    const auto side = static_cast<std::size_t>(clump.side);
    for (int row = std::max(1, -top); row < clump.side && top + row < picture.height; ++row) {
        std::int16_t* line = picture.row(top + row);
        for (int column = std::max(1, -left); column < clump.side && left + column < picture.width;
             ++column) {
            const std::size_t i = static_cast<std::size_t>(row) * side + static_cast<std::size_t>(column);
            // Between pixels: the four around, so that slow swaying is smooth.
            const int alpha =
                (clump.alpha[i] * (16 - fx) * (16 - fy) + clump.alpha[i - 1] * fx * (16 - fy) +
                 clump.alpha[i - side] * (16 - fx) * fy + clump.alpha[i - side - 1] * fx * fy) >>
                8;
            if (alpha == 0) continue;
            auto& px = line[left + column];
            px = static_cast<std::int16_t>(clump.shade ? px - ((px * alpha) >> 10)
                                                       : px + (((clump.grey_q4[i] - px) * alpha) >> 8));
        }
    }
}

}  // namespace camgate::test::film
