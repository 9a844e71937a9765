// Erasing, proven on the raw bytes of the card: what an attacker has is the card and the key source's secret.
#include <algorithm>
#include <catch2/catch.hpp>

#include "crypto/hkdf.hpp"
#include "ring/key_slots.hpp"
#include "ring/record_seal.hpp"
#include "support/base/faulty_file_system.hpp"
#include "support/ring/sealed_rig.hpp"

using namespace camgate;
using namespace camgate::ring;
using namespace std::chrono_literals;
using camgate::test::SealedRig;

namespace {

/// Every key that the card gives away to whoever has the secret, at any place that may be a slot's.
std::set<Bytes> keysOnCard(SealedRig& rig, const crypto::AgreementKey& release) {
    const auto secret = rig.source.secret().value();
    const RingId id = rig.ring->header().id;
    const auto by_secret = SlotCipher::fromSecret(secret, id, {}).value();
    const auto by_release = SlotCipher::fromRelease(release, id);
    const Bytes raw = rig.raw();
    std::set<Bytes> keys;
    for (std::uint32_t number = 1; number <= 60; ++number) {
        const SlotPlace place = placeOfSlot(number);
        for (const int copy : {0, 1}) {
            const auto at =
                static_cast<std::size_t>(offsetOfSlotBlock(place.block, copy) + place.offset_bytes);
            for (const auto* cipher : {&by_secret, &by_release}) {
                const auto slot = cipher->open(number, ByteView(raw).subspan(at, kSlot_bytes));
                if (slot && slot->state == SlotState::Key) keys.emplace(slot->key.begin(), slot->key.end());
            }
        }
    }
    return keys;
}

/// The records at these places open with none of these keys.
bool opensAny(SealedRig& rig, const std::set<Bytes>& keys, const std::vector<RecordInfo>& records) {
    const Bytes raw = rig.raw();
    for (const RecordInfo& info : records) {
        const auto at =
            static_cast<std::size_t>(kFront_bytes + info.at.extent * 4 * test::kMiB + info.at.offset_bytes);
        const Bytes record(raw.begin() + static_cast<std::ptrdiff_t>(at),
                           raw.begin() + static_cast<std::ptrdiff_t>(at + info.at.total_bytes));
        const auto placement = decodePlacement(record);
        if (!placement || placement->counter != info.at.counter) continue;
        for (const Bytes& content : keys) {
            ByteWriter salt;
            salt.putBytes(placement->session);
            salt.put(placement->generation);
            const auto bytes =
                crypto::hkdfSha256(salt.bytes(), content, asBytes("camgate-record"), 32).value();
            crypto::AeadKey key{};
            std::ranges::copy(bytes, key.begin());
            Bytes copy = record;
            if (openRecord(key, *placement, copy)) return true;
        }
    }
    return false;
}

}  // namespace

TEST_CASE("erasing: a camera's day is gone at once and for good, all else stays", "[ring][sealing]") {
    SealedRig rig;
    const auto release = crypto::AgreementKey::generate().value();
    rig.options.sealing.release = release.publicPoint();
    rig.open();
    const std::int32_t first_day = rig.today();
    for (int day = 0; day < 3; ++day) {
        for (int i = 0; i < 4; ++i) REQUIRE(rig.append({1, 2}));
        rig.clock.advance(24h);
    }
    const auto before = rig.find(1);
    const std::vector<RecordInfo> second_day(before.begin() + 4, before.begin() + 8);
    // The proof itself works: as long as nothing is erased, the keys on the card open the records.
    CHECK(keysOnCard(rig, release).size() == 7);
    CHECK(opensAny(rig, keysOnCard(rig, release), second_day));

    Bytes payload(10);
    REQUIRE(rig.ring->readPayload(second_day[0].at, 0, payload));
    CHECK(rig.ring->eraseDays(1, {first_day + 1, first_day + 1}).value() == 1);
    for (const bool after_start : {false, true}) {
        if (after_start) rig.open();
        CHECK(rig.readable(1) == 8);
        CHECK(rig.readable(2) == 12);
        for (const RecordInfo& info : second_day) {
            CHECK(rig.ring->readMeta(info.at).error().kind == ErrorKind::NotFound);
            CHECK(rig.ring->readPayload(info.at, 0, payload).error().kind == ErrorKind::NotFound);
        }
        CHECK(rig.ring->stats().dropped_at_start == 0);
        CHECK(keysOnCard(rig, release).size() == 6);
        CHECK_FALSE(opensAny(rig, keysOnCard(rig, release), second_day));
        // What is missing is said, and why: that day, of that camera.
        const WallTime day_start{std::chrono::days(first_day + 1)};
        const auto said = rig.ring->erased(1, WallTime(0s), WallTime(4'000'000'000s));
        REQUIRE(said.size() == 1);
        CHECK(said[0].from == day_start);
        CHECK(said[0].to == day_start + 24h);
        CHECK(rig.ring->erased(2, WallTime(0s), WallTime(4'000'000'000s)).empty());
        CHECK(rig.ring->erased(1, day_start - 24h, day_start - 1s).empty());
    }
    CHECK(rig.ring->eraseDays(1, {first_day + 1, first_day + 1}).value() == 0);
}

TEST_CASE("erasing: an age limit takes days before a day, pinned or not", "[ring][sealing]") {
    SealedRig rig;
    rig.open();
    for (int day = 0; day < 5; ++day) {
        REQUIRE(rig.append({1}));
        rig.clock.advance(24h);
    }
    const auto all = rig.find(1);
    std::vector<RecordLocation> places{all.front().at};
    REQUIRE(rig.ring->pin(places, rig.clock.bootNow() + 1h));
    CHECK(rig.ring->eraseDays(1, {.last = rig.today() - 3}).value() == 3);
    CHECK(rig.readable(1) == 2);
}

TEST_CASE("erasing: today goes too, and recording goes on under a new key", "[ring][sealing]") {
    SealedRig rig;
    rig.open();
    for (int i = 0; i < 3; ++i) REQUIRE(rig.append({1}));
    CHECK(rig.ring->eraseDays(1, {}).value() == 1);
    CHECK(rig.find(1).empty());
    CHECK_FALSE(rig.ring->coverage(1, media::StreamKind::Main).has_value());
    for (int i = 0; i < 2; ++i) REQUIRE(rig.append({1}));
    CHECK(rig.readable(1) == 2);
    rig.open();
    CHECK(rig.readable(1) == 2);
    CHECK(rig.find(1).front().header.sequence == 4);
}

TEST_CASE("erasing: numbers grow over it, also when nothing of the camera is left", "[ring][sealing]") {
    SealedRig rig;
    rig.open();
    for (int i = 0; i < 3; ++i) REQUIRE(rig.append({1}));
    REQUIRE(rig.ring->eraseDays(1, {}));
    rig.open();
    CHECK(rig.find(1).empty());
    CHECK(rig.ring->nextSequence(1, media::StreamKind::Main) == 4);
}

TEST_CASE("erasing: what was recorded before the clock was known goes by the time known since",
          "[ring][sealing]") {
    SealedRig rig;
    rig.open();
    const WallReading known = rig.clock.wallNow();
    rig.clock.setWall({WallTime(0s), WallQuality::Unsynced, 0ms});
    REQUIRE(rig.append({1}));
    // Nobody knows which day it was.
    const std::int32_t day = dayOf(known.time);
    CHECK(rig.ring->eraseDays(1, {day, day}).value() == 0);
    CHECK(rig.readable(1) == 1);
    rig.clock.setWall(known);
    REQUIRE(rig.append({2}));
    CHECK(rig.ring->eraseDays(1, {day - 1, day - 1}).value() == 0);
    CHECK(rig.ring->eraseDays(1, {day, day}).value() == 1);
    CHECK(rig.find(1).empty());
}

TEST_CASE("erasing: a factory reset leaves nothing that opens and nothing that says whose it was",
          "[ring][sealing]") {
    SealedRig rig;
    const auto release = crypto::AgreementKey::generate().value();
    rig.options.sealing.release = release.publicPoint();
    rig.open();
    // Enough to close an extent: its summaries lie under the ring's own key.
    for (int i = 0; i < 10; ++i) REQUIRE(rig.append({1, 2}, 30'000));
    const auto before = rig.find(1);
    REQUIRE(rig.ring->eraseAll());
    for (const bool after_start : {false, true}) {
        if (after_start) rig.open();
        CHECK(rig.find(1).empty());
        CHECK(rig.find(2).empty());
        CHECK(keysOnCard(rig, release).empty());
        CHECK_FALSE(opensAny(rig, keysOnCard(rig, release), before));
        CHECK(rig.ring->erased(1, WallTime(0s), WallTime(4'000'000'000s)).empty());
        CHECK_FALSE(rig.ring->stats().oldest.has_value());
    }
    for (int i = 0; i < 30; ++i) REQUIRE(rig.append({3}, 30'000));
    CHECK(rig.readable(3) == 30);
    rig.open();
    CHECK(rig.readable(3) == 30);
    CHECK(rig.find(1).empty());
}

TEST_CASE("erasing: what lies in clear is said to stay", "[ring][sealing]") {
    SealedRig rig;
    rig.options.sealing.seal = false;
    rig.open();
    REQUIRE(rig.append({1}));
    CHECK(rig.ring->eraseDays(1, {}).error().kind == ErrorKind::FailedPrecondition);
    CHECK(rig.ring->eraseAll().error().kind == ErrorKind::FailedPrecondition);
    rig.options.sealing.seal = true;
    rig.open();
    REQUIRE(rig.append({1, 2}));
    CHECK(rig.ring->eraseDays(1, {}).error().kind == ErrorKind::FailedPrecondition);
    CHECK(rig.readable(1) == 1);
    CHECK(rig.ring->eraseDays(2, {}).value() == 1);
}

TEST_CASE("erasing: a card that refuses the write is an error, and asking again completes it",
          "[ring][sealing][fault]") {
    for (const std::uint32_t failing_syncs : {1U, 2U}) {
        SealedRig rig;
        test::FaultyFileSystem faulty(rig.card);
        rig.ring = Ring::open(faulty, test::kSealedRing, rig.options, rig.clock).value();
        REQUIRE(rig.append({1}));
        faulty.faults.error_on_sync = failing_syncs;
        CHECK_FALSE(rig.ring->eraseDays(1, {}).has_value());
        faulty.faults.error_on_sync = 0;
        REQUIRE(rig.ring->eraseDays(1, {}));
        CHECK(rig.find(1).empty());
        rig.open();
        CHECK(rig.find(1).empty());
        REQUIRE(rig.append({1}));
        CHECK(rig.readable(1) == 1);
    }
}

TEST_CASE("erasing: an erased slot is not used again while old records name it", "[ring][sealing]") {
    SealedRig rig;
    rig.open();
    // 4 extents of 6 records of 600 kB: in 20 days nothing is overwritten.
    std::set<std::uint32_t> used;
    for (int day = 0; day < 20; ++day) {
        const auto info = rig.append({1}, 60'000).value().records.front();
        CHECK(used.insert(info.key_slot).second);
        REQUIRE(rig.ring->eraseDays(1, {}));
        rig.clock.advance(24h);
    }
    for (int i = 0; i < 40; ++i) REQUIRE(rig.append({2}, 60'000));
    rig.clock.advance(24h);
    const auto again = rig.append({1}).value().records.front().key_slot;
    CHECK(used.contains(again));
}
