// 12 nuisances x 3 places x seeds, a minute each, nobody there: whatever is found is false.
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "bench/motion/motion_films/run.hpp"
#include "bench/motion/motion_films/score.hpp"

namespace camgate::bench {
namespace {

using namespace test::film;

struct NuisanceSum {
    double seconds = 0, falsely_active_s = 0;
    int events = 0, scene_states = 0;
    void add(const FilmScore& score) {
        seconds += score.seconds;
        falsely_active_s += score.falsely_active_s;
        events += score.false_events;
        scene_states += score.scene_states;
    }
    double perMinute() const { return seconds > 0 ? 60 * events / seconds : 0; }
    double activePercent() const { return seconds > 0 ? 100 * falsely_active_s / seconds : 0; }
};

/// How often a nuisance is met at night.
float nightShare(Nuisance nuisance) {
    switch (nuisance) {
        case Nuisance::Insects:
            return 0.85F;
        case Nuisance::Headlights:
            return 0.75F;
        case Nuisance::Noise:
            return 0.7F;
        case Nuisance::Lamp:
            return 0.6F;
        case Nuisance::IrSwitch:
        case Nuisance::Compression:
            return 0.5F;
        case Nuisance::Cloud:
            return 0;
        default:
            return 0.3F;
    }
}

std::vector<FilmSettings> nuisanceFilms(const Run& run) {
    const int seeds = run.films(5, 1);
    std::vector<FilmSettings> all;
    for (std::size_t kind = 1; kind < kNuisanceNames.size(); ++kind) {
        for (int place = 0; place < kPlaces; ++place) {
            for (int i = 0; i < seeds; ++i) {
                FilmSettings film;
                film.seed = mixed(run.seed_base + 1000 * all.size() + 1);
                film.place = static_cast<Place>(place);
                film.nuisance = static_cast<Nuisance>(kind);
                film.night = Dice(film.seed, 98).chance(nightShare(film.nuisance));
                film.length_s = run.quick ? 20 : 60;
                drawCamera(film);
                all.push_back(film);
            }
        }
    }
    return all;
}

void print(std::string_view eye, std::string_view name, const NuisanceSum& sum) {
    std::fprintf(stderr, "%-10.*s %-12.*s %8.2f %8.2f %% %8d\n", static_cast<int>(eye.size()), eye.data(),
                 static_cast<int>(name.size()), name.data(), sum.perMinute(), sum.activePercent(),
                 sum.scene_states);
    std::cout << nlohmann::ordered_json{{"bench", "motion"},
                                        {"section", "nuisance"},
                                        {"detector", eye},
                                        {"nuisance", name},
                                        {"minutes", sum.seconds / 60},
                                        {"false_events", sum.events},
                                        {"false_events_per_min", sum.perMinute()},
                                        {"falsely_active_percent", sum.activePercent()},
                                        {"false_tamper_states", sum.scene_states}}
              << '\n';
}

}  // namespace

void benchNuisances(const Run& run, const EyeKind& eye) {
    const std::vector<FilmSettings> all = nuisanceFilms(run);
    std::vector<FilmScore> scores(all.size());
    onAllThreads(run, all.size(), [&](std::size_t i) { scores[i] = scoreFilm(all[i], eye); });
    std::array<NuisanceSum, kNuisanceNames.size()> sums;
    NuisanceSum whole;
    for (std::size_t i = 0; i < all.size(); ++i) {
        sums[static_cast<std::size_t>(all[i].nuisance)].add(scores[i]);
        whole.add(scores[i]);
        if (run.verbose && scores[i].falsely_active_s > 0)
            std::fprintf(stderr, "  %s: %d events, %.1f s\n", describe(all[i]).c_str(),
                         scores[i].false_events, scores[i].falsely_active_s);
    }
    std::fprintf(stderr, "\n%-10s %-12s %8s %10s %8s\n", "detector", "nuisance", "false/min", "active",
                 "tamper");
    for (std::size_t kind = 1; kind < sums.size(); ++kind) print(eye.name, kNuisanceNames[kind], sums[kind]);
    print(eye.name, "all", whole);
}

}  // namespace camgate::bench
