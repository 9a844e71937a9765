// The ring's promises over many thousand power cuts, behind every step of the crash order and in both models
// of a card. `scripts/bench power-cuts` runs more of the same.
#include <catch2/catch.hpp>

#include "support/ring/power_cuts.hpp"

using namespace camgate;

namespace {

void cutAndCheck(test::CardModel model, std::uint64_t seed, std::uint64_t cuts) {
    test::PowerCuts power(model, seed);
    const auto wrong = power.run(cuts);
    INFO("seed " << seed);
    if (wrong) FAIL(*wrong);
    CHECK(power.counts().cuts >= cuts);
    // Every step of the crash order was cut behind.
    for (const std::uint64_t of_step : power.counts().by_step) CHECK(of_step > 20);
}

}  // namespace

TEST_CASE("ring: on an honest card no cut loses what was acknowledged or shows a wrong frame",
          "[ring][fault]") {
    cutAndCheck(test::CardModel::Honest, 1, 12'000);
}

TEST_CASE("ring: on a card that hurts its neighbours every loss is declared and no frame is wrong",
          "[ring][fault]") {
    cutAndCheck(test::CardModel::Collateral, 2, 12'000);
}
