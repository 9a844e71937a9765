#include "config/keeper.hpp"

#include <catch2/catch.hpp>

#include "config/report.hpp"
#include "support/base/fake_loop.hpp"
#include "support/config/documents.hpp"

using namespace camgate;
using namespace camgate::config;
using namespace std::chrono_literals;

namespace {

Configuration sample() {
    return loadConfiguration(test::sampleDocument(), test::sampleBoard()).configuration;
}

History startingHistory() {
    History history;
    history.add({7, 0, "file", "", "", test::sampleDocument()});
    history.current = 7;
    return history;
}

/// A gateway that works again, or does not, as the test says.
struct KeeperRig final : Applier {
    test::FakeClock clock;
    test::FakeLoop loop{clock};
    Health works{true, {"gate", "yard"}};
    std::vector<Configuration> applied;
    std::optional<History> saved;
    Status save_result;
    int changes = 0;
    Keeper keeper;
    std::optional<Outcome> answer;

    explicit KeeperRig(const History& history = startingHistory())
        : keeper({loop, *this,
                  [this](History next, const std::function<void(Status)>& done) {
                      if (save_result) saved = std::move(next);
                      done(save_result);
                  },
                  [this] { ++changes; }},
                 test::sampleBoard(), history, sample()) {}

    void apply(const Configuration& configuration) override {
        applied.push_back(configuration);
        works = {};
    }
    Health health() const override { return works; }

    Outcome propose(const std::string& document, std::uint64_t base = 7, std::uint64_t number = 8,
                    std::optional<Duration> confirm = {}) {
        keeper.propose({document, base, number, "hub", "operator", confirm},
                       [this](const Outcome& outcome) { answer = outcome; });
        return answer.value();
    }
    void allWorks() {
        works = {true, {"gate", "yard"}};
        keeper.look();
    }
};

const std::string kOtherHub = test::sampleWith("hub.example", "hub2.example");

}  // namespace

TEST_CASE("keeper: a sound document is durable first, then tried, then kept", "[config][keeper]") {
    KeeperRig rig;
    CHECK(rig.propose(kOtherHub).fate == Fate::Trial);
    CHECK(rig.saved->trial == 8);
    CHECK(rig.saved->current == 7);
    REQUIRE(rig.applied.size() == 1);
    CHECK(rig.applied[0].hub.host == "hub2.example");
    CHECK(rig.keeper.configuration().hub.host == "hub2.example");
    rig.loop.advance(60s);
    rig.allWorks();
    CHECK(rig.saved->trial == 0);
    CHECK(rig.saved->current == 8);
    CHECK(rig.keeper.outcome().fate == Fate::Applied);
    CHECK(rig.keeper.outcome().revision == 8);
}

TEST_CASE("keeper: what does not come back in time is reverted, with the reason", "[config][keeper]") {
    KeeperRig rig;
    rig.propose(kOtherHub);
    rig.works = {false, {"gate", "yard"}};
    rig.keeper.look();
    rig.loop.advance(119s);
    CHECK(rig.applied.size() == 1);
    rig.loop.advance(1s);
    REQUIRE(rig.applied.size() == 2);
    CHECK(rig.applied[1] == sample());
    CHECK(rig.saved->current == 7);
    CHECK(rig.saved->trial == 0);
    CHECK(rig.keeper.outcome().fate == Fate::Reverted);
    CHECK(rig.keeper.outcome().reason == "after 120 s: the hub link is not back");
    // The failed one stays in the history: its number is used up.
    CHECK(rig.propose(kOtherHub, 7, 8).reason == "conflict: the next revision is 9, found 8");
}

TEST_CASE("keeper: only what worked before is demanded, and only where it still has a place",
          "[config][keeper]") {
    KeeperRig rig;
    rig.works = {false, {"gate", "yard"}};  // the hub is away, and yard goes
    rig.propose(test::sampleWith(",\n        {\"id\": \"yard\", \"main\": \"rtsp://10.0.0.3/main\"}", ""));
    CHECK(rig.keeper.outcome().fate == Fate::Trial);
    rig.works = {false, {"gate"}};
    rig.keeper.look();
    CHECK(rig.keeper.outcome().fate == Fate::Applied);
}

TEST_CASE("keeper: a stop during the trial is its end", "[config][keeper]") {
    History history = startingHistory();
    history.trial = 8;
    history.add({8, 7, "hub", "operator", "", kOtherHub});
    KeeperRig rig(history);
    rig.keeper.start();
    CHECK(rig.applied.empty());  // the old one runs already
    CHECK(rig.saved->trial == 0);
    CHECK(rig.saved->current == 7);
    CHECK(rig.keeper.outcome().fate == Fate::Reverted);
    CHECK(rig.keeper.outcome().reason == "the gateway stopped during the trial");
    // Also after one more start it is known what became of it.
    KeeperRig again(*rig.saved);
    again.keeper.start();
    CHECK(again.keeper.outcome().fate == Fate::Reverted);
    CHECK(again.keeper.outcome().revision == 8);
}

TEST_CASE("keeper: faults, a stale base and a used number are refused, and nothing is kept",
          "[config][keeper]") {
    KeeperRig rig;
    const auto faulty = rig.propose(test::sampleWith("\"version\": 2,", "\"version\": 2, \"colour\": 1,"));
    CHECK(faulty.fate == Fate::Rejected);
    CHECK(faulty.revision == 8);
    CHECK(faulty.faults.at(0).pointer == "/colour");
    CHECK(rig.propose(kOtherHub, 6).reason ==
          "conflict: it was made from revision 6, revision 7 is in force");
    CHECK(rig.propose(kOtherHub, 7, 7).reason == "conflict: the next revision is 8, found 7");
    CHECK_FALSE(rig.saved);
    CHECK(rig.applied.empty());
    CHECK(rig.changes == 3);
}

TEST_CASE("keeper: passwords do not come in a document", "[config][keeper]") {
    KeeperRig rig;
    CHECK(rig.propose(test::sampleWith("\"version\": 2,", "")).fate ==
          Fate::Applied);  // an old layout is no fault
    KeeperRig other;
    std::string old = test::sampleWith("\"version\": 2,", "");
    old.replace(old.find("\"user\": \"camgate\""), 17, "\"password\": \"look-4-me\"");
    const auto refused = other.propose(old);
    CHECK(refused.fate == Fate::Rejected);
    CHECK(describe(refused.faults).find("look-4-me") == std::string::npos);
}

TEST_CASE("keeper: while one is on trial no other is taken", "[config][keeper]") {
    KeeperRig rig;
    rig.propose(kOtherHub);
    CHECK(rig.propose(test::sampleWith("hub.example", "hub3.example"), 7, 9).reason ==
          "busy: revision 8 is on trial");
    CHECK(rig.keeper.outcome().fate == Fate::Trial);
    CHECK(rig.keeper.outcome().revision == 8);
}

TEST_CASE("keeper: what changes nothing needs no trial", "[config][keeper]") {
    KeeperRig rig;
    CHECK(rig.propose(test::sampleDocument()).fate == Fate::Applied);
    CHECK(rig.saved->current == 8);
    CHECK(rig.applied.empty());
}

TEST_CASE("keeper: a confirmation that was agreed on has its own time", "[config][keeper]") {
    KeeperRig rig;
    rig.propose(kOtherHub, 7, 0, 10min);
    rig.allWorks();
    CHECK(rig.keeper.outcome().fate == Fate::Trial);
    rig.loop.advance(9min);
    CHECK(rig.keeper.confirm());
    CHECK(rig.keeper.outcome().fate == Fate::Applied);
    CHECK_FALSE(rig.keeper.confirm());
    rig.propose(test::sampleWith("hub.example", "hub3.example"), 8, 0, 10min);
    rig.allWorks();
    rig.loop.advance(10min);
    CHECK(rig.keeper.outcome().reason == "after 600 s: nobody confirmed it");
}

TEST_CASE("keeper: a trial can be given up", "[config][keeper]") {
    KeeperRig rig;
    CHECK_FALSE(rig.keeper.abandon("tech"));
    rig.propose(kOtherHub);
    rig.loop.advance(5s);
    CHECK(rig.keeper.abandon("tech"));
    CHECK(rig.keeper.outcome().reason == "after 5 s: tech gave it up");
}

TEST_CASE("keeper: what cannot be made durable is not acted on", "[config][keeper][fault]") {
    KeeperRig rig;
    rig.save_result = fail(ErrorKind::NoSpace, "the disk is full");
    const auto outcome = rig.propose(kOtherHub);
    CHECK(outcome.fate == Fate::Rejected);
    CHECK_THAT(outcome.reason, Catch::Matchers::Contains("the disk is full"));
    CHECK(rig.applied.empty());
    rig.save_result = {};
    rig.propose(kOtherHub);
    rig.save_result = fail(ErrorKind::NoSpace, "the disk is full");
    rig.allWorks();
    CHECK(rig.keeper.outcome().fate == Fate::Reverted);
    CHECK(rig.applied.back() == sample());
    CHECK(rig.saved->trial == 8);  // as the next start finds it, and reverts it
}

TEST_CASE("keeper: the report says what is in force, what became of the proposal, and no secret",
          "[config][keeper]") {
    KeeperRig rig;
    rig.propose(test::sampleWith("\"version\": 2,", "\"version\": 2, \"colour\": 1,"));
    const std::string report = reportJson(rig.keeper, {"cameras/gate/password"});
    for (const char* part :
         {R"("revision":7)", R"("source":"file")", R"("state":"rejected")", R"("pointer":"/colour")",
          R"("cameras/gate/password":"set")", R"("cameras/yard/password":"unset")"}) {
        CAPTURE(part, report);
        CHECK(report.find(part) != std::string::npos);
    }
}
