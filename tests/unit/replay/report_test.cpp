#include "tools/replay/report.hpp"

#include <catch2/catch.hpp>

using namespace camgate;
using namespace camgate::replay;

TEST_CASE("report: an event is one line with the fields that programs read", "[replay]") {
    EventSeen seen;
    seen.first_frame = 59;
    seen.last_frame = 118;
    seen.start_s = 4.72;
    seen.end_s = 9.44;
    seen.zones = {"path"};
    seen.event.best_box = {0.25F, 0.1F, 0.5F, 0.75F};
    seen.event.best_confidence = 0.9F;
    CHECK(eventLine(seen) ==
          R"({"type":"event","first_frame":59,"last_frame":118,"start_s":4.72,"end_s":9.44,)"
          R"("box":[0.25,0.1,0.5,0.75],"zones":["path"],"confidence":0.9})");
    CHECK(eventText(seen) ==
          "0:00:04.7 to 0:00:09.4  frames 59 to 118  at 0.25,0.10, 75% of the height, sure to 90%  in path");
}

TEST_CASE("report: the summary names the reasons that occurred", "[replay]") {
    Summary summary;
    summary.frames = 100;
    summary.fps = 12.5;
    summary.cpu_s = 0.5;
    summary.ns_per_px = 0.25;
    summary.decode_cpu_s = 0.375;
    summary.rejected[static_cast<std::size_t>(motion::Rejection::TooSmall)] = 7;
    CHECK(summaryLine(summary) == R"({"type":"summary","frames":100,"fps":12.5,"cpu_s":0.5,"ns_per_px":0.25,)"
                                  R"("decode_cpu_s":0.375,"rejected":{"too-small":7}})");
    CHECK(stateLine(3, "settling") == R"({"type":"state","frame":3,"state":"settling"})");
}
