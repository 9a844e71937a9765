// Counts what this program allocates: a detector may allocate for a new size of picture, never for a frame.
#include "counting_allocator.hpp"
#include "scene_run.hpp"

using namespace camgate;
using namespace camgate::motion;
using namespace camgate::motion::test;
using std::chrono::seconds;

TEST_CASE("detector: after the first frame nothing is allocated", "[motion][memory]") {
    const auto yard = scene({.seed = 3, .empty = seconds(2)});
    auto eye = detector();
    Picture luma(640 * 360);
    bool active = false;
    for (std::uint64_t i = 0; i < 15 * 8; ++i) {
        REQUIRE(yard.render(i, luma));
        const auto plane = LumaPlane::of(luma, 640, 360, 640);
        const std::size_t before = countedAllocations();
        const MotionResult result = eye.process(*plane, BootTime(yard.timeOf(i)));
        const std::size_t for_this_frame = countedAllocations() - before;
        if (i > 0) REQUIRE(for_this_frame == 0);
        active = active || result.active;
    }
    CHECK(active);
}
