#include <catch2/catch.hpp>

#include "ring/camera_tag.hpp"
#include "support/ring/ring_rig.hpp"

using namespace camgate;
using namespace camgate::ring;
using namespace std::chrono_literals;
using namespace camgate::test;

TEST_CASE("ring: a new ring is set up whole, and what is appended is found and read", "[ring]") {
    RingRig rig;
    rig.open();
    CHECK(*(*rig.memory.open(kRingPath, OpenMode::ReadOnly))->size() == 20 * kMiB);
    CHECK_FALSE(rig.memory.exists(kRingPath + ".new"));
    for (int i = 0; i < 5; ++i) REQUIRE(rig.append());
    const auto found = rig.all();
    REQUIRE(found.size() == 5);
    for (const RecordInfo& info : found) {
        CHECK(test::holdsItsContent(*rig.ring, info));
        CHECK(info.header.sample_count == 10);
        CHECK(info.header.payload_bytes == 300000);
    }
    // Boot 100 s is wall 1'772'366'400 s; record 3 begins 2 s later and lasts 0.9 s.
    const WallTime at(1'772'366'402s);
    const auto third = rig.ring->find(7, media::StreamKind::Main, at, at + 500ms);
    REQUIRE(third);
    REQUIRE(third->size() == 1);
    CHECK(third->front().header.sequence == 3);
    CHECK(third->front().wallStart() == at);
    CHECK(third->front().wallEnd() == at + 900ms);
    CHECK(rig.ring->find(7, media::StreamKind::Sub, at, at)->empty());
    CHECK(rig.ring->find(8, media::StreamKind::Main, at, at)->empty());
    CHECK(rig.ring->find(7, media::StreamKind::Main, at, at - 1s).error().kind == ErrorKind::InvalidArgument);
    CHECK(rig.ring->coverage(7, media::StreamKind::Main)->from == WallTime(1'772'366'400s));
    CHECK_FALSE(rig.ring->coverage(7, media::StreamKind::Sub));
}

TEST_CASE("ring: a round is one aligned write and one sync", "[ring]") {
    RingRig rig;
    rig.open();
    REQUIRE(rig.append());
    const auto before = rig.ring->stats();
    std::vector<RecordDraft> round;
    for (int i = 0; i < 8; ++i) round.push_back(rig.draft(1000));
    const auto result = rig.ring->append(round);
    REQUIRE(result);
    CHECK(result->records.size() == 8);
    CHECK(result->records.front().at.offset_bytes % 4096 == 0);
    const auto after = rig.ring->stats();
    CHECK(after.syncs - before.syncs == 1);
    // 8 x (80 + 144 + 32 + 160 + 7 + 10000 + 16 = 10439, to 10448 on 16 bytes) = 83584, to 86016 on blocks.
    CHECK(after.written_bytes - before.written_bytes - (after.zeroed_bytes - before.zeroed_bytes) == 86016);
    CHECK(after.payload_bytes - before.payload_bytes == 80000);
}

TEST_CASE("ring: the oldest is overwritten, the newest is kept, over many turns and starts", "[ring]") {
    RingRig rig;
    rig.open();
    // An extent takes 13 records of 300 kB, the ring four extents; one is opened ahead.
    for (int i = 0; i < 200; ++i) {
        REQUIRE(rig.append());
        if (i % 37 == 5) rig.open();
    }
    const auto numbers = rig.sequences();
    CHECK(numbers.size() >= 26);
    CHECK(numbers.size() <= 52);
    CHECK(numbers.back() == 200);
    for (std::size_t i = 1; i < numbers.size(); ++i) CHECK(numbers[i] == numbers[i - 1] + 1);
    for (const RecordInfo& info : rig.all()) CHECK(test::holdsItsContent(*rig.ring, info));
    CHECK(rig.ring->nextSequence(7, media::StreamKind::Main) == 201);
    CHECK(rig.ring->nextSequence(7, media::StreamKind::Sub) == 1);
    CHECK(rig.ring->stats().written_ever_bytes > 150 * 300000);
    CHECK(*rig.ring->stats().newest == WallTime(1'772'366'400s + 199s + 900ms));
}

TEST_CASE("ring: an overwritten record is NotFound, not another record", "[ring]") {
    RingRig rig;
    rig.open();
    const auto first = rig.append();
    REQUIRE(first);
    for (int i = 0; i < 60; ++i) REQUIRE(rig.append());
    Bytes part(10);
    CHECK(rig.ring->readMeta(first->records[0].at).error().kind == ErrorKind::NotFound);
    CHECK(rig.ring->readPayload(first->records[0].at, 0, part).error().kind == ErrorKind::NotFound);
    CHECK(rig.ring->pin(std::array{first->records[0].at}, BootTime(1000s)).error().kind ==
          ErrorKind::NotFound);
}

TEST_CASE("ring: a pinned extent outlives its turn until the pin ends or expires", "[ring]") {
    RingRig rig;
    rig.open();
    const auto first = rig.append();
    const auto pin = rig.ring->pin(std::array{first->records[0].at}, rig.clock.bootNow() + 60s);
    REQUIRE(pin);
    for (int i = 0; i < 100; ++i) REQUIRE(rig.append());
    CHECK(test::holdsItsContent(*rig.ring, first->records[0]));
    CHECK(rig.ring->stats().extents_pinned == 1);
    const auto more = rig.ring->pin(std::array{rig.all().back().at}, rig.clock.bootNow() + 60s);
    REQUIRE_FALSE(more);
    CHECK(more.error().kind == ErrorKind::Unavailable);
    rig.clock.advance(61s);
    for (int i = 0; i < 60; ++i) REQUIRE(rig.append());
    CHECK(rig.ring->readMeta(first->records[0].at).error().kind == ErrorKind::NotFound);
}

TEST_CASE("ring: impossible sizes are refused", "[ring]") {
    RingRig rig;
    rig.options.size_bytes = 12 * kMiB;
    CHECK(Ring::open(rig.files, kRingPath, rig.options, rig.clock).error().kind ==
          ErrorKind::InvalidArgument);
    rig.options.size_bytes = 64 * kMiB;
    rig.options.extent_bytes = 5 * kMiB + 4096;
    CHECK(Ring::open(rig.files, kRingPath, rig.options, rig.clock).error().kind ==
          ErrorKind::InvalidArgument);
}

TEST_CASE("ring: extents are chosen so that a start reads little", "[ring]") {
    struct Choice {
        std::uint64_t ring_gib;
        std::uint64_t extent_mib;
        std::uint32_t extents;
    };
    // Over 2048, in whole units of 4 MiB, if that is at most 128 MiB; then as large as 4096 extents allow.
    for (const Choice& choice :
         {Choice{8, 8, 1023}, {64, 32, 2047}, {256, 128, 2047}, {400, 128, 3199}, {1024, 256, 4095}}) {
        test::MemoryFileSystem files(choice.ring_gib << 30U);
        test::FakeClock clock;
        const auto ring =
            Ring::open(files, kRingPath, {.size_bytes = choice.ring_gib << 30U, .gateway = "gw-1"}, clock);
        REQUIRE(ring);
        CHECK((*ring)->header().extent_bytes == choice.extent_mib * kMiB);
        CHECK((*ring)->header().extent_count == choice.extents);
    }
}

TEST_CASE("ring: of a record that is known to be durable a start reads the front alone", "[ring]") {
    RingRig rig;
    rig.open();
    for (int i = 0; i < 300; ++i) REQUIRE(rig.append(100));
    const std::uint64_t before = rig.memory.readBytes();
    rig.open();
    // 1 KiB per record, of the padding behind each, as each is a round, and of each block in the 1 MiB that
    // is looked through behind the last one; a few blocks for headers, footers and the last round whole.
    CHECK(rig.memory.readBytes() - before < 2 * 300 * 1024 + 256 * 1024 + 16 * 4096);
}

TEST_CASE("ring: a record that fits no extent or contradicts itself is refused", "[ring]") {
    RingRig rig;
    rig.open();
    CHECK(rig.append(500000).error().kind == ErrorKind::InvalidArgument);
    std::vector<RecordDraft> round;
    round.push_back(rig.draft());
    round[0].samples[3].size_bytes += 1;
    CHECK(rig.ring->append(round).error().kind == ErrorKind::InvalidArgument);
    round[0] = rig.draft();
    round[0].header.sample_count = 9;
    CHECK(rig.ring->append(round).error().kind == ErrorKind::InvalidArgument);
    round[0] = rig.draft();
    round[0].header.last_decode += 1ns;
    CHECK(rig.ring->append(round).error().kind == ErrorKind::InvalidArgument);
    CHECK(rig.append(400000));
}

TEST_CASE("ring: a stalled card is counted, and no zeros are written meanwhile", "[ring]") {
    RingRig rig;
    rig.open();
    REQUIRE(rig.append());
    rig.files.faults.stall = [&rig] { rig.clock.advance(3s); };
    const auto slow = rig.append();
    REQUIRE(slow);
    CHECK(slow->took == 3s);
    const auto zeroed = rig.ring->stats().zeroed_bytes;
    REQUIRE(rig.append());
    CHECK(rig.ring->stats().zeroed_bytes == zeroed);
    CHECK(rig.ring->stats().slow_writes == 2);
    CHECK(rig.ring->stats().longest_write == 3s);
}

TEST_CASE("ring: each part of a ring is filled with zeros once, ahead of the writer", "[ring]") {
    RingRig rig;
    rig.open();
    for (int i = 0; i < 100; ++i) REQUIRE(rig.append());
    // Never more than the four extents, and nothing once all were used.
    const auto zeroed = rig.ring->stats().zeroed_bytes;
    CHECK(zeroed > 4 * kMiB);
    CHECK(zeroed <= 16 * kMiB);
    for (int i = 0; i < 100; ++i) REQUIRE(rig.append());
    CHECK(rig.ring->stats().zeroed_bytes == zeroed);
}

TEST_CASE("ring: footage from before the clock was right is found by the right time", "[ring]") {
    RingRig rig;
    rig.open();
    test::DraftWish wish;
    wish.time_map = {1000s, WallQuality::Unsynced, {}};
    std::vector<RecordDraft> round;
    round.push_back(test::makeDraft(wish));
    REQUIRE(rig.ring->append(round));
    wish.sequence = 2;
    wish.first_decode += 1s;
    wish.time_map = {1'772'366'300s, WallQuality::Ntp, 10ms};
    round.clear();
    round.push_back(test::makeDraft(wish));
    REQUIRE(rig.ring->append(round));
    const auto check = [&rig] {
        const auto found =
            rig.ring->find(7, media::StreamKind::Main, WallTime(1'772'366'400s), WallTime(1'772'366'400s));
        REQUIRE(found);
        REQUIRE(found->size() == 1);
        CHECK(found->front().header.sequence == 1);
        CHECK(found->front().header.time_map.quality == WallQuality::Unsynced);
        CHECK(found->front().best_map.quality == WallQuality::Ntp);
    };
    check();
    rig.open();
    check();
}

TEST_CASE("camera tag: is a hash of gateway and camera", "[ring]") {
    // printf 'camgate-camera\ngw-1\ngate' | sha256sum
    CHECK(cameraTag("gw-1", "gate") != cameraTag("gw-1", "yard"));
    CHECK(cameraTag("gw-1", "gate") != cameraTag("gw-2", "gate"));
    CHECK(cameraTag("gw-1", "gate") == 0x63dd77320461917a);
}
