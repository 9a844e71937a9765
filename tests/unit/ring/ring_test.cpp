#include "ring/ring.hpp"

#include <catch2/catch.hpp>

#include "ring/camera_tag.hpp"
#include "support/base/fake_clock.hpp"
#include "support/base/faulty_file_system.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/ring/draft_maker.hpp"

using namespace camgate;
using namespace camgate::ring;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t kMiB = 1U << 20U;
const std::string kPath = "/card/ring";

struct Rig {
    test::MemoryFileSystem memory;
    test::FaultyFileSystem files{memory};
    test::FakeClock clock;
    RingOptions options{.size_bytes = 4 * kMiB + 4 * 4 * kMiB, .extent_bytes = 4 * kMiB, .gateway = "gw-1"};
    std::unique_ptr<Ring> ring;
    std::uint64_t sequence = 1;

    void open() {
        ring.reset();
        auto opened = Ring::open(files, kPath, options, clock);
        INFO((opened ? "" : opened.error().describe()));
        REQUIRE(opened);
        ring = std::move(*opened);
    }
    /// 1 s of footage per record, from boot time 100 s on.
    RecordDraft draft(std::size_t sample_bytes = 30000) {
        test::DraftWish wish;
        wish.sequence = sequence;
        wish.sample_bytes = sample_bytes;
        wish.first_decode = BootTime(99s + std::chrono::seconds(sequence));
        ++sequence;
        return test::makeDraft(wish);
    }
    Result<AppendResult> append(std::size_t sample_bytes = 30000) {
        std::vector<RecordDraft> round;
        round.push_back(draft(sample_bytes));
        return ring->append(round);
    }
    std::vector<RecordInfo> all() {
        auto found = ring->find(7, media::StreamKind::Main, WallTime(0s), WallTime(4'000'000'000s));
        REQUIRE(found);
        return *found;
    }
    std::vector<std::uint64_t> sequences() {
        std::vector<std::uint64_t> numbers;
        for (const RecordInfo& info : all()) numbers.push_back(info.header.sequence);
        return numbers;
    }
};

}  // namespace

TEST_CASE("ring: a new ring is set up whole, and what is appended is found and read", "[ring]") {
    Rig rig;
    rig.open();
    CHECK(*(*rig.memory.open(kPath, OpenMode::ReadOnly))->size() == 20 * kMiB);
    CHECK_FALSE(rig.memory.exists(kPath + ".new"));
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
    Rig rig;
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

TEST_CASE("ring: recording goes on where no footer came back whole", "[ring]") {
    Rig rig;
    rig.open();
    // 1 MB each, 3 to an extent of 4 MiB: all four extents are used, and more than once.
    for (int i = 0; i < 20; ++i) REQUIRE(rig.append(100000));
    rig.ring.reset();
    {
        const auto file = rig.memory.open(kPath, OpenMode::ReadWrite).value();
        const Bytes garbage(4096, 0xEE);
        for (std::uint64_t extent = 0; extent < 4; ++extent)
            REQUIRE(file->writeAt(kFront_bytes + (extent + 1) * 4 * kMiB - garbage.size(), garbage));
        REQUIRE(file->sync());
    }
    rig.open();
    // Every extent counts as open now: those that are full are closed before the next one is opened.
    for (int i = 0; i < 4; ++i) REQUIRE(rig.append(100000));
    CHECK(rig.sequences().back() == 24);
}

TEST_CASE("ring: the oldest is overwritten, the newest is kept, over many turns and starts", "[ring]") {
    Rig rig;
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
    Rig rig;
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
    Rig rig;
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

TEST_CASE("ring: a truncated last record is dropped and the one before it is kept", "[ring][fault]") {
    Rig rig;
    rig.open();
    for (int i = 0; i < 4; ++i) REQUIRE(rig.append());
    const auto last = rig.all().back();
    rig.ring.reset();
    const std::uint64_t at = kFront_bytes + last.at.extent * 4 * kMiB + last.at.offset_bytes;
    SECTION("its end") {
        rig.memory.overwrite(kPath, at + 200000, Bytes(4096, 0));
    }
    SECTION("its header") {
        rig.memory.overwrite(kPath, at, Bytes(512, 0xA5));
    }
    SECTION("one bit of its payload") {
        Bytes byte = {
            static_cast<std::uint8_t>(rig.memory.contentOf(kPath)[static_cast<std::size_t>(at + 1000)] ^ 1)};
        rig.memory.overwrite(kPath, at + 1000, byte);
    }
    rig.open();
    CHECK(rig.sequences() == std::vector<std::uint64_t>{1, 2, 3});
    REQUIRE(rig.append());
    rig.open();
    CHECK(rig.sequences() == std::vector<std::uint64_t>{1, 2, 3, 5});
    for (const RecordInfo& info : rig.all()) CHECK(test::holdsItsContent(*rig.ring, info));
}

TEST_CASE("ring: an index that is damaged is rebuilt from the records", "[ring][fault]") {
    Rig rig;
    rig.open();
    for (int i = 0; i < 20; ++i) REQUIRE(rig.append());
    const auto before = rig.sequences();
    rig.ring.reset();
    // 13 entries of 192 bytes are one block, in front of the footer.
    rig.memory.overwrite(kPath, kFront_bytes + 4 * kMiB - 2 * 4096, Bytes(100, 0xEE));
    rig.open();
    CHECK(rig.sequences() == before);
}

TEST_CASE("ring: a footer that is damaged costs a scan, no footage", "[ring][fault]") {
    Rig rig;
    rig.open();
    for (int i = 0; i < 100; ++i) REQUIRE(rig.append());
    const auto before = rig.sequences();
    rig.ring.reset();
    const std::uint32_t extent = GENERATE(0U, 1U, 2U, 3U);
    rig.memory.overwrite(kPath, kFront_bytes + (extent + 1) * 4 * kMiB - 4096, Bytes(512, 0x11));
    rig.open();
    // Where the damaged footer was that of the extent opened ahead, footage that was given up is back.
    const auto after = rig.sequences();
    REQUIRE(after.size() >= before.size());
    CHECK(std::equal(before.rbegin(), before.rend(), after.rbegin()));
    for (const RecordInfo& info : rig.all()) CHECK(test::holdsItsContent(*rig.ring, info));
    REQUIRE(rig.append());
    CHECK(rig.sequences().back() == 101);
}

TEST_CASE("ring: what is not its own is refused and left as it is", "[ring]") {
    Rig rig;
    rig.open();
    REQUIRE(rig.append());
    const auto refused = [&rig](ErrorKind kind, const std::string& says) {
        const Bytes before = rig.memory.contentOf(kPath);
        const auto opened = Ring::open(rig.files, kPath, rig.options, rig.clock);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().kind == kind);
        CHECK_THAT(opened.error().context, Catch::Contains(says));
        CHECK(rig.memory.contentOf(kPath) == before);
    };
    SECTION("two daemons") {
        refused(ErrorKind::FailedPrecondition, "in use");
    }
    SECTION("another gateway") {
        rig.ring.reset();
        rig.options.gateway = "gw-2";
        refused(ErrorKind::FailedPrecondition, "belongs to gateway 'gw-1'");
    }
    SECTION("a newer format") {
        RingFileHeader header = rig.ring->header();
        rig.ring.reset();
        Bytes block = encodeRingHeader(header);
        block[8] = 2;
        ByteWriter crc;
        crc.put(crc32c(ByteView(block).first(4092)));
        std::copy(crc.bytes().begin(), crc.bytes().end(), block.begin() + 4092);
        rig.memory.overwrite(kPath, 0, block);
        rig.memory.overwrite(kPath, kHeaderCopy_bytes, block);
        refused(ErrorKind::FailedPrecondition, "format version 2");
    }
    SECTION("something else") {
        rig.ring.reset();
        rig.memory.overwrite(kPath, 0, Bytes(4096, 0x42));
        rig.memory.overwrite(kPath, kHeaderCopy_bytes, Bytes(4096, 0x42));
        refused(ErrorKind::FailedPrecondition, "not a camgate ring");
    }
    SECTION("cut off") {
        rig.ring.reset();
        REQUIRE((*rig.memory.open(kPath, OpenMode::ReadWrite))->resize(10 * kMiB));
        refused(ErrorKind::Corruption, "cut off");
    }
    SECTION("both headers damaged") {
        rig.ring.reset();
        rig.memory.overwrite(kPath, 100, Bytes(4, 0x42));
        rig.memory.overwrite(kPath, kHeaderCopy_bytes + 100, Bytes(4, 0x42));
        refused(ErrorKind::Corruption, "checksum");
    }
}

TEST_CASE("ring: one damaged header is nothing", "[ring]") {
    Rig rig;
    rig.open();
    REQUIRE(rig.append());
    rig.ring.reset();
    rig.memory.overwrite(kPath, GENERATE(std::uint64_t{0}, kHeaderCopy_bytes), Bytes(512, 0x42));
    rig.open();
    CHECK(rig.sequences() == std::vector<std::uint64_t>{1});
}

TEST_CASE("ring: too little space says how much is needed and how much is free", "[ring]") {
    test::MemoryFileSystem files(8 * kMiB);
    test::FakeClock clock;
    const auto opened = Ring::open(files, kPath, {.size_bytes = 64 * kMiB, .gateway = "gw-1"}, clock);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().kind == ErrorKind::NoSpace);
    CHECK_THAT(opened.error().context, Catch::Contains("needs 60 MiB") && Catch::Contains("8 MiB are free"));
    CHECK(files.list("/card")->empty());
}

TEST_CASE("ring: a disk that fills or cannot be written during set-up leaves nothing behind",
          "[ring][fault]") {
    Rig rig;
    SECTION("full") {
        rig.files.faults.no_space = true;
        const auto opened = Ring::open(rig.files, kPath, rig.options, rig.clock);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().kind == ErrorKind::NoSpace);
        CHECK_THAT(opened.error().context, Catch::Contains("20 MiB"));
    }
    SECTION("read-only") {
        rig.files.faults.read_only = true;
        const auto opened = Ring::open(rig.files, kPath, rig.options, rig.clock);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().kind == ErrorKind::PermissionDenied);
        CHECK_THAT(opened.error().context, Catch::Contains(kPath));
    }
    CHECK(rig.memory.list("/card")->empty());
    rig.files.faults = {};
    rig.open();
}

TEST_CASE("ring: impossible sizes are refused", "[ring]") {
    Rig rig;
    rig.options.size_bytes = 12 * kMiB;
    CHECK(Ring::open(rig.files, kPath, rig.options, rig.clock).error().kind == ErrorKind::InvalidArgument);
    rig.options.size_bytes = 64 * kMiB;
    rig.options.extent_bytes = 5 * kMiB + 4096;
    CHECK(Ring::open(rig.files, kPath, rig.options, rig.clock).error().kind == ErrorKind::InvalidArgument);
}

TEST_CASE("ring: extents are chosen so that a start reads few of them", "[ring]") {
    test::MemoryFileSystem files;
    test::FakeClock clock;
    const auto ring = Ring::open(files, kPath, {.size_bytes = 64ULL << 30U, .gateway = "gw-1"}, clock);
    REQUIRE(ring);
    // (64 GiB - 4 MiB) / 2048 is just under 32 MiB, to whole units 32 MiB: 2047 of them.
    CHECK((*ring)->header().extent_bytes == 32 * kMiB);
    CHECK((*ring)->header().extent_count == 2047);
}

TEST_CASE("ring: a round that the card refuses is an error, and the next one goes on", "[ring][fault]") {
    Rig rig;
    rig.open();
    REQUIRE(rig.append());
    SECTION("writing") {
        rig.files.faults.fail_after_bytes = 100000;
    }
    SECTION("syncing") {
        rig.files.faults.error_on_sync = 1000;
    }
    const auto failed = rig.append();
    REQUIRE_FALSE(failed);
    CHECK(failed.error().kind == ErrorKind::Unavailable);
    rig.files.faults = {};
    REQUIRE(rig.append());
    CHECK(rig.sequences() == std::vector<std::uint64_t>{1, 3});
    rig.open();
    CHECK(rig.sequences() == std::vector<std::uint64_t>{1, 3});
    CHECK(rig.append());
    for (const RecordInfo& info : rig.all()) CHECK(test::holdsItsContent(*rig.ring, info));
}

TEST_CASE("ring: what is left of a failed round behind a shorter one does not count", "[ring][fault]") {
    Rig rig;
    rig.open();
    REQUIRE(rig.append());
    // 80 + 144 + 32 + 16 + 7 + 16 = 295 bytes around one sample: these records fill 25 blocks and begin on
    // one.
    const auto record = [&rig](std::size_t blocks) {
        test::DraftWish wish;
        wish.sequence = rig.sequence++;
        wish.samples = 1;
        wish.sample_bytes = blocks * 4096 - 295;
        return test::makeDraft(wish);
    };
    std::vector<RecordDraft> lost;
    for (int i = 0; i < 4; ++i) lost.push_back(record(25));
    rig.files.faults.error_on_sync = 1000;
    REQUIRE_FALSE(rig.ring->append(lost));
    rig.files.faults = {};
    std::vector<RecordDraft> shorter;
    shorter.push_back(record(3));
    REQUIRE(rig.ring->append(shorter));
    rig.open();
    CHECK(rig.sequences() == std::vector<std::uint64_t>{1, 6});
    REQUIRE(rig.append());
    rig.open();
    CHECK(rig.sequences() == std::vector<std::uint64_t>{1, 6, 7});
}

TEST_CASE("ring: a round that fails once is written again by itself", "[ring][fault]") {
    Rig rig;
    rig.open();
    REQUIRE(rig.append());
    rig.files.faults.error_on_sync = 1;
    REQUIRE(rig.append());
    CHECK(rig.ring->stats().failed_writes == 1);
    CHECK(rig.ring->stats().extents_retired == 0);
    rig.open();
    CHECK(rig.sequences() == std::vector<std::uint64_t>{1, 2});
}

TEST_CASE("ring: a card that refuses everything has no bad place: nothing is retired", "[ring][fault]") {
    Rig rig;
    rig.open();
    for (int i = 0; i < 3; ++i) REQUIRE(rig.append());
    rig.files.faults.error_on_sync = 1000;
    for (int i = 0; i < 5; ++i) CHECK_FALSE(rig.append());
    rig.files.faults = {};
    REQUIRE(rig.append());
    CHECK(rig.ring->stats().extents_retired == 0);
    // Also not for the next start, although the table was written before its sync failed.
    rig.open();
    CHECK(rig.ring->stats().extents_retired == 0);
    CHECK(rig.sequences() == std::vector<std::uint64_t>{1, 2, 3, 9});
}

TEST_CASE("ring: a record that fits no extent or contradicts itself is refused", "[ring]") {
    Rig rig;
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
    Rig rig;
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
    Rig rig;
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
    Rig rig;
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
