#include "ring/ring_inspect.hpp"

#include <catch2/catch.hpp>

#include "ring/ring.hpp"
#include "support/base/fake_clock.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/ring/ring_place.hpp"

using namespace camgate;
using namespace camgate::ring;

namespace {

void write(FileSystem& disk, std::uint64_t offset, ByteView bytes) {
    REQUIRE(disk.open(test::kRingPath, OpenMode::CreateOrOpen).value()->writeAt(offset, bytes));
}

}  // namespace

TEST_CASE("ring: what lies in its place is told apart", "[ring]") {
    test::MemoryFileSystem disk;
    CHECK(inspectRing(disk, test::kRingPath)->content == RingContent::Nothing);
    write(disk, 0, Bytes(5000));
    CHECK(inspectRing(disk, test::kRingPath)->content == RingContent::Nothing);
    write(disk, 3000, asBytes("text"));
    const auto foreign = inspectRing(disk, test::kRingPath);
    CHECK(foreign->content == RingContent::Foreign);
    CHECK(foreign->what == "not a camgate ring");
    CHECK(foreign->bytes == 5000);
}

TEST_CASE("ring: a ring is known by either copy of its header, a damaged one is foreign", "[ring]") {
    test::MemoryFileSystem disk;
    test::FakeClock clock;
    REQUIRE(Ring::open(disk, test::kRingPath,
                       {.size_bytes = 24U << 20U, .extent_bytes = 4U << 20U, .gateway = "gw-2"}, clock));
    write(disk, 100, Bytes{0xFF});
    const auto found = inspectRing(disk, test::kRingPath);
    REQUIRE(found);
    CHECK(found->content == RingContent::Ring);
    CHECK(found->gateway == "gw-2");
    write(disk, kHeaderCopy_bytes + 100, Bytes{0xFF});
    CHECK(inspectRing(disk, test::kRingPath)->content == RingContent::Foreign);
}
