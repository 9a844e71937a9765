// What a run of the bench was asked for, and how its parts share seeds, threads and output.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "bench/motion/motion_films/eye.hpp"
#include "support/motion/dice.hpp"
#include "support/motion/settings.hpp"

namespace camgate::bench {

struct Run {
    std::uint64_t seed_base = 1;
    bool quick = false;
    int percent = 100;     ///< of the films of each kind
    bool verbose = false;  ///< names every film that went wrong, so that it can be shown again
    unsigned threads = 1;
    std::string footage;  ///< folder with labels.json; empty: none
    std::vector<EyeKind> eyes;

    int films(int all, int few) const { return quick ? few : std::max(all * percent / 100, 1); }
};

/// Cameras differ in size and rate: the film's are drawn from its seed.
inline void drawCamera(test::film::FilmSettings& settings) {
    struct Size {
        int width_px, height_px;
    };
    constexpr std::array sizes{Size{640, 360}, Size{640, 360}, Size{640, 360}, Size{640, 480},
                               Size{704, 576}, Size{352, 288}, Size{480, 270}};
    constexpr std::array rates{5.0F, 8.0F, 10.0F, 12.0F, 15.0F, 15.0F, 20.0F};
    test::film::Dice dice(settings.seed, 99);
    const Size size = dice.pick(sizes);
    settings.width_px = size.width_px;
    settings.height_px = size.height_px;
    settings.fps = dice.pick(rates);
}

/// Everything needed to make the film again.
std::string describe(const test::film::FilmSettings& film);

/// Does `work(i)` for i below `count`, on all threads; results belong into slots of their own.
inline void onAllThreads(const Run& run, std::size_t count, const std::function<void(std::size_t)>& work) {
    std::atomic<std::size_t> next{0};
    const auto labour = [&] {
        for (std::size_t i = next++; i < count; i = next++) work(i);
    };
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < run.threads; ++i) others.emplace_back(labour);
    labour();
}

/// Sections print JSON lines on standard output and a table on standard error.
void benchNuisances(const Run& run, const EyeKind& eye);
void benchRecall(const Run& run, const EyeKind& eye);
void benchAfterChange(const Run& run, const EyeKind& eye);
void benchTamper(const Run& run, const EyeKind& eye);
void benchFootage(const Run& run, const EyeKind& eye);
/// All eyes in turn.
void benchCost(const Run& run);

}  // namespace camgate::bench
