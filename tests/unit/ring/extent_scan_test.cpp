#include <catch2/catch.hpp>

#include "ring/extent_scan.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/ring/draft_maker.hpp"

using namespace camgate;
using namespace camgate::ring;

namespace {

constexpr std::uint64_t kScannedExtent_bytes = 64U << 10U;
constexpr std::uint64_t kTag = 9;

void append(std::uint64_t generation, std::uint64_t counter, Bytes& extent) {
    test::DraftWish wish;
    wish.sequence = counter;
    wish.samples = 1;
    wish.sample_bytes = 100;
    const RecordDraft draft = test::makeDraft(wish);
    Placement placement;
    placement.generation = generation;
    placement.counter = counter;
    placement.ring_tag = kTag;
    REQUIRE(encodeRecord(draft, leafOf(draft), placement, {}, extent));
    extent.resize((extent.size() + kBlock_bytes - 1) / kBlock_bytes * kBlock_bytes);
}

Result<ScannedExtent> scan(Bytes extent) {
    test::MemoryFileSystem disk;
    auto file = disk.open("/ring", OpenMode::CreateNew).value();
    extent.resize(kScannedExtent_bytes);
    REQUIRE(file->writeAt(0, extent));
    return scanExtent(*file, {0, 0, kScannedExtent_bytes, kTag, 0}, RingKeys{});
}

}  // namespace

TEST_CASE("extent scan: where the footer does not say, the first record's generation is the extent's",
          "[ring]") {
    Bytes extent;
    append(3, 1, extent);
    append(2, 2, extent);
    append(3, 3, extent);
    const auto found = scan(extent);
    REQUIRE(found);
    CHECK(found->generation == 3);
    CHECK(found->records.size() == 2);
}

TEST_CASE("extent scan: a record of generation 0 is none, whatever its checksums say", "[ring]") {
    Bytes extent;
    append(0, 1, extent);
    append(3, 2, extent);
    const auto found = scan(extent);
    REQUIRE(found);
    CHECK(found->generation == 3);
    CHECK(found->records.size() == 1);
}
