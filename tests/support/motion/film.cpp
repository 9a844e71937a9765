#include "support/motion/film.hpp"

#include "support/motion/overlay.hpp"

namespace camgate::test::film {
namespace {

/// Each part throws its own dice.
enum Part : std::uint64_t {
    kStage = 10,
    kChanges,
    kCast,
    kLight,
    kWeather,
    kWind,
    kSensor,
    kTamper,
    kEncoder,
    kClock
};

float marginOf(const FilmSettings& s) {
    if (s.tamper == Tamper::Moved) return kMostView_widths * real(s.width_px) + 4;
    return s.nuisance == Nuisance::Shake ? 0.03F * real(s.height_px) + 4 : 2;
}

Timeline planChanges(const FilmSettings& s, Dice dice) {
    float least = 3, most = 10, gap = 6;
    if (s.nuisance == Nuisance::Headlights) least = 1, most = 4, gap = 5;
    if (s.nuisance == Nuisance::Cloud) least = 5, most = 20, gap = 4;
    if (s.nuisance == Nuisance::IrSwitch) least = 8, most = 20, gap = 8;
    if (s.nuisance == Nuisance::AgcRamp) least = 4, most = 15, gap = 4;
    Timeline changes;
    float at = dice.between(4, 8);
    if (s.cast == Cast::AfterChange) return {{at, at + 600}};
    while (at < s.length_s) {
        changes.push_back({at, at + dice.between(least, most)});
        at = changes.back().to_s + dice.between(gap * 0.5F, gap * 1.5F);
    }
    return changes;
}

std::optional<EncoderModel> makeEncoder(const FilmSettings& s, Dice dice) {
    const bool hard = s.nuisance == Nuisance::Compression;
    if (!hard && !dice.chance(0.6F)) return std::nullopt;
    EncoderModel::Settings settings;
    settings.key_step = hard ? dice.between(14, 36) : dice.between(4, 12);
    settings.delta_step = settings.key_step * dice.between(0.9F, 1.6F);
    settings.key_interval = static_cast<int>(s.fps * dice.between(1, 4));
    settings.skip_level = hard ? dice.whole(2, 6) : dice.whole(1, 2);
    return EncoderModel(settings, s.width_px, s.height_px);
}

}  // namespace

Film::Film(const FilmSettings& settings)
    : settings_(settings),
      margin_px_(std::ceil(marginOf(settings))),
      stage_(drawStage(
          settings.place, settings.width_px + 2 * static_cast<int>(margin_px_),
          settings.height_px + 2 * static_cast<int>(std::min(margin_px_, 0.05F * real(settings.height_px))),
          Dice(settings.seed, kStage).next())),
      changes_(planChanges(settings, Dice(settings.seed, kChanges))),
      players_(plan(), settings.night ? 1 / 25.0F : 1 / 60.0F),
      lighting_(stage_, settings.nuisance, settings.night, changes_, Dice(settings.seed, kLight)),
      weather_(settings.nuisance, settings.night, stage_.day.width, stage_.day.height,
               Dice(settings.seed, kWeather)),
      sensor_(settings, changes_, Dice(settings.seed, kSensor)),
      tampering_(settings, Dice(settings.seed, kTamper)),
      encoder_(makeEncoder(settings, Dice(settings.seed, kEncoder))),
      has_clock_(Dice(settings.seed, kClock).chance(0.6F)),
      luma_(static_cast<std::size_t>(settings.width_px) * static_cast<std::size_t>(settings.height_px)) {
    if (settings.nuisance == Nuisance::Tree)
        wind_.emplace(stage_, !settings.night, Dice(settings.seed, kWind));
}

std::vector<Appearance> Film::plan() const {
    if (settings_.cast == Cast::OneByOne) return planOneByOne(settings_, stage_, Dice(settings_.seed, kCast));
    if (settings_.cast == Cast::AfterChange) {
        Dice dice(settings_.seed, kCast);
        return {planWalker(settings_, stage_, dice, changes_.front().from_s + 2)};
    }
    return {};
}

Duration Film::time() const {
    return Duration(
        static_cast<Duration::rep>(static_cast<double>(frame_) * 1e9 / static_cast<double>(settings_.fps)));
}

bool Film::next() {
    ++frame_;
    const float t = time_s();
    if (t >= settings_.length_s) return false;
    const bool stuck = tampering_.stuck(t);
    if (!stuck) {
        const Sensor::Offset shake = sensor_.shake(t);
        const float down = real(stage_.day.height - settings_.height_px) / 2;
        const Sensor::Offset corner{margin_px_ + shake.x + tampering_.viewOffset_px(t), down + shake.y};
        picture_ = sensor_.infrared(t) ? stage_.infrared : stage_.day;
        if (wind_) wind_->draw(picture_, t);
        const RectF shown{corner.x, corner.y, corner.x + real(settings_.width_px),
                          corner.y + real(settings_.height_px)};
        noteTruth(players_.play(stage_, shown, t, picture_), corner);
        lighting_.apply(picture_, t);
        weather_.draw(picture_, 1 / settings_.fps);
        tampering_.spoil(picture_, t);
        sensor_.expose(picture_, corner, t, 1 / settings_.fps, luma_);
    }
    if (has_clock_) drawClock(luma_, settings_.width_px, settings_.height_px, static_cast<int>(t));
    if (encoder_) encoder_->code(luma_);
    return true;
}

void Film::noteTruth(const std::vector<Seen>& seen, Sensor::Offset corner) {
    truth_.clear();
    const auto moved = [corner](const RectF& box) {
        return RectF{box.left - corner.x, box.top - corner.y, box.right - corner.x, box.bottom - corner.y};
    };
    for (Seen one : seen) {
        one.box = moved(one.box);
        if (one.visible_box.width() > 0) one.visible_box = moved(one.visible_box);
        truth_.push_back(one);
    }
}

}  // namespace camgate::test::film
