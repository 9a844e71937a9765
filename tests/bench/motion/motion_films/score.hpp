// Holds what an eye saw in a film against the film's truth. How to read the figures:
// docs/guide/motion-bench.md.
#pragma once

#include <optional>
#include <vector>

#include "bench/motion/motion_films/eye.hpp"
#include "support/motion/film.hpp"

namespace camgate::bench {

/// Starts and ends of activity, joined as the product joins them: less than the merge gap apart is one event.
class Happenings {
  public:
    void see(bool active, double at_s) {
        if (!active) return;
        if (!last_s_ || at_s - *last_s_ > kMergeGap_s) ++count_;
        last_s_ = at_s;
    }
    int count() const { return count_; }

  private:
    static constexpr double kMergeGap_s = 5;
    std::optional<double> last_s_;
    int count_ = 0;
};

struct SubjectScore {
    test::film::FigureKind kind = test::film::FigureKind::Walker;
    float height = 0;  ///< parts of the picture
    float height_px = 0;
    float contrast = 0;
    bool night = false;
    bool found = false;
    double delay_s = 0;  ///< from the frame in which half of it shows; found ones only
};

struct FilmScore {
    double seconds = 0;  ///< with nobody in the picture
    double falsely_active_s = 0;
    int false_events = 0;
    int scene_states = 0;                ///< how often the view was said to be spoilt
    std::vector<SubjectScore> subjects;  ///< those of which half shows for long enough
};

FilmScore scoreFilm(const test::film::FilmSettings& settings, const EyeKind& kind);

}  // namespace camgate::bench
