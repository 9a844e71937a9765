#include "support/motion/weather.hpp"

namespace camgate::test::film {
namespace {

constexpr float kShutter_s = 1 / 40.0F;

}  // namespace

Weather::Weather(Nuisance nuisance, bool night, int width_px, int height_px, Dice dice)
    : nuisance_(nuisance), night_(night), width_(real(width_px)), height_(real(height_px)), dice_(dice) {
    slant_ = dice_.between(-0.35F, 0.35F);
    brightness_ = night ? dice_.between(60, 400) : dice_.between(12, 60);
    if (nuisance == Nuisance::Rain) density_ = dice_.logBetween(20, 300);
    if (nuisance == Nuisance::Snow) {
        density_ = dice_.logBetween(30, 250);
        speed_px_ = dice_.between(0.15F, 0.6F) * height_;
        for (int i = 0; i < static_cast<int>(density_); ++i) bits_.push_back(newFlake(true));
    }
    if (nuisance == Nuisance::Insects) density_ = dice_.logBetween(0.15F, 1.5F);
}

void Weather::draw(Raster& picture, float dt_s) {
    if (nuisance_ == Nuisance::Rain) drawRain(picture, dt_s);
    if (nuisance_ == Nuisance::Snow) drawSnow(picture, dt_s);
    if (nuisance_ == Nuisance::Insects) drawInsects(picture, dt_s);
}

void Weather::streak(Raster& picture, const Bit& bit, float shutter_s) const {
    const float dx = bit.vx * shutter_s;
    const float dy = bit.vy * shutter_s;
    const float r = bit.radius_px;
    const int top = std::max(floorOf(bit.y + std::min(dy, 0.0F) - r), 0);
    const int bottom = std::min(ceilOf(bit.y + std::max(dy, 0.0F) + r), picture.height);
    const int left = std::max(floorOf(bit.x + std::min(dx, 0.0F) - r), 0);
    const int right = std::min(ceilOf(bit.x + std::max(dx, 0.0F) + r), picture.width);
    const float inverse_length = 1.0F / std::max(dx * dx + dy * dy, 1e-3F);
    // The same light spread over a longer way is dimmer.
    const float alpha = bit.alpha * std::min(1.0F, 3 * r / (std::hypot(dx, dy) + 2 * r));
    for (int y = top; y < bottom; ++y) {
        for (int x = left; x < right; ++x) {
            const float ax = real(x) + 0.5F - bit.x;
            const float ay = real(y) + 0.5F - bit.y;
            const float along = std::clamp((ax * dx + ay * dy) * inverse_length, 0.0F, 1.0F);
            const float px = ax - along * dx;
            const float py = ay - along * dy;
            const float near = 1 - (px * px + py * py) / (r * r);
            if (near <= 0) continue;
            const float a = alpha * near;
            auto& level = picture.row(y)[x];
            level =
                static_cast<std::int16_t>(std::min(real(level) * (1 - a) + 16 * bit.grey * a, kBrightest_q4));
        }
    }
}

void Weather::drawRain(Raster& picture, float dt_s) {
    const int count = static_cast<int>(density_ * dice_.between(0.8F, 1.2F));
    for (int i = 0; i < count; ++i) {
        Bit drop;
        const float near = dice_.unit() * dice_.unit();  // most drops are far away
        drop.x = dice_.between(-0.1F, 1.1F) * width_;
        drop.y = dice_.between(-0.2F, 1.0F) * height_;
        drop.vy = (1.5F + 4 * near) * height_;
        drop.vx = slant_ * drop.vy;
        drop.radius_px = height_ * (0.0018F + 0.006F * near);
        drop.grey = 90 + brightness_;
        drop.alpha = 0.6F * (1 - 0.6F * near);
        streak(picture, drop, kShutter_s);
    }
    // A drop close to the lens: a blurred flash in one frame.
    if (!dice_.chance(dt_s * 1.5F)) return;
    Bit close;
    close.x = dice_.between(0, width_);
    close.y = dice_.between(0, height_);
    close.vy = 6 * height_;
    close.vx = slant_ * close.vy;
    close.radius_px = dice_.between(0.015F, 0.05F) * height_;
    close.grey = 100 + brightness_;
    close.alpha = 0.5F;
    streak(picture, close, kShutter_s);
}

Weather::Bit Weather::newFlake(bool anywhere) {
    Bit flake;
    const float near = dice_.unit() * dice_.unit() * dice_.unit();
    flake.radius_px = std::max(height_ * (0.004F + 0.03F * near), 0.8F);
    flake.x = dice_.between(-0.2F, 1.2F) * width_;
    flake.y = anywhere ? dice_.between(0, height_) : -flake.radius_px;
    flake.vy = speed_px_ * (0.7F + 3 * near) * dice_.between(0.8F, 1.2F);
    flake.vx = slant_ * flake.vy;
    flake.grey = 130 + 2 * brightness_;
    flake.alpha = 0.75F * (1 - 0.6F * near);
    return flake;
}

void Weather::drawSnow(Raster& picture, float dt_s) {
    for (Bit& flake : bits_) {
        flake.vx += dice_.between(-1, 1) * 0.6F * speed_px_ * std::sqrt(dt_s);
        flake.vx += (slant_ * flake.vy - flake.vx) * std::min(dt_s, 1.0F);
        flake.x += flake.vx * dt_s;
        flake.y += flake.vy * dt_s;
        if (flake.y > height_ + flake.radius_px) flake = newFlake(false);
        streak(picture, flake, kShutter_s);
    }
}

Weather::Bit Weather::newInsect() {
    Bit insect;
    const bool hovers = dice_.chance(0.2F);
    insect.radius_px = dice_.logBetween(0.006F, 0.06F) * height_;
    insect.x = dice_.between(-0.05F, 1.05F) * width_;
    insect.y = dice_.between(-0.05F, 1.05F) * height_;
    insect.vx = hovers ? dice_.between(0.1F, 0.3F) * height_ : dice_.logBetween(0.5F, 4) * height_;
    insect.turn = dice_.between(0, 6.28F);
    insect.grey = night_ ? dice_.between(250, 900) : dice_.between(20, 60);
    insect.alpha = dice_.between(0.35F, 0.9F);
    insect.left_s = dice_.between(0.15F, 2.0F);
    return insect;
}

void Weather::drawInsects(Raster& picture, float dt_s) {
    if (dice_.chance(density_ * dt_s)) bits_.push_back(newInsect());
    for (Bit& insect : bits_) {
        const float speed = insect.vx;
        insect.turn += dice_.normal() * 3.0F * std::sqrt(dt_s);
        insect.radius_px *= std::exp(dice_.normal() * 0.4F * std::sqrt(dt_s));
        Bit drawn = insect;
        drawn.vx = speed * std::cos(insect.turn);
        drawn.vy = speed * std::sin(insect.turn);
        streak(picture, drawn, kShutter_s);
        insect.x += drawn.vx * dt_s;
        insect.y += drawn.vy * dt_s;
        insect.left_s -= dt_s;
    }
    std::erase_if(bits_, [](const Bit& insect) { return insect.left_s <= 0; });
}

}  // namespace camgate::test::film
