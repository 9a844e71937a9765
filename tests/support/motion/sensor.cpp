#include "support/motion/sensor.hpp"

#include "support/motion/texture.hpp"

namespace camgate::test::film {
namespace {

constexpr float kIssueNight_gain = 0.3F;
constexpr float kIssueNight_sigma = 6;

}  // namespace

Sensor::Sensor(const FilmSettings& settings, const Timeline& changes, Dice dice)
    : nuisance_(settings.nuisance),
      night_(settings.night),
      width_(settings.width_px),
      height_(settings.height_px),
      changes_(changes),
      seed_(dice.next()),
      frame_dice_(dice.next()),
      cut_(settings.width_px, settings.height_px),
      curve_q4_(kCurve) {
    gamma_ = dice.between(0.85F, 1.15F);
    black_ = dice.between(0, 16);
    shot_ = dice.between(0.3F, 1.2F);
    sigma_ = dice.logBetween(0.8F, 3);
    control_strength_ = dice.between(0, 0.7F);
    control_s_ = dice.logBetween(0.3F, 2.5F);
    gusts_per_s_ = dice.between(0.1F, 0.4F);
    sigma_switched_ = dice.between(3, 7);
    if (settings.night) {
        // The labelled set's night; with nuisances also better lit ones.
        const bool exact = settings.nuisance == Nuisance::None;
        base_gain_ = exact ? kIssueNight_gain : dice.between(0.28F, 0.7F);
        sigma_ = exact ? kIssueNight_sigma : dice.between(2.5F, 6.5F);
        gamma_ = 1;
        black_ = dice.between(0, 8);
        shot_ *= 0.3F;
    }
    if (nuisance_ == Nuisance::Noise) sigma_ = dice.between(4, 10);
    if (nuisance_ == Nuisance::Shake) {
        shake_px_ = real(settings.height_px) / 360 * dice.logBetween(0.4F, 3);
        for (float& hz : shake_hz_) hz = dice.logBetween(0.8F, 7);
    }
    if (nuisance_ == Nuisance::AgcRamp || nuisance_ == Nuisance::IrSwitch) {
        for (const Moment& change : changes) {
            Ramp ramp{change, dice.sign() > 0 ? dice.between(1.25F, 2) : dice.between(0.5F, 0.8F),
                      dice.logBetween(0.2F, 8)};
            if (nuisance_ == Nuisance::IrSwitch)
                ramp = {change, dice.between(0.5F, 1.1F), dice.between(0.3F, 1.5F)};
            ramps_.push_back(ramp);
        }
    }
    makeNoise(dice);
}

void Sensor::makeNoise(Dice dice) {
    // Cameras smooth their noise: some leave single pixels, some blotches.
    const float blotch = dice.chance(0.5F) ? dice.between(0.2F, 0.6F) : 0;
    const float scale = 32 / std::sqrt(1 + 2 * blotch * blotch);
    std::vector<float> raw(kNoiseSide * kNoiseSide);
    for (float& value : raw) value = dice.normal();
    noise_.resize(2 * raw.size());
    for (std::size_t y = 0; y < kNoiseSide; ++y) {
        for (std::size_t x = 0; x < kNoiseSide; ++x) {
            const auto at = [&](std::size_t column, std::size_t row) {
                return raw[(row % kNoiseSide) * kNoiseSide + column % kNoiseSide];
            };
            const float value = scale * (at(x, y) + blotch * at(x + 1, y) + blotch * at(x, y + 1));
            const auto level = static_cast<std::int8_t>(std::clamp(value, -127.0F, 127.0F));
            noise_[y * 2 * kNoiseSide + x] = level;
            noise_[y * 2 * kNoiseSide + x + kNoiseSide] = level;
        }
    }
}

Sensor::Offset Sensor::shake(float t_s) const {
    if (nuisance_ != Nuisance::Shake) return {};
    const float gust = std::clamp(0.4F + 0.9F * wander(seed_, t_s * gusts_per_s_ * 2), 0.0F, 1.3F);
    Offset offset;
    for (std::size_t i = 0; i < shake_hz_.size(); ++i) {
        const float phase = 6.28F * shake_hz_[i] * t_s + 2 * wander(seed_ + i, t_s);
        offset.x += std::sin(phase) / real(static_cast<int>(i) + 1);
        offset.y += 0.5F * std::cos(1.13F * phase) / real(static_cast<int>(i) + 1);
    }
    return {shake_px_ * gust * offset.x * 0.6F, shake_px_ * gust * offset.y * 0.6F};
}

bool Sensor::infrared(float t_s) const {
    if (nuisance_ != Nuisance::IrSwitch) return night_ && nuisance_ != Nuisance::None;
    for (const Moment& change : changes_) {
        if (t_s >= change.from_s && t_s < change.to_s) return !night_;
    }
    return night_;
}

float Sensor::plannedGain(float t_s) const {
    float gain = 1;
    for (const Ramp& ramp : ramps_) {
        if (nuisance_ == Nuisance::AgcRamp) {
            const float up = smoothStep(0, ramp.seconds, t_s - ramp.when.from_s);
            const float down = smoothStep(0, ramp.seconds, t_s - ramp.when.to_s);
            gain *= std::pow(ramp.gain, up - down);
            continue;
        }
        // After the filter has flipped, exposure starts far off and hunts for its level.
        const bool flipped = t_s >= ramp.when.from_s && t_s < ramp.when.to_s;
        const float since = flipped ? t_s - ramp.when.from_s : t_s - ramp.when.to_s;
        if (flipped) gain *= ramp.gain;
        if (since >= 0) gain *= 1 + 0.8F * std::exp(-since / (0.35F * ramp.seconds)) * std::cos(3 * since);
    }
    return std::max(gain, 0.05F);
}

float Sensor::noiseSigma(float t_s) const {
    return nuisance_ == Nuisance::IrSwitch && infrared(t_s) ? sigma_switched_ : sigma_;
}

void Sensor::control(const std::vector<std::uint8_t>& luma, float dt_s) {
    long sum = 0;
    long count = 0;
    for (std::size_t i = 0; i < luma.size(); i += 67, ++count) sum += luma[i];
    const float mean = std::max(static_cast<float>(sum) / static_cast<float>(count), 2.0F);
    if (aim_ < 0) aim_ = mean;
    // What the scene would be without control decides, so that a weak control is not a slow one.
    const float wanted = std::pow(aim_ * controlled_ / mean, control_strength_);
    controlled_ += (std::clamp(wanted, 0.4F, 2.5F) - controlled_) * std::min(dt_s / control_s_, 1.0F);
}

void Sensor::makeCurve(float gain) {
    if (std::abs(gain - curve_gain_) < 0.001F * gain) return;
    curve_gain_ = gain;
    for (std::size_t i = 0; i < kCurve; ++i) {
        const float light = static_cast<float>(i) / real(kWhite_q4) * gain;
        // Bright parts are compressed before they clip.
        const float kneed = light < 0.8F ? light : 0.8F + 0.2F * (1 - std::exp(-(light - 0.8F) / 0.25F));
        const float shown = gamma_ == 1 ? kneed : std::pow(kneed, gamma_);
        curve_q4_[i] = static_cast<std::uint16_t>(16 * (black_ + (255 - black_) * std::min(shown, 1.0F)));
    }
}

void Sensor::cut(const Raster& picture, Offset offset) {
    const int x0 = floorOf(offset.x);
    const int y0 = floorOf(offset.y);
    const int fx = static_cast<int>((offset.x - real(x0)) * 16);
    const int fy = static_cast<int>((offset.y - real(y0)) * 16);
    for (int y = 0; y < height_; ++y) {
        const std::int16_t* above = picture.row(std::clamp(y + y0, 0, picture.height - 1)) + x0;
        const std::int16_t* below = picture.row(std::clamp(y + y0 + 1, 0, picture.height - 1)) + x0;
        std::int16_t* to = cut_.row(y);
        if (fx == 0 && fy == 0) {
            std::copy_n(above, width_, to);
            continue;
        }
        for (int x = 0; x < width_; ++x) {
            to[x] = static_cast<std::int16_t>(((above[x] * (16 - fx) + above[x + 1] * fx) * (16 - fy) +
                                               (below[x] * (16 - fx) + below[x + 1] * fx) * fy) >>
                                              8);
        }
    }
}

void Sensor::addNoise(const std::uint16_t* level_q4, const std::int8_t* noise, Grain grain, std::uint8_t* to,
                      std::size_t count) {
    for (std::size_t x = 0; x < count; ++x) {
        const std::int32_t strength = grain.base + ((grain.slope * level_q4[x]) >> 12);
        const std::int32_t grey = (level_q4[x] + ((noise[x] * strength) >> 7) + 8) >> 4;
        to[x] = static_cast<std::uint8_t>(grey < 0 ? 0 : grey > 255 ? 255 : grey);
    }
}

void Sensor::expose(const Raster& picture, Offset offset, float t_s, float dt_s,
                    std::vector<std::uint8_t>& luma) {
    cut(picture, offset);
    makeCurve(base_gain_ * plannedGain(t_s) * controlled_);
    // Read noise and light's own, which grows with its level.
    const float sigma = noiseSigma(t_s);
    const Grain grain{static_cast<std::int32_t>(sigma * 64), static_cast<std::int32_t>(sigma * shot_ * 64)};
    const std::uint64_t thrown = frame_dice_.next();
    const std::size_t start = (thrown >> 32U) % kNoiseSide;
    const auto width = static_cast<std::size_t>(width_);
    std::vector<std::uint16_t> level_q4(width);
    for (int y = 0; y < height_; ++y) {
        const std::size_t noise_row = (thrown + static_cast<std::size_t>(y)) % kNoiseSide;
        const std::int8_t* noise = noise_.data() + noise_row * 2 * kNoiseSide + start;
        const std::int16_t* from = cut_.row(y);
        for (std::size_t x = 0; x < width; ++x)
            level_q4[x] = curve_q4_[static_cast<std::size_t>(std::clamp<int>(from[x], 0, kCurve - 1))];
        std::uint8_t* to = luma.data() + static_cast<std::size_t>(y) * width;
        for (std::size_t x = 0; x < width; x += kNoiseSide)
            addNoise(level_q4.data() + x, noise, grain, to + x, std::min(kNoiseSide, width - x));
    }
    control(luma, dt_s);
}

}  // namespace camgate::test::film
