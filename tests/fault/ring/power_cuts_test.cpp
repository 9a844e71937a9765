// The ring's promises over many thousand power cuts, behind every step of the crash order and in both models
// of a card, in clear and sealed. `scripts/bench power-cuts` runs more of the same.
#include <catch2/catch.hpp>

#include "support/ring/power_cuts.hpp"

using namespace camgate;

namespace {

void cutAndCheck(test::CardModel model, bool sealed, std::uint64_t seed, std::uint64_t cuts) {
    test::PowerCuts power(model, sealed, seed);
    const auto wrong = power.run(cuts);
    INFO("seed " << seed);
    if (wrong) FAIL(*wrong);
    CHECK(power.counts().cuts >= cuts);
    // Every step of the crash order was cut behind; those of keys on sealed rings.
    const auto of_keys = static_cast<std::size_t>(test::CrashStep::AddKeys);
    const std::size_t steps = power.counts().by_step.size();
    for (std::size_t step = sealed ? of_keys : 0; step < (sealed ? steps : of_keys); ++step) {
        CAPTURE(step);
        CHECK(power.counts().by_step[step] > 20);
    }
}

}  // namespace

TEST_CASE("ring: on an honest card no cut loses what was acknowledged or shows a wrong frame",
          "[ring][fault]") {
    cutAndCheck(test::CardModel::Honest, false, 1, 12'000);
}

TEST_CASE("ring: on a card that hurts its neighbours every loss is declared and no frame is wrong",
          "[ring][fault]") {
    cutAndCheck(test::CardModel::Collateral, false, 2, 12'000);
}

TEST_CASE("sealed ring: on an honest card a cut while days are erased leaves them whole or gone, never back",
          "[ring][sealing][fault]") {
    cutAndCheck(test::CardModel::Honest, true, 3, 4'000);
}

TEST_CASE("sealed ring: on a card that hurts its neighbours every loss is declared, nothing erased is back",
          "[ring][sealing][fault]") {
    cutAndCheck(test::CardModel::Collateral, true, 4, 4'000);
}
