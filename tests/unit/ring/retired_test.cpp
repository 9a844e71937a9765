// Places that the card cannot write any more: no round is lost to them, and no extent is tried for ever.
#include <catch2/catch.hpp>

#include "ring/ring.hpp"
#include "support/base/fake_clock.hpp"
#include "support/base/faulty_file_system.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/ring/draft_maker.hpp"
#include "support/ring/ring_place.hpp"

using namespace camgate;
using namespace camgate::ring;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t kKiB = 1U << 10U;
constexpr std::uint64_t kSmallExtent_bytes = 128 * kKiB;

/// Eight extents of 128 KiB; three records of 40 kB fill one.
struct RetiredRig {
    test::MemoryFileSystem memory;
    test::FaultyFileSystem files{memory};
    test::FakeClock clock;
    std::unique_ptr<Ring> ring;
    std::uint64_t sequence = 1;

    RetiredRig() { open(); }
    void open() {
        ring.reset();
        const RingOptions options{.size_bytes = kFront_bytes + 8 * kSmallExtent_bytes,
                                  .extent_bytes = kSmallExtent_bytes,
                                  .gateway = "gw-1"};
        auto opened = Ring::open(files, test::kRingPath, options, clock);
        INFO((opened ? "" : opened.error().describe()));
        REQUIRE(opened);
        ring = std::move(*opened);
    }
    Result<AppendResult> append() {
        test::DraftWish wish;
        wish.sequence = sequence;
        wish.sample_bytes = 4000;
        wish.first_decode = BootTime(99s + std::chrono::seconds(sequence));
        ++sequence;
        std::vector<RecordDraft> round;
        round.push_back(test::makeDraft(wish));
        return ring->append(round);
    }
    void breakPlace(std::uint32_t extent, std::uint64_t offset) {
        files.faults.bad_from = kFront_bytes + extent * kSmallExtent_bytes + offset;
        files.faults.bad_to = files.faults.bad_from + 512;
    }
    std::vector<RecordInfo> all() {
        auto found = ring->find(7, media::StreamKind::Main, WallTime(0s), WallTime(4'000'000'000s));
        REQUIRE(found);
        return *found;
    }
    void checkContent() {
        const auto found = all();
        REQUIRE(found.back().header.sequence == sequence - 1);
        for (std::size_t i = 0; i < found.size(); ++i) {
            CHECK(test::holdsItsContent(*ring, found[i]));
            if (i > 0) CHECK(found[i].header.sequence == found[i - 1].header.sequence + 1);
        }
    }
};

}  // namespace

TEST_CASE("retired: no round is lost to a bad place, whatever lies there", "[ring][fault]") {
    RetiredRig rig;
    const std::uint64_t offset = GENERATE(0U, 50U * 1024U, 123U * 1024U, 124U * 1024U, 127U * 1024U);
    rig.breakPlace(3, offset);
    for (int i = 0; i < 100; ++i) {
        REQUIRE(rig.append());
        if (i % 17 == 3) rig.open();
    }
    rig.checkContent();
    CHECK(rig.ring->stats().extents_retired <= 1);
}

TEST_CASE("retired: an extent is written no more, over starts, and what it held is read until its turn",
          "[ring][fault]") {
    RetiredRig rig;
    for (int i = 0; i < 2; ++i) REQUIRE(rig.append());
    const std::uint32_t extent = rig.all().back().at.extent;
    rig.breakPlace(extent, rig.all().back().at.offset_bytes + 44 * kKiB);
    REQUIRE(rig.append());
    CHECK(rig.ring->stats().extents_retired == 1);
    rig.checkContent();
    rig.open();
    CHECK(rig.ring->stats().extents_retired == 1);
    CHECK(rig.all().front().at.extent == extent);
    rig.checkContent();
    // It could be written again: nobody tries.
    rig.files.faults = {};
    for (int i = 0; i < 60; ++i) {
        const auto appended = rig.append();
        REQUIRE(appended);
        CHECK(appended->records[0].at.extent != extent);
    }
    // Two turns later its footage is as old as none of the others: it counts as overwritten.
    CHECK(rig.all().front().at.extent != extent);
    rig.checkContent();
    rig.open();
    rig.checkContent();
}

TEST_CASE("retired: a damaged table retires nothing, and one whole copy is enough", "[ring][fault]") {
    RetiredRig rig;
    rig.breakPlace(0, 0);
    REQUIRE(rig.append());
    REQUIRE(rig.ring->stats().extents_retired == 1);
    rig.ring.reset();
    rig.memory.overwrite(test::kRingPath, kHeaderCopy_bytes - 4096, Bytes(512, 0x55));
    rig.open();
    CHECK(rig.ring->stats().extents_retired == 1);
    rig.ring.reset();
    rig.memory.overwrite(test::kRingPath, kFront_bytes - 4096, Bytes(512, 0x55));
    rig.open();
    CHECK(rig.ring->stats().extents_retired == 0);
    REQUIRE(rig.append());
}

TEST_CASE("retired: the table reads back what was written", "[ring]") {
    const RetiredTable table{7, {0, 9, 4095}};
    Bytes block = encodeRetired(table, 42);
    const auto read = decodeRetired(block, 42);
    REQUIRE(read);
    CHECK(read->sequence == 7);
    CHECK(read->extents == table.extents);
    CHECK(decodeRetired(block, 43).error().kind == ErrorKind::Corruption);
    block[100] ^= 1;
    CHECK(decodeRetired(block, 42).error().kind == ErrorKind::Corruption);
}
