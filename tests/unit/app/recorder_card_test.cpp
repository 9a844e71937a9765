// What the recorder does when the card refuses, stalls, fills or goes.
#include <catch2/catch.hpp>

#include "support/app/recorder_fixture.hpp"

using namespace camgate;
using namespace camgate::app;
using namespace std::chrono_literals;
using namespace camgate::test;

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

TEST_CASE("recorder: a card that is exchanged while it records is noticed, and its ring is left alone",
          "[app][fault]") {
    Fixture f;
    f.start();
    f.film(3s);
    f.card.swap();  // so fast that nobody saw an empty slot
    ring::RingOptions on_other = smallRing();
    StorageState expected = StorageState::Error;
    std::string says;
    SECTION("for another gateway's") {
        on_other.gateway = "cg-2";
        says = "belongs to gateway 'cg-2'";
    }
    SECTION("for an empty one") {
        on_other.gateway.clear();
        expected = StorageState::Missing;
        says = "is gone";
    }
    SECTION("for a spare one of this gateway, which is taken") {
        expected = StorageState::Ok;
    }
    const bool has_ring = !on_other.gateway.empty();
    if (has_ring) REQUIRE(ring::Ring::open(f.card, kRing, on_other, f.clock));
    f.film(12s);
    CHECK(f.recorder->state() == expected);
    CHECK_THAT(f.recorder->detail(), Catch::Contains(says));
    if (expected != StorageState::Ok && has_ring) {
        auto theirs = ring::Ring::open(f.card, kRing, on_other, f.clock);
        REQUIRE(theirs);
        CHECK((*theirs)->stats().extents_used == 0);
    }
    f.card.swap();
    f.film(12s);
    CHECK(f.recorder->state() == StorageState::Ok);
    const std::uint64_t dropped = f.recorder->droppedUnits("gate");
    CHECK(dropped > 0);
    const Stored stored = f.endAndLook("gate");
    if (expected != StorageState::Ok) CHECK(stored.units + dropped == f.sent["gate"]);
}

TEST_CASE("recorder: a ring that another daemon has is left to it, and taken when that one ends",
          "[app][fault]") {
    Fixture f;
    auto other = ring::Ring::open(f.card, kRing, smallRing(), f.clock);
    REQUIRE(other);
    f.start();
    CHECK(f.recorder->state() == StorageState::Error);
    CHECK_THAT(f.recorder->detail(), Catch::Contains("in use"));
    f.film(2s);
    other->reset();
    f.film(5s);
    CHECK(f.recorder->state() == StorageState::Ok);
    CHECK(f.recorder->storedRecords("gate") > 0);
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
