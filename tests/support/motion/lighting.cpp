#include "support/motion/lighting.hpp"

#include "support/motion/texture.hpp"

namespace camgate::test::film {
namespace {

constexpr float kDisplayGamma = 1 / 2.2F;
constexpr float kMostGain = 8;

}  // namespace

Lighting::Lighting(const Stage& stage, Nuisance nuisance, bool night, const Timeline& changes, Dice dice)
    : nuisance_(nuisance),
      width_(stage.day.width),
      height_(stage.day.height),
      cell_px_(std::max(stage.day.width / kCellsAcross, 4)),
      columns_(width_ / cell_px_ + 2),
      rows_(height_ / cell_px_ + 2) {
    if (nuisance != Nuisance::Cloud && nuisance != Nuisance::Lamp && nuisance != Nuisance::Headlights) return;
    for (const Moment& moment : changes) {
        Change change;
        change.when = moment;
        change.seed = dice.next();
        if (nuisance == Nuisance::Cloud) planCloud(change, dice);
        if (nuisance == Nuisance::Lamp) planLamp(change, stage, night, dice);
        if (nuisance == Nuisance::Headlights) planHeadlights(change, stage, night, dice);
        changes_.push_back(change);
    }
    gain_q8_.resize(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_));
}

void Lighting::planCloud(Change& change, Dice& dice) const {
    change.strength = dice.between(0.2F, 0.7F);
    change.direction = dice.between(0, 6.28F);
    change.soft = dice.logBetween(0.05F, 0.8F);
}

void Lighting::planLamp(Change& change, const Stage& stage, bool night, Dice& dice) const {
    const Lamp& lamp = stage.lamps[static_cast<std::size_t>(dice.next() % stage.lamps.size())];
    change.strength = night ? dice.logBetween(0.6F, 12) : dice.logBetween(0.1F, 0.9F);
    change.soft = dice.between(0.03F, 0.4F);
    change.flicker_s = dice.chance(0.35F) ? dice.between(0.2F, 1.0F) : 0;
    const float wide = dice.chance(0.4F) ? dice.between(1.5F, 4.0F) : 1;
    change.x = lamp.x;
    change.y = lamp.y;
    change.reach_x = wide * lamp.reach_x;
    change.reach_y = wide * lamp.reach_y;
}

void Lighting::planHeadlights(Change& change, const Stage& stage, bool night, Dice& dice) const {
    const float h = static_cast<float>(height_);
    change.strength = night ? dice.logBetween(1, 12) : dice.logBetween(0.15F, 0.8F);
    change.direction = dice.sign();
    change.soft = dice.between(0.01F, 0.05F) * h;
    change.y = stage.first_foot_px + dice.between(-0.12F, 0.45F) * h;
    change.reach_x = dice.between(0.12F, 0.5F) * h;
    change.reach_y = dice.between(0.06F, 0.22F) * h;
    // Some turn away before they have crossed the picture.
    const float way = static_cast<float>(width_) + 5 * change.reach_x;
    change.travel_px = way * (dice.chance(0.7F) ? 1 : dice.between(0.3F, 0.8F));
    change.x =
        change.direction > 0 ? -2.5F * change.reach_x : static_cast<float>(width_) + 2.5F * change.reach_x;
}

float Lighting::cloudAt(const Change& change, float x, float y, float t_s) const {
    const float along = (x / static_cast<float>(width_) - 0.5F) * std::cos(change.direction) +
                        (y / static_cast<float>(height_) - 0.5F) * std::sin(change.direction) + 0.5F +
                        0.25F * roughNoise(change.seed, 3 * x / static_cast<float>(width_),
                                           3 * y / static_cast<float>(height_));
    const float length = change.when.to_s - change.when.from_s;
    const float t = (t_s - change.when.from_s) / length;
    // The front crosses in the first third, the rear in the last.
    const float front = -0.6F - change.soft + 3 * t * (2.2F + 2 * change.soft);
    const float rear = -0.6F - change.soft + (3 * t - 2) * (2.2F + 2 * change.soft);
    const float shade = smoothStep(0, change.soft, front - along) - smoothStep(0, change.soft, rear - along);
    return 1 - change.strength * shade;
}

float Lighting::lampLevel(const Change& change, float t_s) const {
    const float in_s = t_s - change.when.from_s;
    const float left_s = change.when.to_s - t_s;
    if (in_s < change.flicker_s) return latticeValue(change.seed, floorOf(in_s * 25), 0) > 0.2F ? 0.8F : 0.0F;
    return std::min(smoothStep(0, change.soft, in_s), smoothStep(0, 0.5F * change.soft, left_s));
}

float Lighting::headlightsAt(const Change& change, float x, float y, float t_s) const {
    const float part = (t_s - change.when.from_s) / (change.when.to_s - change.when.from_s);
    // A beam that comes nearer sweeps faster and grows.
    const float middle = change.x + change.direction * change.travel_px * (0.5F * part + 0.5F * part * part);
    const float size = 0.7F + 0.6F * part;
    const float ends = smoothStep(0, 0.12F, part) * smoothStep(0, 0.12F, 1 - part);
    float light = 0;
    for (const float lobe : {-0.35F, 0.35F}) {
        const float dx = (x - middle - lobe * change.reach_x) / (size * change.reach_x);
        const float dy = (y - change.y) / (size * change.reach_y);
        const float cut_off = smoothStep(-change.soft, change.soft, y - change.y + 0.6F * change.reach_y);
        light += 0.6F * cut_off * std::exp(-dx * dx - dy * dy);
    }
    return change.strength * ends * light;
}

float Lighting::gainAt(float x, float y, float t_s) const {
    float gain = 1;
    for (const Change& change : changes_) {
        if (t_s < change.when.from_s || t_s > change.when.to_s) continue;
        if (nuisance_ == Nuisance::Cloud) gain *= cloudAt(change, x, y, t_s);
        if (nuisance_ == Nuisance::Headlights) gain += headlightsAt(change, x, y, t_s);
        if (nuisance_ == Nuisance::Lamp) {
            const float dx = (x - change.x) / change.reach_x;
            const float dy = (y - change.y) / change.reach_y;
            gain += change.strength * lampLevel(change, t_s) / (1 + dx * dx + dy * dy);
        }
    }
    return std::min(std::pow(gain, kDisplayGamma), kMostGain);
}

bool Lighting::lit(float t_s) const {
    return std::any_of(changes_.begin(), changes_.end(), [t_s](const Change& change) {
        return t_s >= change.when.from_s && t_s <= change.when.to_s;
    });
}

void Lighting::apply(Raster& picture, float t_s) {
    if (!lit(t_s)) return;
    std::size_t i = 0;
    for (int row = 0; row < rows_; ++row) {
        for (int column = 0; column < columns_; ++column) {
            gain_q8_[i++] = static_cast<std::int16_t>(
                256 * gainAt(static_cast<float>(column * cell_px_), static_cast<float>(row * cell_px_), t_s));
        }
    }
    multiply(picture);
}

void Lighting::multiply(Raster& picture) const {
    std::vector<std::int32_t> line(static_cast<std::size_t>(width_ + cell_px_));
    for (int y = 0; y < height_; ++y) {
        const std::int16_t* above = gain_q8_.data() + static_cast<std::ptrdiff_t>(y / cell_px_) * columns_;
        const std::int16_t* below = above + columns_;
        const int fy = y % cell_px_;
        const auto gainOf = [&](int column) { return above[column] * (cell_px_ - fy) + below[column] * fy; };
        for (int column = 0; column * cell_px_ < width_; ++column) {
            const std::int32_t from = gainOf(column);
            const std::int32_t step = (gainOf(column + 1) - from) / cell_px_;
            for (int k = 0; k < cell_px_; ++k)
                line[static_cast<std::size_t>(column * cell_px_ + k)] = (from + k * step) / cell_px_;
        }
        std::int16_t* row = picture.row(y);
        for (int x = 0; x < width_; ++x) {
            const std::int32_t lit = (row[x] * line[static_cast<std::size_t>(x)]) >> 8;
            row[x] = static_cast<std::int16_t>(lit > 16'383 ? 16'383 : lit);
        }
    }
}

}  // namespace camgate::test::film
