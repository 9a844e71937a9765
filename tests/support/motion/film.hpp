// A film of a fixed camera with exact truth: a place, who passes through it, and one kind of trouble, all
// drawn from a seed. The order is physics': surfaces, figures, light, weather, lens, sensor, clock overlay,
// encoder. The same settings give the same pictures. One thread; frames come in order.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "base/clock.hpp"
#include "support/motion/cast.hpp"
#include "support/motion/encoder_model.hpp"
#include "support/motion/lighting.hpp"
#include "support/motion/sensor.hpp"
#include "support/motion/settings.hpp"
#include "support/motion/tampering.hpp"
#include "support/motion/weather.hpp"
#include "support/motion/wind.hpp"

namespace camgate::test::film {

class Film {
  public:
    explicit Film(const FilmSettings& settings);

    /// Draws the next frame; false after the last.
    bool next();
    std::span<const std::uint8_t> luma() const { return luma_; }
    int frame() const { return frame_; }
    float time_s() const { return static_cast<float>(frame_) / settings_.fps; }
    Duration time() const;
    /// Who shows in this frame, boxes in px of the picture.
    const std::vector<Seen>& truth() const { return truth_; }
    const std::vector<Appearance>& appearances() const { return players_.appearances(); }
    /// When light or camera change, where the nuisance is one that comes and goes.
    const Timeline& changes() const { return changes_; }
    const Tampering& tampering() const { return tampering_; }
    const FilmSettings& settings() const { return settings_; }

  private:
    std::vector<Appearance> plan() const;
    void noteTruth(const std::vector<Seen>& seen, Sensor::Offset corner);

    FilmSettings settings_;
    float margin_px_;  ///< the stage reaches this much beyond the picture on each side
    Stage stage_;
    Timeline changes_;
    Players players_;
    Lighting lighting_;
    Weather weather_;
    std::optional<Wind> wind_;
    Sensor sensor_;
    Tampering tampering_;
    std::optional<EncoderModel> encoder_;
    bool has_clock_ = false;
    int frame_ = -1;
    Raster picture_;
    std::vector<std::uint8_t> luma_;
    std::vector<Seen> truth_;
};

}  // namespace camgate::test::film
