// Walkers and cars of all sizes, one after another, by day and at night: who is found, and how soon. And the
// person who comes 2 s after everything changed.
#include <cstdio>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "bench/motion/motion_films/run.hpp"
#include "bench/motion/motion_films/score.hpp"

namespace camgate::bench {
namespace {

using namespace test::film;

struct RecallSum {
    int subjects = 0, found = 0;
    std::vector<double> delays_s;
    void add(const SubjectScore& subject) {
        ++subjects;
        if (!subject.found) return;
        ++found;
        delays_s.push_back(subject.delay_s);
    }
    double share() const { return subjects > 0 ? static_cast<double>(found) / subjects : 0; }
    double delay(double part) {
        if (delays_s.empty()) return 0;
        std::sort(delays_s.begin(), delays_s.end());
        return delays_s[static_cast<std::size_t>(part * static_cast<double>(delays_s.size() - 1))];
    }
};

std::string_view sizeClass(float height) {
    return height < 0.05F ? "3-5 %" : height < 0.1F ? "5-10 %" : height < 0.2F ? "10-20 %" : "20-30 %";
}

void print(std::string_view section, std::string_view eye, std::string_view group, RecallSum& sum) {
    std::fprintf(stderr, "%-10.*s %-24.*s %5d of %5d  %.3f  %5.2f s %5.2f s\n", static_cast<int>(eye.size()),
                 eye.data(), static_cast<int>(group.size()), group.data(), sum.found, sum.subjects,
                 sum.share(), sum.delay(0.5), sum.delay(0.95));
    std::cout << nlohmann::ordered_json{{"bench", "motion"},
                                        {"section", section},
                                        {"detector", eye},
                                        {"group", group},
                                        {"subjects", sum.subjects},
                                        {"found", sum.found},
                                        {"recall", sum.share()},
                                        {"delay_median_s", sum.delay(0.5)},
                                        {"delay_p95_s", sum.delay(0.95)}}
              << '\n';
}

std::vector<FilmSettings> recallFilms(const Run& run) {
    const int seeds = run.films(16, 1);
    std::vector<FilmSettings> all;
    for (const bool night : {false, true}) {
        for (int place = 0; place < kPlaces; ++place) {
            for (int i = 0; i < seeds; ++i) {
                FilmSettings film;
                film.seed = mixed(run.seed_base + 1000 * all.size() + 2);
                film.place = static_cast<Place>(place);
                film.cast = Cast::OneByOne;
                film.night = night;
                film.length_s = run.quick ? 90 : 150;
                drawCamera(film);
                all.push_back(film);
            }
        }
    }
    return all;
}

std::vector<FilmSettings> changeFilms(const Run& run) {
    const auto count = static_cast<std::size_t>(run.films(1000, 30));
    constexpr std::array changes{Nuisance::Lamp, Nuisance::IrSwitch, Nuisance::AgcRamp};
    std::vector<FilmSettings> all;
    for (std::size_t i = 0; i < count; ++i) {
        FilmSettings film;
        film.seed = mixed(run.seed_base + 1000 * i + 3);
        film.place = static_cast<Place>(i % kPlaces);
        film.nuisance = changes[i / kPlaces % changes.size()];
        film.cast = Cast::AfterChange;
        film.night = Dice(film.seed, 98).chance(0.4F);
        film.least_height = 0.1F;
        film.length_s = 20;
        drawCamera(film);
        all.push_back(film);
    }
    return all;
}

std::vector<FilmScore> scoreAll(const Run& run, const EyeKind& eye, const std::vector<FilmSettings>& films) {
    std::vector<FilmScore> scores(films.size());
    onAllThreads(run, films.size(), [&](std::size_t i) { scores[i] = scoreFilm(films[i], eye); });
    for (std::size_t i = 0; run.verbose && i < films.size(); ++i) {
        for (const SubjectScore& subject : scores[i].subjects) {
            if (!subject.found)
                std::fprintf(stderr, "  %s: missed %s of %.0f px, contrast %.0f\n",
                             describe(films[i]).c_str(), subject.kind == FigureKind::Car ? "car" : "walker",
                             static_cast<double>(subject.height_px), static_cast<double>(subject.contrast));
        }
    }
    return scores;
}

}  // namespace

void benchRecall(const Run& run, const EyeKind& eye) {
    std::map<std::string, RecallSum> sums;
    for (const FilmScore& score : scoreAll(run, eye, recallFilms(run))) {
        for (const SubjectScore& subject : score.subjects) {
            const std::string time = subject.night ? "night" : "day";
            sums[time].add(subject);
            if (subject.kind == FigureKind::Car)
                sums[time + " car"].add(subject);
            else
                sums[time + " walker " + std::string(sizeClass(subject.height))].add(subject);
            sums[time + " contrast " + std::to_string(static_cast<int>(subject.contrast))].add(subject);
        }
    }
    std::fprintf(stderr, "\n%-10s %-24s %14s %7s %7s %7s\n", "detector", "recall of", "found", "share",
                 "median", "95 %");
    for (auto& [group, sum] : sums) print("recall", eye.name, group, sum);
}

void benchAfterChange(const Run& run, const EyeKind& eye) {
    RecallSum sum;
    for (const FilmScore& score : scoreAll(run, eye, changeFilms(run))) {
        for (const SubjectScore& subject : score.subjects) sum.add(subject);
    }
    std::fprintf(stderr, "\n");
    print("after-change", eye.name, "2 s after a change", sum);
}

}  // namespace camgate::bench
