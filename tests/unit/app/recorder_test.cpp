#include "app/recorder.hpp"

#include <catch2/catch.hpp>

#include "ring/camera_tag.hpp"
#include "support/app/card.hpp"
#include "support/base/fake_loop.hpp"
#include "support/ring/draft_maker.hpp"

using namespace camgate;
using namespace camgate::app;
using namespace std::chrono_literals;

namespace {

const std::string kRing = "/card/footage.ring";
constexpr Duration kFrame = 100ms;
const std::vector<std::string> kCameras{"gate", "yard"};

ring::RingOptions smallRing() {
    // 24 MiB over extents of 4 MiB: at least four of them.
    return {.size_bytes = 24U << 20U, .extent_bytes = 4U << 20U, .gateway = "cg-1"};
}

/// What of a camera lies on the card, as a fresh start finds it.
struct Stored {
    std::size_t units = 0;
    std::size_t records = 0;
    bool numbers_follow = true;
    std::uint32_t declared_lost = 0;
};

struct RecorderFixture {
    test::FakeClock clock;
    test::FakeLoop loop{clock};
    test::Card card;
    std::vector<StorageState> states;
    int opened = 0;
    int closed = 0;
    std::map<std::string, std::size_t> sent;
    std::size_t pool_bytes = 8U << 20U;
    SealSetup sealing;
    std::int64_t keep_days = 0;
    std::unique_ptr<Recorder> recorder;

    void start() {
        recorder = std::make_unique<Recorder>(
            loop, card,
            RecorderOptions{
                kRing, smallRing(), pool_bytes, {{kCameras[0], 0, 0, keep_days}, {kCameras[1]}}, sealing},
            [this] { states.push_back(recorder->state()); }, [this](ring::Ring&) { ++opened; },
            [this] { ++closed; });
        for (const auto& camera : kCameras) {
            recorder->sinkOf(camera).onStreamConfig(media::StreamKind::Main, test::smallConfig());
        }
        recorder->start();
        settle();
    }
    /// The storage thread has done all that it was given, and the loop knows.
    void settle() {
        bool reached = false;
        REQUIRE(recorder->thread().tryPost([&] { loop.post([&] { reached = true; }); }));
        while (!reached) {
            REQUIRE(loop.waitForPost());
            loop.runPosted();
        }
    }
    void sendUnits() {
        for (const auto& camera : kCameras) {
            media::AccessUnit unit;
            const bool key = sent[camera] % 10 == 0;
            unit.random_access = key ? media::RandomAccess::Idr : media::RandomAccess::None;
            unit.config_id = test::smallConfig().id();
            unit.decode_time = unit.presentation_time = clock.bootNow();
            unit.bytes.assign(1000, static_cast<std::uint8_t>(sent[camera]));
            REQUIRE(recorder->sinkOf(camera).onAccessUnit(std::move(unit)));
            ++sent[camera];
        }
    }
    /// All cameras send; the card is as fast as it likes.
    void film(Duration length) {
        for (Duration t{0}; t < length; t += kFrame) {
            sendUnits();
            loop.advance(kFrame);
            settle();
        }
    }
    /// The same while the storage thread is stuck.
    void filmStalled(Duration length) {
        for (Duration t{0}; t < length; t += kFrame) {
            sendUnits();
            loop.advance(kFrame);
        }
    }
    void wait(Duration length) {
        for (Duration t{0}; t < length; t += kFrame) {
            loop.advance(kFrame);
            settle();
        }
    }
    Stored endAndLook(const std::string& camera) {
        recorder.reset();
        auto ring = ring::Ring::open(card, kRing, smallRing(), clock);
        REQUIRE(ring);
        const auto found = (*ring)->find(ring::cameraTag("cg-1", camera), media::StreamKind::Main,
                                         clock.wallNow().time - 1h, clock.wallNow().time + 1h);
        REQUIRE(found);
        Stored stored;
        std::uint64_t next = 1;
        for (const auto& info : *found) {
            stored.numbers_follow = stored.numbers_follow && info.header.sequence == next++;
            ++stored.records;
            stored.units += info.header.sample_count;
            stored.declared_lost += info.header.gap.dropped_units;
        }
        return stored;
    }
    void checkNothingLost() {
        for (const auto& camera : kCameras) {
            CHECK(recorder->droppedUnits(camera) == 0);
        }
        for (const auto& camera : kCameras) {
            const Stored stored = endAndLook(camera);
            CHECK(stored.units == sent[camera]);
            CHECK(stored.numbers_follow);
            CHECK(stored.declared_lost == 0);
        }
    }
};

using Fixture = RecorderFixture;

}  // namespace

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

TEST_CASE("recorder: a ring that cannot be opened is a state, and is tried again every 5 s", "[app][fault]") {
    Fixture f;
    StorageState expected = StorageState::Ok;
    SECTION("no directory") {
        f.card.takeOut();
        expected = StorageState::Missing;
    }
    SECTION("no space") {
        f.card.faults([](test::Faults& faults) { faults.no_space = true; });
        expected = StorageState::Full;
    }
    SECTION("read-only") {
        f.card.faults([](test::Faults& faults) { faults.read_only = true; });
        expected = StorageState::ReadOnly;
    }
    SECTION("an error of the card") {
        f.card.faults([](test::Faults& faults) { faults.error_on_sync = 2; });
        expected = StorageState::Error;
    }
    f.start();
    CHECK(f.recorder->state() == expected);
    CHECK_FALSE(f.recorder->detail().empty());
    CHECK_FALSE(f.recorder->stats());
    f.film(4900ms);
    CHECK(f.recorder->state() == expected);
    CHECK(f.recorder->droppedUnits("gate") == 49);
    CHECK(f.opened == 0);

    f.wait(200ms);  // tried and failed once more
    CHECK(f.recorder->state() == expected);
    f.card.putIn();
    f.card.faults([](test::Faults& faults) { faults = {}; });
    f.wait(5s);
    CHECK(f.states == std::vector{expected, StorageState::Ok});
    CHECK(f.recorder->detail().empty());
    CHECK(f.opened == 1);
    f.film(3s);
    CHECK(f.recorder->droppedUnits("gate") == 49);
    CHECK(f.endAndLook("gate").units == 30);
}

TEST_CASE("recorder: a round that the card refused is written again every 5 s until it is there",
          "[app][fault]") {
    Fixture f;
    f.start();
    f.film(2s);
    const std::uint64_t before = f.recorder->storedRecords("gate");
    StorageState expected = StorageState::Error;
    SECTION("syncs fail") {
        f.card.faults([](test::Faults& faults) { faults.error_on_sync = 1000; });
    }
    SECTION("writes fail") {
        f.card.faults([](test::Faults& faults) { faults.fail_after_bytes = 0; });
    }
    SECTION("read-only") {
        f.card.faults([](test::Faults& faults) { faults.read_only = true; });
        expected = StorageState::ReadOnly;
    }
    f.film(17s);
    CHECK(f.recorder->state() == expected);
    CHECK_FALSE(f.recorder->detail().empty());
    CHECK(f.recorder->storedRecords("gate") == before);
    CHECK(f.recorder->stats()->failed_writes >= 3);

    f.card.faults([](test::Faults& faults) { faults = {}; });
    f.film(5200ms);
    CHECK(f.states == std::vector{StorageState::Ok, expected, StorageState::Ok});
    CHECK(f.recorder->storedRecords("gate") > before);
    f.checkNothingLost();
}

TEST_CASE("recorder: what does not fit into the pool while the card refuses is declared", "[app][fault]") {
    Fixture f;
    f.pool_bytes = 64'000;  // 32 units of 1000 bytes for each of the two
    f.start();
    f.card.faults([](test::Faults& faults) { faults.error_on_sync = 1000; });
    f.film(8s);
    const std::uint64_t dropped = f.recorder->droppedUnits("gate");
    CHECK(dropped >= 80 - 32);
    f.card.faults([](test::Faults& faults) { faults = {}; });
    f.film(7s);
    const std::uint64_t dropped_in_all = f.recorder->droppedUnits("gate");
    const Stored stored = f.endAndLook("gate");
    CHECK(stored.units == 150 - dropped_in_all);
    CHECK(stored.declared_lost == dropped_in_all);
    CHECK(stored.numbers_follow);
}

TEST_CASE("recorder: a place that cannot be written is an alarm, and no footage is lost to it",
          "[app][fault]") {
    Fixture f;
    f.start();
    f.film(3s);
    f.card.faults([](test::Faults& faults) {
        faults.bad_from = ring::kFront_bytes + 100'000;
        faults.bad_to = faults.bad_from + 512;
    });
    f.film(6s);
    CHECK(f.recorder->state() == StorageState::Worn);
    CHECK_THAT(f.recorder->detail(), Catch::Contains("1 of the ring's 5 extents"));
    CHECK(f.recorder->storedRecords("gate") >= 6);
    f.checkNothingLost();
}

TEST_CASE("recorder: a ring that is gone is not made anew, and goes on when it is back", "[app][fault]") {
    Fixture f;
    f.start();
    f.film(3s);
    const auto vanish = [&] { REQUIRE(f.card.rename(kRing, "/card/elsewhere")); };
    const auto back = [&] { REQUIRE(f.card.rename("/card/elsewhere", kRing)); };
    SECTION("while the card is well") {
        vanish();
    }
    SECTION("while a round waits to be written again") {
        f.card.faults([](test::Faults& faults) { faults.fail_after_bytes = 0; });
        f.film(1500ms);
        REQUIRE(f.recorder->state() == StorageState::Error);
        f.card.faults([](test::Faults& faults) { faults = {}; });
        vanish();
    }
    f.film(2500ms);
    CHECK(f.recorder->state() == StorageState::Missing);
    CHECK_FALSE(f.recorder->detail().empty());
    CHECK(f.closed == 1);
    f.film(20s);
    CHECK(f.recorder->state() == StorageState::Missing);
    CHECK_FALSE(f.card.exists(kRing));
    const std::uint64_t dropped = f.recorder->droppedUnits("gate");
    CHECK(dropped >= 200);

    back();
    f.wait(5100ms);
    CHECK(f.recorder->state() == StorageState::Ok);
    CHECK(f.opened == 2);
    f.film(3s);
    f.wait(2s);
    CHECK(f.recorder->droppedUnits("gate") == dropped);
    const Stored stored = f.endAndLook("gate");
    // Each unit is on the card or counted as lost.
    CHECK(stored.units + dropped == f.sent["gate"]);
}

TEST_CASE("recorder: a card that is pulled and put back goes on", "[app][fault]") {
    Fixture f;
    f.start();
    f.film(3s);
    f.card.takeOut();
    f.film(12s);
    CHECK(f.recorder->state() == StorageState::Missing);
    f.card.putIn();
    f.wait(5100ms);
    CHECK(f.recorder->state() == StorageState::Ok);
    f.film(3s);
    f.wait(2s);
    const std::uint64_t dropped = f.recorder->droppedUnits("gate");
    CHECK(f.endAndLook("gate").units + dropped == f.sent["gate"]);
}

TEST_CASE("recorder: a write of over 2 s is a stalled card, and a healthy one when it is done",
          "[app][fault]") {
    Fixture f;
    f.start();
    f.film(2s);
    REQUIRE(f.states == std::vector{StorageState::Ok});
    f.card.stall();
    // A round is due within 1.2 s and waits for its sync since.
    f.filmStalled(2s);
    CHECK(f.recorder->state() == StorageState::Ok);
    f.filmStalled(1500ms);
    CHECK(f.recorder->state() == StorageState::CardStalled);
    CHECK_FALSE(f.recorder->detail().empty());
    f.filmStalled(10s);
    f.card.goOn();
    f.settle();
    CHECK(f.states == std::vector{StorageState::Ok, StorageState::CardStalled, StorageState::Ok});
    f.film(2s);
    f.checkNothingLost();
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
