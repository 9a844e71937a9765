// scripts/bench power-cuts [--count N] [--seed S]: the power-cut tests of tests/fault/ring, as many as asked
// for, half of them in each model of a card, and of each half every fourth on sealed rings. The seed is
// printed and runs the same again. Ends with 1 at the first loss or wrong frame.
#include <cstdio>
#include <cstdlib>
#include <random>

#include "base/log.hpp"
#include "support/ring/power_cuts.hpp"

using namespace camgate;

namespace {

constexpr std::uint64_t kSayEvery = 10'000;
constexpr std::array<const char*, static_cast<std::size_t>(test::CrashStep::Count)> kSteps{
    "start", "records", "open", "close", "zeros", "retire", "sync", "add-keys", "erase"};

struct Kind {
    const char* name;
    test::CardModel model;
    bool sealed;
};
constexpr std::array<Kind, 4> kKinds{{{"honest", test::CardModel::Honest, false},
                                      {"honest-sealed", test::CardModel::Honest, true},
                                      {"collateral", test::CardModel::Collateral, false},
                                      {"collateral-sealed", test::CardModel::Collateral, true}}};

bool run(const Kind& kind, std::uint64_t seed, std::uint64_t cuts) {
    const SystemClock clock;
    const BootTime before = clock.bootNow();
    test::PowerCuts power(kind.model, kind.sealed, seed);
    // A long run that is ended early has said how far it came.
    std::uint64_t said = 0;
    power.on_card = [&](const test::CutCounts& counts) {
        if (counts.cuts < said + kSayEvery) return;
        said = counts.cuts;
        std::fprintf(stderr, "%s, seed %llu: %llu cuts, nothing wrong\n", kind.name,
                     static_cast<unsigned long long>(seed), static_cast<unsigned long long>(said));
    };
    const auto wrong = power.run(cuts);
    const double took_s = std::chrono::duration<double>(clock.bootNow() - before).count();
    const test::CutCounts& counts = power.counts();
    std::printf(
        R"({"bench":"power-cuts","model":"%s","seed":%llu,"cuts":%llu,"lives":%llu,"acknowledged":%llu,)"
        R"("declared_lost":%llu,"erasures":%llu,"seconds":%.1f,"behind":{)",
        kind.name, static_cast<unsigned long long>(seed), static_cast<unsigned long long>(counts.cuts),
        static_cast<unsigned long long>(counts.lives), static_cast<unsigned long long>(counts.records),
        static_cast<unsigned long long>(counts.declared_lost),
        static_cast<unsigned long long>(counts.erasures), took_s);
    for (std::size_t i = 0; i < kSteps.size(); ++i) {
        std::printf("%s\"%s\":%llu", i == 0 ? "" : ",", kSteps[i],
                    static_cast<unsigned long long>(counts.by_step[i]));
    }
    std::printf("},\"wrong\":%s%s%s}\n", wrong ? "\"" : "", wrong ? wrong->c_str() : "null",
                wrong ? "\"" : "");
    std::fflush(stdout);
    return !wrong;
}

}  // namespace

int main(int argc, char** argv) {
    std::uint64_t count = 100'000;
    std::uint64_t seed = std::random_device()();
    std::string_view only;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        if (name == "--count") {
            count = std::strtoull(argv[i + 1], nullptr, 10);
        } else if (name == "--seed") {
            seed = std::strtoull(argv[i + 1], nullptr, 10);
        } else if (name == "--only") {
            only = argv[i + 1];
        } else {
            std::fprintf(stderr,
                         "usage: power-cuts [--count N] [--seed S] [--only honest|honest-sealed|collateral|"
                         "collateral-sealed]\n");
            return 2;
        }
    }
    openLog("bench-power-cuts", LogLevel::Error);
    bool well = true;
    for (const Kind& kind : kKinds) {
        if (!only.empty() && only != kind.name) continue;
        const std::uint64_t sealed_cuts = count / 8;
        const std::uint64_t cuts = kind.sealed ? sealed_cuts : count / 2 - sealed_cuts;
        well = run(kind, seed++, only.empty() ? cuts : count) && well;
    }
    return well ? 0 : 1;
}
