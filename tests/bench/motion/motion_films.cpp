// usage: scripts/bench motion-films [--dev | --seed-base N] [--footage DIR] [--peers] [--quick | --percent
// N] [--only SECTION]... Scores the motion detector on films with exact truth. Evaluation seeds are drawn at
// run time and printed: nothing can have been tuned on them; --dev uses fixed ones to tune with. How to read
// it: docs/guide/motion-bench.md.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <random>

#include "bench/motion/motion_films/run.hpp"

namespace {

using namespace camgate::bench;

struct Section {
    std::string_view name;
    void (*bench)(const Run&, const EyeKind&);
};
constexpr std::array kSections{Section{"nuisance", benchNuisances}, Section{"recall", benchRecall},
                               Section{"after-change", benchAfterChange}, Section{"tamper", benchTamper},
                               Section{"footage", benchFootage}};
constexpr std::string_view kCost = "cost";

struct Options {
    bool dev = false;
    bool peers = false;
    std::vector<std::string> only;

    bool wants(std::string_view section) const {
        return only.empty() || std::find(only.begin(), only.end(), section) != only.end();
    }
};

std::vector<EyeKind> eyes(const Options& options) {
    std::vector<EyeKind> all{productEye()};
    if (!options.peers) return all;
#ifdef CAMGATE_BENCH_OPENCV
    for (EyeKind& eye : opencvEyes()) all.push_back(std::move(eye));
    return all;
#else
    throw std::runtime_error("--peers: built without OpenCV; run scripts/setup --peers and build again");
#endif
}

void bench(const Options& options, const Run& run) {
    std::fprintf(stderr, "seed base %llu%s\n", static_cast<unsigned long long>(run.seed_base),
                 options.dev ? " (dev)" : "");
    if (options.wants(kCost)) benchCost(run);
    for (const EyeKind& eye : run.eyes) {
        for (const Section& section : kSections) {
            if (section.bench == benchFootage && run.footage.empty()) continue;
            if (options.wants(section.name)) section.bench(run, eye);
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("scores the motion detector on films with exact truth");
    Run run;
    Options options;
    run.threads = std::max(std::thread::hardware_concurrency(), 1U);
    run.seed_base = std::random_device()() % 1'000'000;
    auto* seed = app.add_option("--seed-base", run.seed_base, "repeat a run (default: drawn)");
    app.add_flag("--dev", options.dev, "the fixed seeds to tune with")->excludes(seed);
    app.add_option("--footage", run.footage, "folder of labelled films with their labels.json");
    app.add_flag("--peers", options.peers, "OpenCV's detectors as well");
    app.add_flag("--quick", run.quick, "few films");
    app.add_option("--percent", run.percent, "so much of each set: for a machine with little time")
        ->check(CLI::Range(1, 100));
    app.add_flag("--verbose", run.verbose, "name every film that went wrong");
    app.add_option("--threads", run.threads, "films at a time")
        ->capture_default_str()
        ->check(CLI::Range(1, 64));
    app.add_option("--only", options.only,
                   "cost, nuisance, recall, after-change, tamper, footage (default: all)");
    CLI11_PARSE(app, argc, argv);
    if (options.dev) run.seed_base = 0;
    try {
        run.eyes = eyes(options);
        bench(options, run);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench: %s\n", error.what());
        return 1;
    }
}
