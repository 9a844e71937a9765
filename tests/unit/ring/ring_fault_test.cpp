// What a ring makes of damage, of cards that refuse, and of places that are not its own.
#include <catch2/catch.hpp>

#include "support/ring/ring_rig.hpp"

using namespace camgate;
using namespace camgate::ring;
using namespace std::chrono_literals;
using namespace camgate::test;

TEST_CASE("ring: recording goes on where no footer came back whole", "[ring]") {
    RingRig rig;
    rig.open();
    // 1 MB each, 3 to an extent of 4 MiB: all four extents are used, and more than once.
    for (int i = 0; i < 20; ++i) REQUIRE(rig.append(100000));
    rig.ring.reset();
    {
        const auto file = rig.memory.open(kRingPath, OpenMode::ReadWrite).value();
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

TEST_CASE("ring: a truncated last record is dropped and the one before it is kept", "[ring][fault]") {
    RingRig rig;
    rig.open();
    for (int i = 0; i < 4; ++i) REQUIRE(rig.append());
    const auto last = rig.all().back();
    rig.ring.reset();
    const std::uint64_t at = kFront_bytes + last.at.extent * 4 * kMiB + last.at.offset_bytes;
    SECTION("its end") {
        rig.memory.overwrite(kRingPath, at + 200000, Bytes(4096, 0));
    }
    SECTION("its header") {
        rig.memory.overwrite(kRingPath, at, Bytes(512, 0xA5));
    }
    SECTION("one bit of its payload") {
        Bytes byte = {static_cast<std::uint8_t>(
            rig.memory.contentOf(kRingPath)[static_cast<std::size_t>(at + 1000)] ^ 1)};
        rig.memory.overwrite(kRingPath, at + 1000, byte);
    }
    rig.open();
    CHECK(rig.sequences() == std::vector<std::uint64_t>{1, 2, 3});
    REQUIRE(rig.append());
    rig.open();
    CHECK(rig.sequences() == std::vector<std::uint64_t>{1, 2, 3, 5});
    for (const RecordInfo& info : rig.all()) CHECK(test::holdsItsContent(*rig.ring, info));
}

TEST_CASE("ring: an index that is damaged is rebuilt from the records", "[ring][fault]") {
    RingRig rig;
    rig.open();
    for (int i = 0; i < 20; ++i) REQUIRE(rig.append());
    const auto before = rig.sequences();
    rig.ring.reset();
    // 13 entries of 192 bytes are one block, in front of the footer.
    rig.memory.overwrite(kRingPath, kFront_bytes + 4 * kMiB - 2 * 4096, Bytes(100, 0xEE));
    rig.open();
    CHECK(rig.sequences() == before);
}

TEST_CASE("ring: a footer that is damaged costs a scan, no footage", "[ring][fault]") {
    RingRig rig;
    rig.open();
    for (int i = 0; i < 100; ++i) REQUIRE(rig.append());
    const auto before = rig.sequences();
    rig.ring.reset();
    const std::uint32_t extent = GENERATE(0U, 1U, 2U, 3U);
    rig.memory.overwrite(kRingPath, kFront_bytes + (extent + 1) * 4 * kMiB - 4096, Bytes(512, 0x11));
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
    RingRig rig;
    rig.open();
    REQUIRE(rig.append());
    const auto refused = [&rig](ErrorKind kind, const std::string& says) {
        const Bytes before = rig.memory.contentOf(kRingPath);
        const auto opened = Ring::open(rig.files, kRingPath, rig.options, rig.clock);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().kind == kind);
        CHECK_THAT(opened.error().context, Catch::Contains(says));
        CHECK(rig.memory.contentOf(kRingPath) == before);
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
        rig.memory.overwrite(kRingPath, 0, block);
        rig.memory.overwrite(kRingPath, kHeaderCopy_bytes, block);
        refused(ErrorKind::FailedPrecondition, "format version 2");
    }
    SECTION("something else") {
        rig.ring.reset();
        rig.memory.overwrite(kRingPath, 0, Bytes(4096, 0x42));
        rig.memory.overwrite(kRingPath, kHeaderCopy_bytes, Bytes(4096, 0x42));
        refused(ErrorKind::FailedPrecondition, "not a camgate ring");
    }
    SECTION("cut off") {
        rig.ring.reset();
        REQUIRE((*rig.memory.open(kRingPath, OpenMode::ReadWrite))->resize(10 * kMiB));
        refused(ErrorKind::Corruption, "cut off");
    }
    SECTION("both headers damaged") {
        rig.ring.reset();
        rig.memory.overwrite(kRingPath, 100, Bytes(4, 0x42));
        rig.memory.overwrite(kRingPath, kHeaderCopy_bytes + 100, Bytes(4, 0x42));
        refused(ErrorKind::Corruption, "checksum");
    }
}

TEST_CASE("ring: one damaged header is nothing", "[ring]") {
    RingRig rig;
    rig.open();
    REQUIRE(rig.append());
    rig.ring.reset();
    const std::uint64_t damaged = GENERATE(std::uint64_t{0}, kHeaderCopy_bytes);
    rig.memory.overwrite(kRingPath, damaged, Bytes(512, 0x42));
    rig.open();
    CHECK(rig.sequences() == std::vector<std::uint64_t>{1});
    // It was mended: the other one may come back damaged from the next cut.
    rig.ring.reset();
    rig.memory.overwrite(kRingPath, kHeaderCopy_bytes - damaged, Bytes(512, 0x42));
    rig.open();
    CHECK(rig.sequences() == std::vector<std::uint64_t>{1});
}

TEST_CASE("ring: too little space says how much is needed and how much is free", "[ring]") {
    test::MemoryFileSystem files(8 * kMiB);
    test::FakeClock clock;
    const auto opened = Ring::open(files, kRingPath, {.size_bytes = 64 * kMiB, .gateway = "gw-1"}, clock);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().kind == ErrorKind::NoSpace);
    CHECK_THAT(opened.error().context, Catch::Contains("needs 60 MiB") && Catch::Contains("8 MiB are free"));
    CHECK(files.list("/card")->empty());
}

TEST_CASE("ring: a disk that fills or cannot be written during set-up leaves nothing behind",
          "[ring][fault]") {
    RingRig rig;
    SECTION("full") {
        rig.files.faults.no_space = true;
        const auto opened = Ring::open(rig.files, kRingPath, rig.options, rig.clock);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().kind == ErrorKind::NoSpace);
        CHECK_THAT(opened.error().context, Catch::Contains("20 MiB"));
    }
    SECTION("read-only") {
        rig.files.faults.read_only = true;
        const auto opened = Ring::open(rig.files, kRingPath, rig.options, rig.clock);
        REQUIRE_FALSE(opened);
        CHECK(opened.error().kind == ErrorKind::PermissionDenied);
        CHECK_THAT(opened.error().context, Catch::Contains(kRingPath));
    }
    CHECK(rig.memory.list("/card")->empty());
    rig.files.faults = {};
    rig.open();
}

TEST_CASE("ring: a round that the card refuses is an error, and the next one goes on", "[ring][fault]") {
    RingRig rig;
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
    RingRig rig;
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
    RingRig rig;
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
    RingRig rig;
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
