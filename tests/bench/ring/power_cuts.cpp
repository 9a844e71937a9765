// scripts/bench power-cuts [--count N] [--seed S]: the power-cut tests of tests/fault/ring, as many as asked
// for, half of them in each model of a card. The seed is printed and runs the same again. Ends with 1 at the
// first loss or wrong frame.
#include <cstdio>
#include <cstdlib>
#include <random>

#include "base/log.hpp"
#include "support/ring/power_cuts.hpp"

using namespace camgate;

namespace {

constexpr std::array<const char*, static_cast<std::size_t>(test::CrashStep::Count)> kSteps{
    "start", "records", "open", "close", "zeros", "retire", "sync"};

bool run(test::CardModel model, const char* name, std::uint64_t seed, std::uint64_t cuts) {
    const SystemClock clock;
    const BootTime before = clock.bootNow();
    test::PowerCuts power(model, seed);
    const auto wrong = power.run(cuts);
    const double took_s = std::chrono::duration<double>(clock.bootNow() - before).count();
    const test::CutCounts& counts = power.counts();
    std::printf(
        R"({"bench":"power-cuts","model":"%s","seed":%llu,"cuts":%llu,"lives":%llu,"acknowledged":%llu,)"
        R"("declared_lost":%llu,"seconds":%.1f,"behind":{)",
        name, static_cast<unsigned long long>(seed), static_cast<unsigned long long>(counts.cuts),
        static_cast<unsigned long long>(counts.lives), static_cast<unsigned long long>(counts.records),
        static_cast<unsigned long long>(counts.declared_lost), took_s);
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
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        std::uint64_t& value = name == "--count" ? count : seed;
        if (name != "--count" && name != "--seed") {
            std::fprintf(stderr, "usage: power-cuts [--count N] [--seed S]\n");
            return 2;
        }
        value = std::strtoull(argv[i + 1], nullptr, 10);
    }
    openLog("bench-power-cuts", LogLevel::Error);
    const bool honest = run(test::CardModel::Honest, "honest", seed, count / 2);
    const bool collateral = run(test::CardModel::Collateral, "collateral", seed + 1, count - count / 2);
    return honest && collateral ? 0 : 1;
}
