// usage: scripts/bench motion [--dev | --seed-base N] [--quick] [--verbose] [--only SECTION]...
// Scores the motion detector on films with exact truth. Evaluation seeds are drawn at run time and printed:
// nothing can have been tuned on them; --dev uses fixed ones to tune with. How to read it:
// docs/guide/motion-bench.md.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <random>

#include "bench/motion/motion/run.hpp"

namespace {

using namespace camgate::bench;

struct Section {
    std::string_view name;
    void (*bench)(const Run&, const EyeKind&);
};
constexpr std::array kSections{Section{"nuisance", benchNuisances}, Section{"recall", benchRecall},
                               Section{"after-change", benchAfterChange}};

std::uint64_t drawnSeed() {
    std::random_device device;
    return device() % 1'000'000;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("scores the motion detector");
    Run run;
    bool dev = false;
    std::vector<std::string> only;
    run.threads = std::max(std::thread::hardware_concurrency(), 1U);
    run.seed_base = drawnSeed();
    app.add_option("--seed-base", run.seed_base, "repeat a run (default: drawn)");
    app.add_flag("--dev", dev, "the fixed seeds to tune with");
    app.add_flag("--quick", run.quick, "about a minute");
    app.add_flag("--verbose", run.verbose, "name every film that went wrong");
    app.add_option("--threads", run.threads, "films at a time")->capture_default_str();
    app.add_option("--only", only, "sections: nuisance, recall, after-change (default: all)");
    CLI11_PARSE(app, argc, argv);
    if (dev) run.seed_base = 0;
    std::fprintf(stderr, "seed base %llu%s\n", static_cast<unsigned long long>(run.seed_base),
                 dev ? " (dev)" : "");
    run.eyes.push_back(productEye());
    for (const EyeKind& eye : run.eyes) {
        for (const Section& section : kSections) {
            if (only.empty() || std::find(only.begin(), only.end(), section.name) != only.end())
                section.bench(run, eye);
        }
    }
}
