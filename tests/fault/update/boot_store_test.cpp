// The power is cut behind every step of updates and boots; a box always comes up, and on what was proven
// unless the new version is whole.
#include "update/boot_store.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "support/update/boot_model.hpp"

using namespace camgate;
using namespace camgate::update;

namespace {

constexpr std::uint8_t kProven = 1;
constexpr std::uint8_t kNew = 2;
constexpr int kMostBootsToComeUp = 2 * kTrialTries + 1;

void prepare(test::MemoryFileSystem& disk, Slot running, std::mt19937& random) {
    REQUIRE(disk.makeDirectory("/disk"));
    auto device = disk.open(test::kBootDevice, OpenMode::CreateNew);
    REQUIRE(device.has_value());
    REQUIRE((*device)->resize(1U << 20U));
    REQUIRE(disk.syncDirectory("/disk"));
    auto store = BootStore::open(disk, test::kBootDevice);
    REQUIRE(store.has_value());
    REQUIRE(test::installInto(disk, *store, running, kProven));
    // An older update may lie in the other slot, or the torn rest of one.
    auto file = disk.open(test::slotFile(other(running)), OpenMode::CreateOrOpen);
    REQUIRE((*file)->resize(test::kSlot_bytes));
    if (random() % 2 == 0) REQUIRE((*file)->writeAt(0, Bytes(test::kSector_bytes, 9)));
    REQUIRE((*file)->sync());
    REQUIRE(disk.syncDirectory("/disk"));
    disk.settle();
}

/// Boots until a slot that is whole starts; its version.
std::optional<std::uint8_t> comesUp(test::MemoryFileSystem& disk) {
    for (int boot = 0; boot < kMostBootsToComeUp; ++boot)
        if (const auto version = test::versionIn(disk, test::bootOnce(disk))) return version;
    return std::nullopt;
}

}  // namespace

TEST_CASE("boot store: the power is cut behind every step of an update and its boots", "[update][fault]") {
    const auto seed = GENERATE(range(1U, 241U));
    std::mt19937 random(seed);
    const Slot running = random() % 2 == 0 ? Slot::A : Slot::B;
    test::MemoryFileSystem disk;
    prepare(disk, running, random);

    auto store = BootStore::open(disk, test::kBootDevice);
    REQUIRE(store.has_value());
    REQUIRE(test::installInto(disk, *store, other(running), kNew));
    const std::size_t installed = disk.steps();
    CHECK(test::bootOnce(disk) == other(running));
    auto after = BootStore::open(disk, test::kBootDevice);
    REQUIRE(after.has_value());
    REQUIRE(after->markGood(other(running)));

    for (std::size_t step = 0; step <= disk.steps(); ++step) {
        const auto cut = disk.powerCut(step, seed * 1000 + step);
        INFO("seed " << seed << ", cut behind step " << step << " of " << disk.steps());
        CHECK(test::versionIn(*cut, running) == kProven);
        const auto version = comesUp(*cut);
        REQUIRE(version.has_value());
        if (step >= installed) CHECK(*version == kNew);
    }
}

TEST_CASE("boot store: a new version that never comes up is given up after three boots", "[update][fault]") {
    std::mt19937 random(7);
    test::MemoryFileSystem disk;
    prepare(disk, Slot::A, random);
    auto store = BootStore::open(disk, test::kBootDevice);
    REQUIRE(test::installInto(disk, *store, Slot::B, kNew));
    for (int boot = 0; boot < kTrialTries; ++boot) CHECK(test::bootOnce(disk) == Slot::B);
    CHECK(test::bootOnce(disk) == Slot::A);
}

TEST_CASE("boot store: a proven version stays through starts that are cut short", "[update][fault]") {
    std::mt19937 random(11);
    test::MemoryFileSystem disk;
    prepare(disk, Slot::A, random);
    auto store = BootStore::open(disk, test::kBootDevice);
    REQUIRE(test::installInto(disk, *store, Slot::B, kNew));
    REQUIRE(store->markGood(Slot::A));
    REQUIRE(store->markGood(Slot::B));
    for (int boot = 0; boot < kProvenTries; ++boot) CHECK(test::bootOnce(disk) == Slot::B);
    CHECK(test::bootOnce(disk) == Slot::A);
}

TEST_CASE("boot store: with both copies lost a box starts slot A and writes anew", "[update][fault]") {
    std::mt19937 random(8);
    test::MemoryFileSystem disk;
    prepare(disk, Slot::A, random);
    disk.overwrite(test::kBootDevice, kCopyOffsets[0], Bytes(kBootBlock_bytes, 0xFF));
    disk.overwrite(test::kBootDevice, kCopyOffsets[1], Bytes(kBootBlock_bytes, 0xFF));
    CHECK(test::bootOnce(disk) == Slot::A);
    const auto store = BootStore::open(disk, test::kBootDevice);
    REQUIRE(store.has_value());
    CHECK(store->state().sequence == 1);
}

TEST_CASE("boot store: a change that changes nothing is not written", "[update]") {
    std::mt19937 random(9);
    test::MemoryFileSystem disk;
    prepare(disk, Slot::A, random);
    auto store = BootStore::open(disk, test::kBootDevice);
    REQUIRE(store->markGood(Slot::A));
    const std::size_t before = disk.steps();
    REQUIRE(store->markGood(Slot::A));
    CHECK(disk.steps() == before);
}
