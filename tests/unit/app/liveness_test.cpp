#include "app/liveness.hpp"

#include <catch2/catch.hpp>

#include "app/run_mark.hpp"
#include "app/watchdog.hpp"
#include "support/base/fake_loop.hpp"
#include "support/base/memory_file_system.hpp"

using namespace camgate;
using namespace camgate::app;
using namespace std::chrono_literals;

namespace {

struct LivenessRig {
    Liveness liveness;
    BootTime now{};
    Work work{{{"gate", true, true, 0, 0}, {"yard", true, true, 0, 0}}, true};

    /// The verdict after so long; `moving` of the cameras send and are stored meanwhile.
    std::string after(Duration length, std::size_t moving) {
        std::string verdict;
        for (Duration t{0}; t < length; t += 5s) {
            for (std::size_t i = 0; i < moving; ++i)
                ++work.cameras[i].frames, ++work.cameras[i].stored_records;
            verdict = liveness.look(work, now += 5s);
        }
        return verdict;
    }
};

}  // namespace

TEST_CASE("liveness: whoever claims to deliver and does not for 30 s is named", "[app][watchdog]") {
    LivenessRig rig;
    CHECK(rig.after(5min, 2).empty());
    CHECK(rig.after(30s, 1).empty());
    CHECK(rig.after(5s, 1) == "camera yard delivers nothing, nothing of camera yard is stored");
    CHECK(rig.after(5s, 2).empty());
}

TEST_CASE("liveness: a declared fault of a camera or of the card is no standstill", "[app][watchdog]") {
    LivenessRig rig;
    rig.after(1min, 2);
    rig.work.cameras[1].delivers = false;
    CHECK(rig.after(5min, 1).empty());
    rig.work.cameras[1].delivers = true;  // it has its time again
    CHECK(rig.after(30s, 1).empty());
    rig.after(5s, 2);
    rig.work.card_works = false;
    for (int i = 0; i < 60; ++i) {
        for (auto& camera : rig.work.cameras) ++camera.frames;
        CHECK(rig.liveness.look(rig.work, rig.now += 5s).empty());
    }
    rig.work.card_works = true;
    rig.work.cameras[0].recorded = false;
    std::string verdict;
    for (int i = 0; i < 8; ++i) {
        for (auto& camera : rig.work.cameras) ++camera.frames;
        verdict = rig.liveness.look(rig.work, rig.now += 5s);
    }
    CHECK(verdict == "nothing of camera yard is stored");
}

TEST_CASE("watchdog: without a service manager that watches nothing runs", "[app][watchdog]") {
    test::FakeClock clock;
    test::FakeLoop loop(clock);
    const ServiceManager nobody;
    int asked = 0;
    const Watchdog watchdog(
        loop, nobody, [&asked] { return ++asked, Work(); }, [](const std::string&) {});
    loop.advance(5min);
    CHECK(asked == 0);
}

TEST_CASE("run mark: the next start knows how the last run ended", "[app][watchdog]") {
    test::MemoryFileSystem disk;
    CHECK(RunMark(disk, "/data", "boot-1").begin().empty());  // no data folder: nothing is made
    REQUIRE(disk.makeDirectory("/data"));
    RunMark first(disk, "/data", "boot-1");
    CHECK(first.begin().empty());
    first.endInOrder();
    RunMark second(disk, "/data", "boot-1");
    CHECK(second.begin() == "stopped in order");
    CHECK(RunMark(disk, "/data", "boot-1").begin() == "killed or crashed");
    RunMark third(disk, "/data", "boot-2");
    CHECK(third.begin() == "the machine went down");
    third.giveUp("camera yard delivers nothing");
    CHECK(RunMark(disk, "/data", "boot-2").begin() == "gave itself up: camera yard delivers nothing");
    REQUIRE(replaceFile(disk, "/data/running", ""));
    CHECK(RunMark(disk, "/data", "boot-2").begin().empty());
}
