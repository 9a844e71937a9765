#include "bench/motion/motion_films/score.hpp"

#include <algorithm>

namespace camgate::bench {
namespace {

using test::film::Film;
using test::film::RectF;
using test::film::Seen;

constexpr double kStart_s = 2;         // no alarm is expected from a detector that has just begun
constexpr double kGrace_s = 1;         // the last of a track may outlive who has left
constexpr double kLeastShown_s = 0.6;  // who shows for less need not be found
constexpr float kSlack = 0.04F;        // boxes lie on blocks: parts of the picture

struct Watch {
    std::optional<double> half_s;  ///< when half of it shows first
    double shown_s = 0;            ///< how long half of it shows
    std::optional<double> found_s;
};

bool overlaps(const Sight& sight, const RectF& box_px, const test::film::FilmSettings& s) {
    const auto w = static_cast<float>(s.width_px);
    const auto h = static_cast<float>(s.height_px);
    const RectF truth{box_px.left / w - kSlack, box_px.top / h - kSlack, box_px.right / w + kSlack,
                      box_px.bottom / h + kSlack};
    return std::any_of(sight.boxes.begin(), sight.boxes.end(), [&](const RectF& box) {
        const RectF both = test::film::overlapOf(box, truth);
        return both.width() > 0 && both.height() > 0;
    });
}

void watch(std::vector<Watch>& watches, const Film& film, const Sight& sight) {
    const double at_s = static_cast<double>(film.time_s());
    for (const Seen& seen : film.truth()) {
        Watch& one = watches[seen.appearance];
        if (seen.visible >= 0.5F) {
            if (!one.half_s) one.half_s = at_s;
            one.shown_s += 1 / static_cast<double>(film.settings().fps);
        }
        if (!one.found_s && seen.visible > 0 && sight.active &&
            overlaps(sight, seen.visible_box, film.settings()))
            one.found_s = at_s;
    }
}

std::vector<SubjectScore> judge(const std::vector<Watch>& watches, const Film& film) {
    std::vector<SubjectScore> subjects;
    for (std::size_t i = 0; i < watches.size(); ++i) {
        const Watch& one = watches[i];
        if (one.shown_s < kLeastShown_s) continue;
        const auto& who = film.appearances()[i];
        SubjectScore subject;
        subject.kind = who.kind;
        subject.height_px = who.path.person_px;
        subject.height = who.path.person_px / static_cast<float>(film.settings().height_px);
        subject.contrast = who.contrast;
        subject.night = film.settings().night;
        subject.found = one.found_s.has_value();
        if (one.found_s) subject.delay_s = std::max(*one.found_s - *one.half_s, 0.0);
        subjects.push_back(subject);
    }
    return subjects;
}

}  // namespace

FilmScore scoreFilm(const test::film::FilmSettings& settings, const EyeKind& kind) {
    Film film(settings);
    const auto eye = kind.make();
    FilmScore score;
    Happenings alarms;
    std::vector<Watch> watches(film.appearances().size());
    double occupied_until_s = kStart_s;
    std::string_view scene;
    while (film.next()) {
        const double at_s = static_cast<double>(film.time_s());
        const Sight sight = eye->look(film.luma(), settings.width_px, settings.height_px, film.time());
        watch(watches, film, sight);
        if (sight.scene != scene && !sight.scene.empty()) ++score.scene_states;
        scene = sight.scene;
        for (const Seen& seen : film.truth()) {
            if (seen.visible > 0) occupied_until_s = at_s + kGrace_s;
        }
        if (at_s < occupied_until_s) continue;
        const double frame_s = 1 / static_cast<double>(settings.fps);
        score.seconds += frame_s;
        if (sight.active) score.falsely_active_s += frame_s;
        alarms.see(sight.active, at_s);
    }
    score.false_events = alarms.count();
    score.subjects = judge(watches, film);
    return score;
}

}  // namespace camgate::bench
