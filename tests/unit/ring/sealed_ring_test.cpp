#include <algorithm>
#include <catch2/catch.hpp>

#include "ring/camera_tag.hpp"
#include "ring/key_slots.hpp"
#include "support/crypto/fake_key_sources.hpp"
#include "support/ring/sealed_rig.hpp"

using namespace camgate;
using namespace camgate::ring;
using namespace std::chrono_literals;
using camgate::test::holds;
using camgate::test::SealedRig;

TEST_CASE("sealed ring: what was appended is read, also after a start", "[ring][sealing]") {
    SealedRig rig;
    rig.open();
    CHECK(rig.ring->seals());
    for (int i = 0; i < 5; ++i) REQUIRE(rig.append({1, 2}));
    CHECK(rig.readable(1) == 5);
    rig.open();
    CHECK(rig.readable(1) == 5);
    CHECK(rig.readable(2) == 5);
    CHECK(rig.ring->nextSequence(2, media::StreamKind::Main) == 6);
    // One key for the ring, one per camera and day.
    CHECK(rig.find(1).front().key_slot != rig.find(2).front().key_slot);
    CHECK(rig.find(1).front().key_slot == rig.find(1).back().key_slot);
}

TEST_CASE("sealed ring: closed extents are found by their sealed summaries and index", "[ring][sealing]") {
    SealedRig rig;
    rig.open();
    // 300 kB each: some 13 fill an extent.
    for (int i = 0; i < 30; ++i) REQUIRE(rig.append({1}, 30'000));
    rig.open();
    CHECK(rig.readable(1) == 30);
    CHECK(rig.ring->coverage(1, media::StreamKind::Main).has_value());
    CHECK(rig.ring->stats().dropped_at_start == 0);
}

TEST_CASE("sealed ring: a damaged index is made up for by the records' fronts", "[ring][sealing]") {
    SealedRig rig;
    rig.open();
    for (int i = 0; i < 20; ++i) REQUIRE(rig.append({1}, 30'000));
    rig.ring.reset();
    const std::uint64_t extent_end = 4 * test::kMiB + 4 * test::kMiB;
    rig.card.overwrite(test::kSealedRing, extent_end - 8192, Bytes(4096, 0xA5));
    rig.open();
    CHECK(rig.readable(1) == 20);
}

TEST_CASE("sealed ring: one flipped bit in a payload is Corruption, never a wrong frame", "[ring][sealing]") {
    SealedRig rig;
    rig.open();
    const auto at = rig.append({1}).value().records.front().at;
    const std::uint64_t byte = 4 * test::kMiB + at.offset_bytes + at.total_bytes / 2;
    Bytes one{static_cast<std::uint8_t>(rig.raw()[static_cast<std::size_t>(byte)] ^ 1U)};
    rig.card.overwrite(test::kSealedRing, byte, one);
    Bytes payload(100);
    CHECK(rig.ring->readPayload(at, 0, payload).error().kind == ErrorKind::Corruption);
}

TEST_CASE("sealed ring: sealing is switched on and off over one ring, and all of it is read",
          "[ring][sealing]") {
    SealedRig rig;
    for (const bool seal : {false, true, false, true}) {
        rig.options.sealing.seal = seal;
        rig.open();
        CHECK(rig.ring->seals() == seal);
        for (int i = 0; i < 8; ++i) REQUIRE(rig.append({1}, 30'000));
    }
    rig.open();
    CHECK(rig.readable(1) == 32);
    const auto found = rig.find(1);
    CHECK(found[0].key_slot == 0);
    CHECK(found[8].key_slot != 0);
    CHECK(found[16].key_slot == 0);
}

TEST_CASE("sealed ring: any kind of key source seals it", "[ring][sealing]") {
    test::FakeOtp otp;
    test::FakeTpm tpm;
    for (crypto::KeySource* source :
         {static_cast<crypto::KeySource*>(&otp), static_cast<crypto::KeySource*>(&tpm)}) {
        SealedRig rig;
        rig.options.sealing.source = source;
        rig.open();
        REQUIRE(rig.append({1}));
        rig.open();
        CHECK(rig.readable(1) == 1);
    }
}

TEST_CASE("sealed ring: a key that is missing or another one changes nothing on the card",
          "[ring][sealing]") {
    SealedRig rig;
    rig.open();
    REQUIRE(rig.append({1}));
    rig.ring.reset();
    const Bytes before = rig.raw();
    const Bytes key = rig.stick.contentOf("/stick/ring.key");
    REQUIRE(rig.stick.remove("/stick/ring.key"));
    CHECK(rig.tryOpen().error().kind == ErrorKind::FailedPrecondition);
    CHECK_FALSE(rig.stick.exists("/stick/ring.key"));
    REQUIRE(replaceFile(rig.stick, "/stick/ring.key", std::string(32, 'x')));
    CHECK(rig.tryOpen().error().kind == ErrorKind::FailedPrecondition);
    REQUIRE(replaceFile(rig.stick, "/stick/ring.key", "short"));
    CHECK(rig.tryOpen().error().kind == ErrorKind::FailedPrecondition);
    test::FakeTpm locked;
    REQUIRE(locked.create());
    locked.software = 2;
    rig.options.sealing.source = &locked;
    CHECK(rig.tryOpen().error().kind == ErrorKind::FailedPrecondition);
    CHECK(rig.raw() == before);
    rig.options.sealing.source = &rig.source;
    REQUIRE(replaceFile(rig.stick, "/stick/ring.key", asText(key)));
    rig.open();
    CHECK(rig.readable(1) == 1);
}

TEST_CASE("sealed ring: without any key source it is not read, and says why", "[ring][sealing]") {
    SealedRig rig;
    rig.open();
    const auto at = rig.append({1}).value().records.front().at;
    rig.options.sealing = {};
    rig.open();
    CHECK(rig.find(1).empty());
    CHECK(rig.ring->stats().dropped_at_start == 0);
    CHECK(rig.ring->readMeta(at).error().kind == ErrorKind::PermissionDenied);
    rig.options.sealing.seal = true;
    CHECK(rig.tryOpen().error().kind == ErrorKind::InvalidArgument);
}

TEST_CASE("sealed ring: the release key's holder reads a card whose key is gone", "[ring][sealing]") {
    SealedRig rig;
    const auto release = crypto::AgreementKey::generate().value();
    rig.options.sealing.release = release.publicPoint();
    rig.open();
    for (int i = 0; i < 20; ++i) REQUIRE(rig.append({1, 2}, 30'000));
    rig.ring.reset();
    const Bytes before = rig.raw();
    rig.options.sealing = {.release_key = &release};
    rig.open();
    const std::size_t kept = rig.readable(1);
    CHECK(kept > 10);
    CHECK(rig.readable(2) > 10);
    CHECK(rig.append({1}).error().kind == ErrorKind::FailedPrecondition);
    CHECK(rig.ring->eraseAll().error().kind == ErrorKind::FailedPrecondition);
    rig.ring.reset();
    CHECK(rig.raw() == before);
    const auto stranger = crypto::AgreementKey::generate().value();
    rig.options.sealing = {.release_key = &stranger};
    CHECK(rig.tryOpen().error().kind == ErrorKind::FailedPrecondition);
}

TEST_CASE("sealed ring: each day in UTC has its own key, and so has each boot that knows no time",
          "[ring][sealing]") {
    SealedRig rig;
    rig.open();
    const auto slot = [&] { return rig.append({1}).value().records.front().key_slot; };
    // The clock begins at 12:00:00 UTC.
    const auto noon = slot();
    rig.clock.advance(12h - 2s);
    CHECK(slot() == noon);
    const auto next_day = slot();
    CHECK(next_day != noon);
    rig.clock.setWall({WallTime(0s), WallQuality::Unsynced, 0ms});
    const auto unsynced = slot();
    CHECK(unsynced != next_day);
    CHECK(slot() == unsynced);
    rig.open();
    CHECK(slot() == unsynced);
    CHECK(rig.readable(1) == 6);
}

TEST_CASE("sealed ring: keys whose records were all overwritten free their slots", "[ring][sealing]") {
    SealedRig rig;
    rig.open();
    // Two cameras for 40 days on a ring that holds some 50 records of 300 kB, 5 a day and camera.
    std::size_t most = 0;
    for (int day = 0; day < 40; ++day) {
        for (int i = 0; i < 5; ++i) REQUIRE(rig.append({1, 2}, 30'000));
        rig.clock.advance(24h);
        most = std::max<std::size_t>(most, rig.ring->keySlotsUsed());
    }
    // 16 MiB hold 55 records at the most, of 6 days and the one that is begun; two cameras and the ring's.
    CHECK(most <= 7 * 2 + 1);
    rig.open();
    CHECK(rig.readable(1) >= 15);
}
