// What a picture costs: CPU time per input pixel of every eye in turn, many times over, so that a busy
// machine is unfair to all alike; memory of each. A plain copy of the picture is the floor.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <iostream>
#include <nlohmann/json.hpp>

#include "bench/motion/motion_films/counted_memory.hpp"
#include "bench/motion/motion_films/run.hpp"
#include "support/motion/film.hpp"

namespace camgate::bench {
namespace {

using namespace test::film;

struct Take {
    std::string_view name;
    int width_px = 0, height_px = 0;
    float fps = 15;
    std::vector<std::vector<std::uint8_t>> frames;
};

class CopyEye final : public Eye {
  public:
    Sight look(std::span<const std::uint8_t> luma, int, int, Duration) override {
        copy_.resize(luma.size());
        std::memcpy(copy_.data(), luma.data(), luma.size());
        return {};
    }

  private:
    std::vector<std::uint8_t> copy_;
};

Take shoot(std::string_view name, Cast cast, int width_px, int height_px) {
    constexpr std::size_t kFrames = 90;
    FilmSettings settings;
    settings.seed = 3;
    settings.cast = cast;
    settings.width_px = width_px;
    settings.height_px = height_px;
    settings.least_height = 0.2F;
    Film film(settings);
    Take take{name, width_px, height_px, settings.fps, {}};
    // From where the first one is in the picture.
    const float from_s = cast == Cast::Nobody ? 1 : film.appearances().front().from_s + 1;
    while (take.frames.size() < kFrames && film.next()) {
        if (film.time_s() >= from_s) take.frames.emplace_back(film.luma().begin(), film.luma().end());
    }
    return take;
}

double threadCpu_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

/// One eye on one take, kept running: time never jumps back for it.
class Runner {
  public:
    Runner(const EyeKind& kind, const Take& take) : take_(take) {
        const std::int64_t before = heldBytes();
        eye_ = kind.make();
        for (int i = 0; i < 10; ++i) step();
        bytes_ = heldBytes() - before;
        go();
    }
    void measure() {
        const double from = threadCpu_ns();
        const std::int64_t allocations_before = allocations();
        go();
        per_frame_allocations_ = static_cast<double>(allocations() - allocations_before) /
                                 static_cast<double>(take_.frames.size());
        ns_per_px_.push_back((threadCpu_ns() - from) / pixels());
    }
    double median() {
        std::sort(ns_per_px_.begin(), ns_per_px_.end());
        return ns_per_px_[ns_per_px_.size() / 2];
    }
    double least() const { return *std::min_element(ns_per_px_.begin(), ns_per_px_.end()); }
    double bytesPerPx() const {
        return static_cast<double>(bytes_) / static_cast<double>(take_.frames[0].size());
    }
    double allocationsPerFrame() const { return per_frame_allocations_; }

  private:
    void step() {
        const auto at =
            static_cast<Duration::rep>(static_cast<double>(shown_) * 1e9 / static_cast<double>(take_.fps));
        // There and back again: no cut between the last frame and the first.
        const std::size_t count = take_.frames.size();
        const std::size_t i = shown_ % (2 * count);
        eye_->look(take_.frames[i < count ? i : 2 * count - 1 - i], take_.width_px, take_.height_px,
                   Duration(at));
        ++shown_;
    }
    void go() {
        for (std::size_t i = 0; i < take_.frames.size(); ++i) step();
    }
    double pixels() const { return static_cast<double>(take_.frames.size() * take_.frames[0].size()); }

    const Take& take_;
    std::unique_ptr<Eye> eye_;
    std::size_t shown_ = 0;
    std::int64_t bytes_ = 0;
    double per_frame_allocations_ = 0;
    std::vector<double> ns_per_px_;
};

void print(const EyeKind& kind, const Take& take, Runner& runner) {
    std::fprintf(stderr, "%-10.*s %4dx%-4d %-6.*s %7.3f %7.3f %8.2f %8.1f\n",
                 static_cast<int>(kind.name.size()), kind.name.data(), take.width_px, take.height_px,
                 static_cast<int>(take.name.size()), take.name.data(), runner.median(), runner.least(),
                 runner.bytesPerPx(), runner.allocationsPerFrame());
    std::cout << nlohmann::ordered_json{{"bench", "motion"},
                                        {"section", "cost"},
                                        {"detector", kind.name},
                                        {"width_px", take.width_px},
                                        {"height_px", take.height_px},
                                        {"scene", take.name},
                                        {"ns_per_px_median", runner.median()},
                                        {"ns_per_px_least", runner.least()},
                                        {"bytes_per_px", runner.bytesPerPx()},
                                        {"allocations_per_frame", runner.allocationsPerFrame()}}
              << '\n';
}

}  // namespace

void benchCost(const Run& run) {
    std::vector<EyeKind> kinds = run.eyes;
    kinds.push_back({"memcpy", [] { return std::make_unique<CopyEye>(); }});
    std::vector<Take> takes;
    takes.push_back(shoot("still", Cast::Nobody, 1280, 720));
    takes.push_back(shoot("busy", Cast::OneByOne, 1280, 720));
    takes.push_back(shoot("still", Cast::Nobody, 640, 360));
    takes.push_back(shoot("busy", Cast::OneByOne, 640, 360));
    const int rounds = run.quick ? 3 : 9;
    std::fprintf(
        stderr, "\n%-10s %-9s %-6s %7s %7s %8s %8s   (ns and bytes per input pixel, allocations per frame)\n",
        "detector", "size", "scene", "median", "least", "memory", "allocs");
    for (const Take& take : takes) {
        std::vector<Runner> runners;
        for (const EyeKind& kind : kinds) runners.emplace_back(kind, take);
        for (int round = 0; round < rounds; ++round) {
            for (Runner& runner : runners) runner.measure();
        }
        for (std::size_t i = 0; i < kinds.size(); ++i) print(kinds[i], take, runners[i]);
    }
}

}  // namespace camgate::bench
