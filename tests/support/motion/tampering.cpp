#include "support/motion/tampering.hpp"

#include "support/motion/texture.hpp"

namespace camgate::test::film {

Tampering::Tampering(const FilmSettings& settings, Dice dice) : what_(settings.tamper) {
    when_.from_s = dice.between(12, 18);
    when_.to_s = when_.from_s + dice.between(16, 22);
    takes_s_ = dice.logBetween(0.15F, 2.5F);
    if (what_ == Tamper::Black || what_ == Tamper::Frozen) takes_s_ = 0.05F;
    direction_ = dice.sign();
    view_px_ = dice.between(0.15F, kMostView_widths) * real(settings.width_px);
    grey_ = dice.chance(0.7F) ? dice.between(10, 90) : dice.between(120, 220);
    roughness_ = dice.between(0, 10);
    blur_px_ = dice.between(0.018F, 0.05F) * real(settings.height_px);
    leak_ = dice.chance(0.3F) ? dice.between(0.02F, 0.1F) : 0;
    seed_ = dice.next();
}

std::optional<Moment> Tampering::moment() const {
    if (what_ == Tamper::None) return std::nullopt;
    return when_;
}

float Tampering::level(float t_s) const {
    if (what_ == Tamper::None) return 0;
    return smoothStep(0, takes_s_, t_s - when_.from_s) - smoothStep(0, takes_s_, t_s - when_.to_s);
}

float Tampering::viewOffset_px(float t_s) const {
    return what_ == Tamper::Moved ? direction_ * view_px_ * level(t_s) : 0;
}

void Tampering::spoil(Raster& picture, float t_s) {
    const float now = level(t_s);
    if (now <= 0) return;
    if (what_ == Tamper::Covered) cover(picture, now);
    if (what_ == Tamper::Blurred) blur(picture, now);
    if (what_ == Tamper::Overexposed) flood(picture, now);
    if (what_ == Tamper::Black && now > 0.5F)
        std::fill(picture.px_q4.begin(), picture.px_q4.end(), std::int16_t{0});
}

void Tampering::cover(Raster& picture, float now) const {
    const float w = real(picture.width);
    const float soft = 0.06F * w;
    // The edge comes in from one side; what is so close to the lens is out of focus.
    const float edge = (w + soft) * now * (1 - leak_);
    for (int y = 0; y < picture.height; ++y) {
        std::int16_t* row = picture.row(y);
        const float slow_y = real(y) / real(picture.height) * 2;
        for (int x = 0; x < picture.width; ++x) {
            const float along = direction_ > 0 ? real(x) : w - real(x);
            const float cover = smoothStep(0, soft, edge - along);
            if (cover <= 0) continue;
            const float grey = grey_ + roughness_ * latticeValue(seed_, x / 24, y / 24) * 0.3F + 8 * slow_y;
            row[x] = static_cast<std::int16_t>(real(row[x]) * (1 - cover) + 16 * grey * cover);
        }
    }
}

void Tampering::blur(Raster& picture, float now) {
    const int radius = static_cast<int>(blur_px_ * now + 0.5F);
    if (radius < 1) return;
    const int window = 2 * radius + 1;
    // Two passes of a running mean each way are close to a lens out of focus.
    const auto run = [&](int count, int length, auto&& at) {
        line_.resize(static_cast<std::size_t>(length));
        for (int i = 0; i < count; ++i) {
            for (int pass = 0; pass < 2; ++pass) {
                for (int k = 0; k < length; ++k) line_[static_cast<std::size_t>(k)] = at(i, k);
                const auto clamped = [&](int k) {
                    return line_[static_cast<std::size_t>(std::clamp(k, 0, length - 1))];
                };
                std::int32_t sum = 0;
                for (int k = -radius; k <= radius; ++k) sum += clamped(k);
                for (int k = 0; k < length; ++k) {
                    at(i, k) = static_cast<std::int16_t>(sum / window);
                    sum += clamped(k + radius + 1) - clamped(k - radius);
                }
            }
        }
    };
    run(picture.height, picture.width, [&](int y, int x) -> std::int16_t& { return picture.row(y)[x]; });
    run(picture.width, picture.height, [&](int x, int y) -> std::int16_t& { return picture.row(y)[x]; });
}

void Tampering::flood(Raster& picture, float now) const {
    const auto gain_q8 = static_cast<std::int32_t>(256 * (1 + 9 * now));
    const auto veil = static_cast<std::int32_t>(1600 * now);
    for (auto& px : picture.px_q4) {
        const std::int32_t lit = ((px * gain_q8) >> 8) + veil;
        px = static_cast<std::int16_t>(std::min(lit, 16'383));
    }
}

}  // namespace camgate::test::film
