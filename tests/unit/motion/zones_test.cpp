#include "motion/zones.hpp"

#include "scene_run.hpp"

using namespace camgate;
using namespace camgate::motion;
using namespace camgate::motion::test;
using std::chrono::seconds;

namespace {

Zone rectangle(const char* name, ZoneKind kind, float left, float top, float right, float bottom) {
    return {
        .name = name, .kind = kind, .polygon = {{left, top}, {right, top}, {right, bottom}, {left, bottom}}};
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
    CHECK_THAT(
        refusal({good, {.name = "gate", .kind = ZoneKind::Include, .polygon = {{0, 0}, {1.2F, 0}, {1, 1}}}}),
        Contains("\"gate\"") && Contains("corner 2") && Contains("0 to 1"));
    CHECK_THAT(
        refusal(
            {{.name = "nan", .kind = ZoneKind::Include, .polygon = {{0, 0}, {std::nanf(""), 0}, {1, 1}}}}),
        Contains("\"nan\""));
    CHECK_THAT(refusal({{.name = "line", .kind = ZoneKind::Ignore, .polygon = {{0, 0}, {1, 1}}}}),
               Contains("\"line\"") && Contains("3 to 64"));
    CHECK_THAT(
        refusal({{.name = "bow", .kind = ZoneKind::Include, .polygon = {{0, 0}, {1, 1}, {1, 0}, {0, 1}}}}),
        Contains("\"bow\"") && Contains("crosses"));
    CHECK_THAT(
        refusal({{.name = "flat", .kind = ZoneKind::Include, .polygon = {{0, 0}, {0.5F, 0.5F}, {1, 1}}}}),
        Contains("\"flat\""));
    CHECK_THAT(refusal({good, {.name = "", .kind = ZoneKind::Include, .polygon = {}}}), Contains("zone 2"));
    std::vector<Point> thousands(5000, Point{0.5F, 0.5F});
    CHECK_THAT(refusal({{.name = "lace", .kind = ZoneKind::Include, .polygon = thousands}}),
               Contains("\"lace\"") && Contains("5000"));
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
    const std::vector<Zone> zones{
        rectangle("left", ZoneKind::Include, 0, 0, 0.5F, 1),
        {.name = "corner", .kind = ZoneKind::Ignore, .polygon = {{0, 0}, {0.5F, 0}, {0, 0.5F}}}};
    const ZoneMap map(zones, 50, grid);
    CHECK(map.blocksOf(0) == 20 * 20);
    // A right triangle of 20 x 10 blocks: half of 200, the blocks cut in two count or not.
    CHECK(map.blocksOf(1) >= 90);
    CHECK(map.blocksOf(1) <= 110);
    CHECK(map.ignored(grid.index(0, 0)));
    CHECK_FALSE(map.ignored(grid.index(19, 9)));
    CHECK(map.mask(grid.index(39, 19)) == 0);
    CHECK(map.countingBits() == 1);
    CHECK(map.restricted());
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

namespace {

Zone line(const char* name, Point a, Point b, Crossing crossing) {
    return {.name = name, .kind = ZoneKind::Line, .polygon = {a, b}, .crossing = crossing};
}

/// How often the walker is reported, and whether as having touched zone 0.
struct ZoneWalk {
    int active = 0;
    bool touched = false;
};

ZoneWalk walkThrough(std::vector<Zone> zones, std::uint16_t active_zones = 0xFFFF) {
    const auto yard = scene({.seed = 3, .empty = seconds(4)});
    auto eye = detector({.zones = std::move(zones)});
    eye.setActiveZones(active_zones);
    ZoneWalk walk;
    for (const auto& result : run(yard, eye, 10 * 15).results) {
        walk.active += result.active ? 1 : 0;
        for (const auto& blob : result.blobs)
            walk.touched = walk.touched || (blob.confirmed && (blob.zones_touched & 1U) != 0);
    }
    return walk;
}

}  // namespace

TEST_CASE("zones: a line, a sensitivity and a height are checked, and the zone named", "[motion][zones]") {
    using Catch::Matchers::Contains;
    CHECK_THAT(refusal({{.name = "gate", .kind = ZoneKind::Line, .polygon = {{0, 0}, {1, 0}, {1, 1}}}}),
               Contains("\"gate\"") && Contains("2 ends"));
    CHECK_THAT(refusal({line("dot", {0.5F, 0.5F}, {0.5F, 0.5F}, Crossing::Either)}), Contains("\"dot\""));
    Zone loud = rectangle("loud", ZoneKind::Include, 0, 0, 1, 1);
    loud.sensitivity_percent = 101;
    CHECK_THAT(refusal({loud}), Contains("\"loud\"") && Contains("sensitivity"));
    Zone tall = rectangle("tall", ZoneKind::Include, 0, 0, 1, 1);
    tall.min_height = 1.5F;
    CHECK_THAT(refusal({tall}), Contains("\"tall\"") && Contains("height"));
}

TEST_CASE("zones: a step across a line has a side", "[motion][zones]") {
    // From the top to the bottom of the picture: its left is the picture's right.
    const Point top{0.5F, 0};
    const Point bottom{0.5F, 1};
    const Point west{0.4F, 0.5F};
    const Point east{0.6F, 0.5F};
    CHECK(crosses(line("l", top, bottom, Crossing::ToLeft), west, east));
    CHECK_FALSE(crosses(line("l", top, bottom, Crossing::ToLeft), east, west));
    CHECK(crosses(line("l", top, bottom, Crossing::ToRight), east, west));
    CHECK(crosses(line("l", top, bottom, Crossing::Either), east, west));
    CHECK_FALSE(crosses(line("l", top, bottom, Crossing::Either), west, {0.45F, 0.6F}));
    CHECK_FALSE(crosses(line("short", top, {0.5F, 0.2F}, Crossing::Either), west, east));
}

TEST_CASE("zones: only who crosses the line the way it asks for counts", "[motion][zones]") {
    const Point top{0.5F, 0};
    const Point bottom{0.5F, 1};
    const ZoneWalk left = walkThrough({line("l", top, bottom, Crossing::ToLeft)});
    const ZoneWalk right = walkThrough({line("l", top, bottom, Crossing::ToRight)});
    CHECK(left.touched != right.touched);
    CHECK((left.active > 0) == left.touched);
    CHECK((right.active > 0) == right.touched);
    const ZoneWalk either = walkThrough({line("l", top, bottom, Crossing::Either)});
    CHECK(either.touched);
    // Not before he is across.
    CHECK(either.active < walkThrough({}).active);
}

TEST_CASE("zones: one that is not active counts for nothing, and neither does the rest", "[motion][zones]") {
    const Zone all = rectangle("all", ZoneKind::Include, 0, 0, 1, 1);
    CHECK(walkThrough({all}).active > 0);
    CHECK(walkThrough({all}, 0).active == 0);
    const Zone ignored = rectangle("all", ZoneKind::Ignore, 0, 0, 1, 1);
    CHECK(walkThrough({ignored}).active == 0);
    CHECK(walkThrough({ignored}, 0).active > 0);
}

TEST_CASE("zones: each has its own smallest object and sensitivity", "[motion][zones]") {
    Zone all = rectangle("all", ZoneKind::Include, 0, 0, 1, 1);
    all.min_height = 0.6F;  // the walker is 0.3 tall
    CHECK(walkThrough({all}).active == 0);
    all.min_height = 0.05F;
    CHECK(walkThrough({all}).active > 0);
    const ZoneMap map(
        std::vector<Zone>{
            {.name = "keen", .polygon = {{0, 0}, {0.5F, 0}, {0.5F, 1}, {0, 1}}, .sensitivity_percent = 100}},
        1, Grid::ofPlane(320, 160));
    CHECK(map.scales_q7().front() == 64);  // half
    CHECK(map.scales_q7().back() >= 250);  // twice
    // An ignore zone with a sensitivity dims, it does not blind.
    Zone dim = rectangle("dim", ZoneKind::Ignore, 0, 0, 1, 1);
    dim.sensitivity_percent = 30;
    CHECK(walkThrough({dim}).active > 0);
}
