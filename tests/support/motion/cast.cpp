#include "support/motion/cast.hpp"

#include <array>

namespace camgate::test::film {
namespace {

constexpr float kLeastGap_s = 7;
constexpr float kLongest_s = 14;

/// Mean grey of the ground and wall behind the path's middle.
float behind(const Stage& stage, const Appearance& who) {
    const Pose pose = poseOf(who, stage, (who.from_s + who.to_s) / 2);
    const int x0 = std::clamp(floorOf(pose.x), 8, stage.day.width - 9);
    const int y0 = std::clamp(floorOf(pose.foot - pose.person_px / 2), 8, stage.day.height - 9);
    int sum_q4 = 0;
    for (int y = y0 - 8; y <= y0 + 8; y += 4) {
        for (int x = x0 - 8; x <= x0 + 8; x += 4) sum_q4 += stage.day.row(y)[x];
    }
    return real(sum_q4) / 25 / 16;
}

float contrasted(float ground, float contrast, float sign) {
    const float grey = ground + sign * contrast;
    return grey < 8 || grey > 245 ? ground - sign * contrast : grey;
}

void dress(Appearance& who, const Stage& stage, Dice& dice, bool night) {
    constexpr std::array contrasts{28.0F, 40.0F, 60.0F, 90.0F};
    const float ground = behind(stage, who);
    const float sign = dice.sign();
    who.contrast = dice.pick(contrasts);
    who.upper_grey = contrasted(ground, who.contrast, sign);
    who.lower_grey =
        contrasted(ground, who.contrast * dice.between(0.6F, 1.1F), dice.chance(0.6F) ? sign : -sign);
    who.skin_grey = dice.between(70, 190);
    if (who.kind == FigureKind::Car) who.lower_grey = dice.between(35, 75);
    who.gait_phase = dice.between(0, 6);
    who.lights_on = night && who.kind == FigureKind::Car && dice.chance(0.7F);
    const bool sun = !night && dice.chance(0.45F);
    who.shadow_x = dice.between(-0.8F, 0.8F);
    who.shadow_strength = sun ? dice.between(0.25F, 0.5F) : dice.between(0.05F, 0.15F);
}

/// Sets where the path begins and how long it takes: across the whole picture, or between two edges that hide
/// whoever is behind them if that would take too long.
void layPath(Appearance& who, const Stage& stage, Dice& dice) {
    Path& path = who.path;
    const float half_width = real(stage.day.width) / 2 / path.person_px;
    const float own_half = who.kind == FigureKind::Car ? 1.3F : 0.35F;
    const float direction = path.across_per_s > 0 ? 1.0F : -1.0F;
    const float speed = std::abs(path.across_per_s);
    float way = 2 * (half_width + own_half);
    float from = -(half_width + own_half);
    if (way / speed > kLongest_s) {
        way = std::min(speed * dice.between(8, kLongest_s), way);
        from = dice.between(-half_width, half_width - way + 2 * own_half) - own_half;
        const float middle = real(stage.day.width) / 2;
        path.from_behind_x = middle + direction * (from + own_half) * path.person_px;
        path.goes_behind_x = middle + direction * (from + way - own_half) * path.person_px;
    }
    path.start_x = from * direction;
    if (who.kind == FigureKind::Walker && dice.chance(0.15F)) {
        path.pause_at_s = way / speed * dice.between(0.35F, 0.65F);
        path.pause_s = dice.between(1, 6);
    }
    who.to_s = who.from_s + way / speed + path.pause_s;
}

/// Whoever goes away becomes smaller and needs longer to leave; too long: keeps the distance.
void approach(Appearance& walker, const Stage& stage, float nearer_per_s) {
    constexpr float kLongestWay_s = 25;
    const float to_s = walker.to_s;
    walker.path.nearer_per_s = nearer_per_s;
    const auto inside = [&] {
        const RectF extent = extentOf(walker, poseOf(walker, stage, walker.to_s));
        return extent.right > 0 && extent.left < real(stage.day.width);
    };
    while (inside() && walker.to_s < walker.from_s + kLongestWay_s) walker.to_s += 0.25F;
    if (!inside()) return;
    walker.path.nearer_per_s = 0;
    walker.to_s = to_s;
}

Appearance planCar(const FilmSettings& settings, const Stage& stage, Dice& dice, float at_s) {
    Appearance car;
    car.kind = FigureKind::Car;
    car.from_s = at_s;
    const float least = std::max(settings.least_height, 0.06F) * real(settings.height_px);
    const float most = std::max(std::min(settings.most_height, 0.3F) * real(settings.height_px), least);
    car.path.person_px = dice.chance(0.6F) ? std::clamp(stage.personAt(stage.road_foot_px), least, most)
                                           : dice.logBetween(least, most);
    car.path.across_per_s = dice.sign() * dice.logBetween(1.5F, 6);
    layPath(car, stage, dice);
    dress(car, stage, dice, settings.night);
    return car;
}

void darken(Raster& picture, int x, int y, float by) {
    auto& px = picture.row(y)[x];
    px = static_cast<std::int16_t>(real(px) * (1 - by));
}

constexpr RectF kNothing{1e9F, 1e9F, -1e9F, -1e9F};

void grow(RectF& box, int x, int y) {
    box = {std::min(box.left, real(x)), std::min(box.top, real(y)), std::max(box.right, real(x + 1)),
           std::max(box.bottom, real(y + 1))};
}

bool behindEdge(const Path& path, int x) {
    const float direction = path.across_per_s > 0 ? 1.0F : -1.0F;
    return (path.from_behind_x && (real(x) - *path.from_behind_x) * direction < 0) ||
           (path.goes_behind_x && (real(x) - *path.goes_behind_x) * direction > 0);
}

}  // namespace

Appearance planWalker(const FilmSettings& settings, const Stage& stage, Dice& dice, float at_s) {
    Appearance walker;
    walker.from_s = at_s;
    const float h = real(settings.height_px);
    walker.path.person_px = dice.logBetween(settings.least_height * h, settings.most_height * h);
    const float pace = dice.unit();
    const float speed = pace < 0.1F   ? dice.between(0.3F, 0.5F)
                        : pace < 0.9F ? dice.between(0.5F, 1.1F)
                                      : dice.between(1.3F, 2.2F);
    walker.path.across_per_s = dice.sign() * speed;
    layPath(walker, stage, dice);
    // Whoever crosses may come nearer or go away meanwhile.
    if (!walker.path.from_behind_x && dice.chance(0.4F))
        approach(walker, stage, dice.between(-0.5F, 0.4F) * speed);
    dress(walker, stage, dice, settings.night);
    return walker;
}

std::vector<Appearance> planOneByOne(const FilmSettings& settings, const Stage& stage, Dice dice) {
    std::vector<Appearance> all;
    float at_s = dice.between(5, 8);
    while (true) {
        Appearance next = dice.chance(0.25F) ? planCar(settings, stage, dice, at_s)
                                             : planWalker(settings, stage, dice, at_s);
        if (next.to_s + 1 > settings.length_s) return all;
        at_s = next.to_s + dice.between(kLeastGap_s, kLeastGap_s + 4);
        all.push_back(next);
    }
}

const std::vector<Seen>& Players::play(const Stage& stage, const RectF& frame, float t_s, Raster& picture) {
    seen_.clear();
    for (std::size_t i = 0; i < appearances_.size(); ++i) {
        if (t_s >= appearances_[i].from_s && t_s <= appearances_[i].to_s)
            playOne(i, stage, frame, t_s, picture);
    }
    return seen_;
}

void Players::castShadow(const Appearance& who, const Pose& pose, Raster& picture) {
    const float h = pose.person_px;
    const float wide = who.kind == FigureKind::Car ? 1.3F : 0.16F;
    const float middle = pose.x + 0.5F * who.shadow_x * h;
    const float reach_x = (wide + 0.5F * std::abs(who.shadow_x)) * h;
    const float reach_y = 0.09F * h + 1;
    const int bottom = std::min(ceilOf(pose.foot + reach_y), picture.height);
    const int right = std::min(ceilOf(middle + reach_x), picture.width);
    for (int y = std::max(floorOf(pose.foot - reach_y), 0); y < bottom; ++y) {
        for (int x = std::max(floorOf(middle - reach_x), 0); x < right; ++x) {
            const float dx = (real(x) - middle) / reach_x;
            const float dy = (real(y) - pose.foot) / reach_y;
            const float depth = who.shadow_strength * smoothStep(0, 0.5F, 1 - dx * dx - dy * dy);
            if (depth > 0) darken(picture, x, y, depth);
        }
    }
}

void Players::playOne(std::size_t index, const Stage& stage, const RectF& frame, float t_s, Raster& picture) {
    const Appearance& who = appearances_[index];
    const Pose pose = poseOf(who, stage, t_s);
    drawBlurred(who, pose);
    castShadow(who, pose, picture);
    const Seen seen = lay(index, stage, pose, frame, picture);
    if (seen.box.width() > 0) seen_.push_back(seen);
}

void Players::drawBlurred(const Appearance& who, const Pose& pose) {
    const float blur_px = std::abs(pose.speed_x_px) * shutter_s_;
    RectF area = extentOf(who, pose);
    area.left -= blur_px;
    area.right += blur_px;
    figure_.begin(area);
    const int moments = std::clamp(ceilOf(blur_px / 1.5F), 1, 6);
    if (moments == 1) {
        drawFigure(who, pose, figure_);
        return;
    }
    for (int i = 0; i < moments; ++i) {
        Pose then = pose;
        then.x += blur_px * (real(i) / real(moments - 1) - 0.5F);
        moment_.begin(area);
        drawFigure(who, then, moment_);
        figure_.add(moment_, 1.0F / real(moments));
    }
}

/// Lays the drawn figure onto the picture where nothing hides it, and measures what shows.
Seen Players::lay(std::size_t index, const Stage& stage, const Pose& pose, const RectF& frame,
                  Raster& picture) const {
    const Path& path = appearances_[index].path;
    Seen seen{index, kNothing, kNothing, 0};
    float all = 0;
    float shown = 0;
    for (int y = figure_.top(); y < figure_.top() + figure_.height(); ++y) {
        for (int x = figure_.left(); x < figure_.left() + figure_.width(); ++x) {
            const float alpha = figure_.alpha(x, y);
            if (alpha <= 0) continue;
            all += alpha;
            if (alpha > 0.5F) grow(seen.box, x, y);
            if (!picture.holds(x, y) || behindEdge(path, x) || stage.hidden(x, y, pose.foot)) continue;
            auto& px = picture.row(y)[x];
            px = static_cast<std::int16_t>(
                std::min(real(px) * (1 - alpha) + 16 * figure_.grey(x, y), kBrightest_q4));
            if (!frame.holds(x, y)) continue;
            shown += alpha;
            if (alpha > 0.5F) grow(seen.visible_box, x, y);
        }
    }
    seen.visible = all > 0 ? shown / all : 0;
    if (seen.visible_box.width() <= 0) seen.visible_box = {};
    return seen;
}

}  // namespace camgate::test::film
