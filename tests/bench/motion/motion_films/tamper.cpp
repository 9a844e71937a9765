// What is done to the camera itself: every state in many films, how soon it is told and how soon withdrawn.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "bench/motion/motion_films/run.hpp"
#include "support/motion/film.hpp"

namespace camgate::bench {
namespace {

using namespace test::film;

constexpr double kInTime_s = 10;

struct Told {
    std::optional<double> onset_s, release_s;  ///< after the camera was spoilt, and after it was mended
    bool other = false;                        ///< another state than what was done
};

struct TamperSum {
    int films = 0, in_time = 0, released = 0, other = 0;
    double worst_onset_s = 0, worst_release_s = 0;
    void add(const Told& told) {
        ++films;
        in_time += told.onset_s && *told.onset_s <= kInTime_s ? 1 : 0;
        released += told.release_s && *told.release_s <= kInTime_s ? 1 : 0;
        other += told.other ? 1 : 0;
        worst_onset_s = std::max(worst_onset_s, told.onset_s.value_or(0));
        worst_release_s = std::max(worst_release_s, told.release_s.value_or(0));
    }
};

std::vector<FilmSettings> tamperFilms(const Run& run) {
    const int seeds = run.films(100, 3);
    std::vector<FilmSettings> all;
    for (std::size_t kind = 1; kind < kTamperNames.size(); ++kind) {
        for (int i = 0; i < seeds; ++i) {
            FilmSettings film;
            film.seed = mixed(run.seed_base + 1000 * all.size() + 4);
            film.place = static_cast<Place>(i % kPlaces);
            film.tamper = static_cast<Tamper>(kind);
            film.night = Dice(film.seed, 98).chance(0.3F);
            film.length_s = 60;
            drawCamera(film);
            all.push_back(film);
        }
    }
    return all;
}

Told watch(const FilmSettings& settings, const EyeKind& kind) {
    Film film(settings);
    const auto eye = kind.make();
    const Moment when = *film.tampering().moment();
    const double mended_s = static_cast<double>(when.to_s + film.tampering().takes_s());
    const std::string_view expected = kTamperNames[static_cast<std::size_t>(settings.tamper)];
    Told told;
    while (film.next() && static_cast<double>(film.time_s()) < mended_s + kInTime_s) {
        const Sight sight = eye->look(film.luma(), settings.width_px, settings.height_px, film.time());
        const double at_s = static_cast<double>(film.time_s());
        if (sight.scene == expected && !told.onset_s) told.onset_s = at_s - static_cast<double>(when.from_s);
        told.other = told.other || (!sight.scene.empty() && sight.scene != expected);
        if (sight.scene.empty() && at_s >= static_cast<double>(when.to_s) && told.onset_s && !told.release_s)
            told.release_s = std::max(at_s - mended_s, 0.0);
    }
    return told;
}

void print(std::string_view eye, std::string_view state, const TamperSum& sum) {
    std::fprintf(stderr, "%-10.*s %-12.*s %4d of %4d %6.1f s %4d of %4d %6.1f s %6d\n",
                 static_cast<int>(eye.size()), eye.data(), static_cast<int>(state.size()), state.data(),
                 sum.in_time, sum.films, sum.worst_onset_s, sum.released, sum.films, sum.worst_release_s,
                 sum.other);
    std::cout << nlohmann::ordered_json{{"bench", "motion"},
                                        {"section", "tamper"},
                                        {"detector", eye},
                                        {"state", state},
                                        {"films", sum.films},
                                        {"told_within_10_s", sum.in_time},
                                        {"worst_onset_s", sum.worst_onset_s},
                                        {"withdrawn_within_10_s", sum.released},
                                        {"worst_release_s", sum.worst_release_s},
                                        {"films_with_another_state", sum.other}}
              << '\n';
}

}  // namespace

/// Peers tell no such states.
void benchTamper(const Run& run, const EyeKind& eye) {
    if (eye.name != productEye().name) return;
    const std::vector<FilmSettings> all = tamperFilms(run);
    std::vector<Told> told(all.size());
    onAllThreads(run, all.size(), [&](std::size_t i) { told[i] = watch(all[i], eye); });
    std::array<TamperSum, kTamperNames.size()> sums;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto state = static_cast<std::size_t>(all[i].tamper);
        sums[state].add(told[i]);
        const bool wrong = !told[i].onset_s || *told[i].onset_s > kInTime_s || !told[i].release_s;
        if (run.verbose && (wrong || told[i].other))
            std::fprintf(stderr, "  %s %s: onset %.1f s, release %.1f s%s\n",
                         std::string(kTamperNames[state]).c_str(), describe(all[i]).c_str(),
                         told[i].onset_s.value_or(-1), told[i].release_s.value_or(-1),
                         told[i].other ? ", and another state" : "");
    }
    std::fprintf(stderr, "\n%-10s %-12s %12s %8s %12s %8s %6s\n", "detector", "tamper", "told", "worst",
                 "withdrawn", "worst", "other");
    for (std::size_t state = 1; state < sums.size(); ++state)
        print(eye.name, kTamperNames[state], sums[state]);
}

}  // namespace camgate::bench
