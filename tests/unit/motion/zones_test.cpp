#include "motion/zones.hpp"

#include "scene_run.hpp"

using namespace camgate;
using namespace camgate::motion;
using namespace camgate::motion::test;
using std::chrono::seconds;

namespace {

Zone rectangle(const char* name, ZoneKind kind, float left, float top, float right, float bottom) {
    return {name, kind, {{left, top}, {right, top}, {right, bottom}, {left, bottom}}};
}

std::string refusal(std::vector<Zone> zones) {
    const auto made = Detector::create({.zones = std::move(zones)});
    REQUIRE_FALSE(made);
    CHECK(made.error().kind == ErrorKind::InvalidArgument);
    return made.error().context;
}

}  // namespace

TEST_CASE("zones: a refusal names the zone and what was expected", "[motion][zones]") {
    using Catch::Matchers::Contains;
    const Zone good = rectangle("door", ZoneKind::Include, 0, 0, 1, 1);
    CHECK_THAT(refusal({good, {"gate", ZoneKind::Include, {{0, 0}, {1.2F, 0}, {1, 1}}}}),
               Contains("\"gate\"") && Contains("corner 2") && Contains("0 to 1"));
    CHECK_THAT(refusal({{"nan", ZoneKind::Include, {{0, 0}, {std::nanf(""), 0}, {1, 1}}}}),
               Contains("\"nan\""));
    CHECK_THAT(refusal({{"line", ZoneKind::Ignore, {{0, 0}, {1, 1}}}}),
               Contains("\"line\"") && Contains("3 to 64"));
    CHECK_THAT(refusal({{"bow", ZoneKind::Include, {{0, 0}, {1, 1}, {1, 0}, {0, 1}}}}),
               Contains("\"bow\"") && Contains("crosses"));
    CHECK_THAT(refusal({{"flat", ZoneKind::Include, {{0, 0}, {0.5F, 0.5F}, {1, 1}}}}), Contains("\"flat\""));
    CHECK_THAT(refusal({good, {"", ZoneKind::Include, {}}}), Contains("zone 2"));
    std::vector<Point> thousands(5000, Point{0.5F, 0.5F});
    CHECK_THAT(refusal({{"lace", ZoneKind::Include, thousands}}), Contains("\"lace\"") && Contains("5000"));
    CHECK_THAT(refusal(std::vector<Zone>(17, good)), Contains("16") && Contains("\"door\""));
}

TEST_CASE("zones: settings out of range are refused", "[motion][zones]") {
    CHECK_FALSE(Detector::create({.zones = {}, .sensitivity_percent = 0}));
    CHECK_FALSE(Detector::create({.zones = {}, .sensitivity_percent = 101}));
    CHECK_FALSE(Detector::create({.zones = {}, .sensitivity_percent = 50, .min_height = 0}));
    CHECK_FALSE(Detector::create({.zones = {}, .sensitivity_percent = 50, .min_height = 1.5F}));
}

TEST_CASE("zones: polygons fall onto the blocks they cover", "[motion][zones]") {
    const Grid grid = Grid::ofPlane(320, 160);  // 40 x 20 blocks
    const std::vector<Zone> zones{rectangle("left", ZoneKind::Include, 0, 0, 0.5F, 1),
                                  {"corner", ZoneKind::Ignore, {{0, 0}, {0.5F, 0}, {0, 0.5F}}}};
    const ZoneMap map(zones, grid);
    CHECK(map.blocksOf(0) == 20 * 20);
    // A right triangle of 20 x 10 blocks: half of 200, the blocks cut in two count or not.
    CHECK(map.blocksOf(1) >= 90);
    CHECK(map.blocksOf(1) <= 110);
    CHECK(map.ignored(grid.index(0, 0)));
    CHECK_FALSE(map.ignored(grid.index(19, 9)));
    CHECK(map.mask(grid.index(39, 19)) == 0);
    CHECK(map.includeBits() == 1);
}

TEST_CASE("zones: what happens in an ignore zone is counted, not reported", "[motion][zones]") {
    const auto yard = scene({.seed = 3, .empty = seconds(4)});
    auto eye = detector({.zones = {rectangle("all", ZoneKind::Ignore, 0, 0, 1, 1)}});
    const Run outcome = run(yard, eye, 10 * 15);
    CHECK(outcome.found == 0);
    int counted = 0;
    for (const auto& result : outcome.results)
        counted += result.rejected[static_cast<std::size_t>(Rejection::IgnoreZone)];
    CHECK(counted > 0);
}

TEST_CASE("zones: a walker counts only while inside an include zone", "[motion][zones]") {
    const auto yard = scene({.seed = 3, .empty = seconds(4)});
    auto eye = detector({.zones = {rectangle("right half", ZoneKind::Include, 0.5F, 0, 1, 1)}});
    const Run outcome = run(yard, eye, 10 * 15);
    CHECK(outcome.found == 1);
    int outside = 0;
    for (std::size_t i = 0; i < outcome.results.size(); ++i) {
        outside += outcome.results[i].rejected[static_cast<std::size_t>(Rejection::OutsideZones)];
        if (!outcome.results[i].active) continue;
        CHECK(yard.truth(i)->x + yard.truth(i)->w > 0.45F);
        for (const auto& blob : outcome.results[i].blobs) {
            if (blob.confirmed) CHECK(blob.zones_touched == 1);
        }
    }
    CHECK(outside > 0);
}
