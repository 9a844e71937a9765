#include <catch2/catch.hpp>

#include "support/app/recorder_fixture.hpp"

using namespace camgate;
using namespace camgate::app;
using namespace std::chrono_literals;
using namespace camgate::test;

TEST_CASE("recorder: footage of two cameras is stored and counted", "[app]") {
    Fixture f;
    f.start();
    CHECK(f.recorder->state() == StorageState::Ok);
    CHECK(f.opened == 1);
    f.film(5s);
    f.wait(2s);
    const std::uint64_t gate = f.recorder->storedRecords("gate");
    // A group of pictures lasts 1 s and each begins a record.
    CHECK(gate >= 5);
    CHECK(f.recorder->storedRecords("yard") == gate);
    REQUIRE(f.recorder->stats());
    CHECK(f.recorder->stats()->records == 2 * gate);
    f.checkNothingLost();
    CHECK(f.endAndLook("gate").records == gate);
}

TEST_CASE("recorder: nothing that arrived waits longer than 1.3 s for a healthy card", "[app]") {
    Fixture f;
    f.start();
    f.film(1200ms);
    CHECK(f.recorder->storedRecords("gate") > 0);
}

TEST_CASE("recorder: a camera that is not recorded may send what it likes", "[app]") {
    Fixture f;
    f.start();
    FootageSink& nowhere = f.recorder->sinkOf("shed");
    nowhere.onStreamConfig(media::StreamKind::Main, {});
    CHECK(nowhere.onAccessUnit({}));
    nowhere.onInterrupted();
    f.wait(2s);
    CHECK(f.recorder->storedRecords("shed") == 0);
    CHECK(f.recorder->droppedUnits("shed") == 0);
    CHECK(f.recorder->stats()->records == 0);
}

TEST_CASE("recorder: what it holds at its end is written", "[app]") {
    Fixture f;
    f.start();
    SECTION("units that wait for their round") {
        f.film(900ms);
        REQUIRE(f.recorder->storedRecords("gate") == 0);
    }
    SECTION("a round on its way, and what came since") {
        f.film(1s);
        f.card.stall();
        f.filmStalled(1s);
        f.card.goOn();
    }
    SECTION("a round that the card refused, and what came since") {
        f.card.faults([](test::Faults& faults) { faults.error_on_sync = 1000; });
        f.film(2s);
        REQUIRE(f.recorder->state() == StorageState::Error);
        f.card.faults([](test::Faults& faults) { faults = {}; });
    }
    f.checkNothingLost();
    f.loop.runPosted();  // answers that came too late meet nobody
}

TEST_CASE("recorder: a worker's end is a gap in front of what follows", "[app]") {
    Fixture f;
    f.start();
    f.film(1s);
    f.recorder->sinkOf("gate").onInterrupted();
    f.film(1s);
    f.recorder.reset();
    auto ring = ring::Ring::open(f.card, kRing, smallRing(), f.clock);
    REQUIRE(ring);
    const auto found = (*ring)->find(ring::cameraTag("cg-1", "gate"), media::StreamKind::Main,
                                     f.clock.wallNow().time - 1h, f.clock.wallNow().time + 1h);
    REQUIRE(found);
    REQUIRE(found->size() == 2);
    CHECK((*found)[0].header.gap.reason == ring::GapReason::DaemonStart);
    CHECK((*found)[1].header.gap.reason == ring::GapReason::CameraLost);
}

TEST_CASE_METHOD(RecorderFixture,
                 "recorder: a rebuilt ring is empty, recording goes on, what came between is a gap",
                 "[app]") {
    start();
    film(3s);
    std::optional<Status> done;
    recorder->rebuild([this] { return card.remove(kRing); }, [&done](Status status) { done = status; });
    CHECK(recorder->state() == StorageState::Formatting);
    CHECK(closed == 1);
    const auto sent_before = sent[kCameras[0]];
    sendUnits();
    settle();
    settle();
    REQUIRE(done.has_value());
    CHECK(done->has_value());
    CHECK(recorder->state() == StorageState::Ok);
    CHECK(opened == 2);
    film(3s);
    CHECK(recorder->droppedUnits(kCameras[0]) > 0);
    const Stored stored = endAndLook(kCameras[0]);
    CHECK(stored.units > 0);
    CHECK(stored.units <= sent[kCameras[0]] - sent_before);
}

TEST_CASE_METHOD(RecorderFixture,
                 "recorder: a rebuilding that is refused goes on with the ring that is there", "[app]") {
    start();
    film(3s);
    Status done;
    recorder->rebuild([] { return Status(fail(ErrorKind::FailedPrecondition, "no")); },
                      [&done](Status status) { done = status; });
    settle();
    settle();
    CHECK_FALSE(done);
    CHECK(recorder->state() == StorageState::Ok);
    film(2s);
    CHECK(endAndLook(kCameras[0]).units >= sent[kCameras[0]] - 30);
}

TEST_CASE_METHOD(RecorderFixture, "recorder: a rebuilding waits for the round that is under way", "[app]") {
    start();
    card.stall();
    filmStalled(2s);
    bool worked = false;
    recorder->rebuild(
        [this, &worked] {
            worked = true;
            return card.remove(kRing);
        },
        [](const Status&) {});
    loop.advance(1s);
    CHECK(closed == 0);
    card.goOn();
    settle();
    wait(1s);
    CHECK(worked);
    CHECK(opened == 2);
    CHECK(recorder->state() == StorageState::Ok);
}

TEST_CASE("recorder: says how footage is sealed, by where the key lies", "[app][sealing]") {
    const auto said = [](const SealSetup& sealing) {
        Fixture f;
        f.sealing = sealing;
        f.start();
        return f.recorder->sealed();
    };
    CHECK(said({}) == "no (off)");
    CHECK(said({true, "/card/ring.key", {}}) == "no (key on the same card)");
    CHECK(said({true, "/stick/ring.key", {}}) == "yes (key file)");
}

TEST_CASE("recorder: a camera's footage is erased when its owner asks, and no other's", "[app][sealing]") {
    Fixture f;
    f.sealing = {true, "/stick/ring.key", {}};
    f.start();
    std::optional<Result<std::uint32_t>> answer;
    const auto keep = [&](const Result<std::uint32_t>& erased) { answer = erased; };
    f.recorder->erase("nobody", {}, keep);
    CHECK(answer->error().kind == ErrorKind::NotFound);
    f.film(5s);
    f.wait(2s);
    f.recorder->erase("gate", {}, keep);
    f.settle();
    REQUIRE(answer->has_value());
    CHECK(**answer == 1);
    f.film(2s);
    f.wait(2s);
    CHECK(f.recorder->state() == StorageState::Ok);
}

TEST_CASE("recorder: footage older than its camera's limit is erased by itself", "[app][sealing]") {
    Fixture f;
    f.sealing = {true, "/stick/ring.key", {}};
    f.keep_days = 2;
    f.start();
    f.film(2s);
    f.wait(2s);
    std::optional<Result<std::uint32_t>> left;
    const auto count = [&] {
        // Erasing what is left tells what was left.
        f.recorder->erase("gate", {}, [&](const Result<std::uint32_t>& erased) { left = erased; });
        f.settle();
        return left->value();
    };
    f.clock.advance(3 * 24h);
    f.loop.advance(10min);
    f.settle();
    CHECK(count() == 0);
}

TEST_CASE("age limits: count whole days before today, and only by a clock that the network has set",
          "[app][sealing]") {
    const std::vector<AgeLimit> limits{{1, 30}, {2, 0}};
    const WallReading now{WallTime(std::chrono::days(20'000) + 5h), WallQuality::Ntp, 10ms};
    const auto old = oldDays(limits, now);
    REQUIRE(old.size() == 1);
    CHECK(old[0].camera_tag == 1);
    // Day 20'000 is on, the 30 before it are kept: 19'969 is too old.
    CHECK(old[0].days.last == 19'969);
    CHECK(oldDays(limits, {now.time, WallQuality::Rtc, 0ms}).empty());
    CHECK(oldDays(limits, {now.time, WallQuality::Unsynced, 0ms}).empty());
}
