#include "app/pause_book.hpp"

#include <catch2/catch.hpp>

#include "support/base/fake_clock.hpp"

using namespace camgate;
using namespace camgate::app;
using namespace std::chrono_literals;

namespace {

struct PauseBookRig {
    test::FakeClock clock;  // Sunday, 12:00 UTC
    config::Configuration configuration;
    PauseBook book{clock};

    PauseBookRig() {
        for (const char* id : {"gate", "yard"}) {
            configuration.cameras.emplace_back();
            configuration.cameras.back().id = id;
        }
    }
    std::vector<PauseChange> look() { return book.look(configuration); }
    PauseBook again() const { return PauseBook::read(clock, book.text()).value(); }
};

}  // namespace

TEST_CASE("pause: without a length it holds until the owner resumes it", "[app][pause]") {
    PauseBookRig rig;
    CHECK_FALSE(rig.book.of("gate"));
    rig.book.pause("gate", std::nullopt);
    rig.clock.advance(24h * 400);
    CHECK(rig.look().empty());
    CHECK(rig.book.of("gate")->by == PausedBy::Owner);
    CHECK_FALSE(rig.book.of("gate")->until);
    CHECK_FALSE(rig.book.of("yard"));
    CHECK(rig.book.resume("gate"));
    CHECK_FALSE(rig.book.of("gate"));
    CHECK_FALSE(rig.book.resume("gate"));
}

TEST_CASE("pause: for a time it ends by itself, whatever the wall clock does", "[app][pause]") {
    PauseBookRig rig;
    rig.book.pause("gate", 2h);
    CHECK(*rig.book.of("gate")->until == rig.clock.wallNow().time + 2h);
    rig.clock.stepWall(-24h);
    rig.clock.advance(2h - 1s);
    CHECK(rig.look().empty());
    rig.clock.advance(1s);
    const auto ended = rig.look();
    REQUIRE(ended.size() == 1);
    CHECK(ended[0].camera == "gate");
    CHECK_FALSE(ended[0].paused);
    CHECK_FALSE(rig.book.of("gate"));
}

TEST_CASE("pause: it survives a restart for what is left of it", "[app][pause]") {
    PauseBookRig rig;
    rig.book.pause("gate", 2h);
    rig.book.pause("yard", std::nullopt);
    rig.clock.advance(90min);  // away meanwhile
    PauseBook again = rig.again();
    CHECK(again.look(rig.configuration).empty());
    CHECK(again.of("yard"));
    rig.clock.advance(29min);
    CHECK(again.look(rig.configuration).empty());
    rig.clock.advance(1min);
    CHECK(again.look(rig.configuration).size() == 1);
    CHECK(again.of("yard"));
}

TEST_CASE("pause: a restart without the time makes it longer, never shorter", "[app][pause]") {
    PauseBookRig rig;
    rig.book.pause("gate", 2h);
    rig.clock.advance(90min);
    rig.clock.setWall({WallTime(0s), WallQuality::Unsynced, 0ms});
    PauseBook again = rig.again();
    rig.clock.advance(2h - 1s);
    CHECK(again.look(rig.configuration).empty());
    rig.clock.advance(1s);
    CHECK(again.look(rig.configuration).size() == 1);
}

TEST_CASE("pause: one that began without the time is not cut short by a start that knows it",
          "[app][pause]") {
    PauseBookRig rig;
    const WallReading known = rig.clock.wallNow();
    rig.clock.setWall({WallTime(0s), WallQuality::Unsynced, 0ms});
    rig.book.pause("gate", 2h);
    CHECK_FALSE(rig.book.of("gate")->until);
    CHECK(rig.book.of("gate")->left == Duration(2h));
    PauseBook unsynced = rig.again();
    rig.clock.setWall(known);
    for (PauseBook again : {rig.again(), PauseBook::read(rig.clock, unsynced.text()).value()}) {
        CHECK(again.look(rig.configuration).empty());
        CHECK(again.of("gate"));
    }
}

TEST_CASE("pause: when one that began without the time ends is known once the clock is set", "[app][pause]") {
    PauseBookRig rig;
    const WallReading known = rig.clock.wallNow();
    rig.clock.setWall({WallTime(0s), WallQuality::Unsynced, 0ms});
    rig.book.pause("gate", 2h);
    rig.book.pause("yard", std::nullopt);
    CHECK(rig.book.learnEnds().empty());
    rig.clock.advance(30min);
    CHECK_FALSE(rig.book.of("gate")->until);
    CHECK(rig.book.of("gate")->left == Duration(90min));
    rig.clock.setWall(known);
    CHECK(rig.book.learnEnds() == std::vector<std::string>{"gate"});
    CHECK(*rig.book.of("gate")->until == known.time + 90min);
    CHECK_FALSE(rig.book.of("yard")->left);
    CHECK(rig.book.learnEnds().empty());
}

TEST_CASE("pause: the hours of the configuration begin and end it, and are told once", "[app][pause]") {
    PauseBookRig rig;
    rig.configuration.cameras[1].pause_hours = "sun 13:00-14:00";
    CHECK(rig.look().empty());
    rig.clock.advance(1h);
    const auto begun = rig.look();
    REQUIRE(begun.size() == 1);
    CHECK(begun[0].camera == "yard");
    CHECK(begun[0].by == PausedBy::Schedule);
    CHECK(begun[0].paused);
    CHECK(rig.look().empty());
    PauseBook again = rig.again();
    CHECK(again.look(rig.configuration).empty());
    CHECK(again.of("yard")->by == PausedBy::Schedule);
    // Who does not know the time leaves it as it is.
    const WallReading known = rig.clock.wallNow();
    rig.clock.setWall({WallTime(0s), WallQuality::Unsynced, 0ms});
    CHECK(rig.look().empty());
    rig.clock.setWall(known);
    rig.clock.advance(1h);
    REQUIRE(rig.look().size() == 1);
    CHECK_FALSE(rig.book.of("yard"));
}

TEST_CASE("pause: hours do not end the owner's, nor he theirs", "[app][pause]") {
    PauseBookRig rig;
    rig.configuration.cameras[0].pause_hours = "12:00-13:00";
    rig.look();
    rig.book.pause("gate", std::nullopt);
    CHECK(rig.book.of("gate")->by == PausedBy::Owner);
    CHECK(rig.book.resume("gate"));
    CHECK(rig.book.of("gate")->by == PausedBy::Schedule);
    rig.book.pause("gate", std::nullopt);
    rig.clock.advance(1h);
    rig.look();
    CHECK(rig.book.of("gate")->by == PausedBy::Owner);
}

TEST_CASE("pause: a damaged book is told of", "[app][pause][hostile]") {
    PauseBookRig rig;
    CHECK(PauseBook::read(rig.clock, ""));
    for (const char* text :
         {"x", "[]", "{}", R"({"v":2,"owner":{},"schedule":[]})", R"({"v":1,"owner":[],"schedule":[]})",
          R"({"v":1,"owner":{},"schedule":[1]})", R"({"v":1,"owner":{"gate":1},"schedule":[]})",
          R"({"v":1,"owner":{"gate":{"until":"x","for_s":1}},"schedule":[]})",
          R"({"v":1,"owner":{"gate":{"for_s":"1"}},"schedule":[]})"}) {
        CAPTURE(text);
        CHECK(PauseBook::read(rig.clock, text).error().kind == ErrorKind::Corruption);
    }
}
