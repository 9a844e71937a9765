#include "config/trial.hpp"

#include <catch2/catch.hpp>

#include "support/base/fake_loop.hpp"

using namespace camgate;
using namespace camgate::config;
using namespace std::chrono_literals;

namespace {

struct TrialRig {
    test::FakeClock clock;
    test::FakeLoop loop{clock};
    Trial trial{loop};
    std::vector<std::string> ends;

    void begin(Demands demands) {
        trial.begin(std::move(demands), 120s,
                    [this](const std::string& lacking) { ends.push_back(lacking); });
    }
};

}  // namespace

TEST_CASE("trial: kept as soon as all that is demanded works at one time", "[config][trial]") {
    TrialRig rig;
    rig.begin({true, {"gate", "yard"}, false});
    rig.trial.look({true, {"gate"}});
    rig.trial.look({false, {"gate", "yard"}});
    CHECK(rig.trial.running());
    rig.trial.look({true, {"gate", "yard", "new"}});
    CHECK(rig.ends == std::vector<std::string>{""});
    CHECK_FALSE(rig.trial.running());
    rig.loop.advance(10min);
    CHECK(rig.ends.size() == 1);
}

TEST_CASE("trial: its end names everything that is not back", "[config][trial]") {
    TrialRig rig;
    rig.begin({true, {"gate", "yard"}, true});
    rig.trial.look({false, {"gate"}});
    rig.loop.advance(119s);
    CHECK(rig.trial.left() == 1s);
    CHECK(rig.ends.empty());
    rig.loop.advance(1s);
    CHECK(rig.ends ==
          std::vector<std::string>{"the hub link is not back, camera yard is not back, nobody confirmed it"});
    rig.trial.look({true, {"gate", "yard"}});
    rig.trial.confirm();
    CHECK(rig.ends.size() == 1);
}

TEST_CASE("trial: a confirmation alone does not do, nor does working alone", "[config][trial]") {
    TrialRig rig;
    rig.begin({true, {}, true});
    CHECK(rig.trial.wantsConfirmation());
    rig.trial.confirm();
    CHECK_FALSE(rig.trial.wantsConfirmation());
    CHECK(rig.ends.empty());
    rig.trial.look({true, {}});
    CHECK(rig.ends == std::vector<std::string>{""});
}

TEST_CASE("trial: another may begin where one ends", "[config][trial]") {
    TrialRig rig;
    rig.trial.begin({true, {}, false}, 120s, [&rig](const std::string&) {
        rig.begin({false, {"gate"}, false});
    });
    rig.loop.advance(120s);
    CHECK(rig.trial.running());
    rig.trial.look({false, {"gate"}});
    CHECK(rig.ends == std::vector<std::string>{""});
}

TEST_CASE("trial: a camera that its owner pauses meanwhile fails nothing", "[config][trial]") {
    TrialRig rig;
    rig.begin({false, {"gate", "yard"}, false});
    rig.trial.look({true, {"gate"}, {}});
    CHECK(rig.trial.running());
    rig.trial.look({true, {"gate"}, {"yard"}});
    CHECK(rig.ends == std::vector<std::string>{""});
}
