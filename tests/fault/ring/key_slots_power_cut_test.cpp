// The crash order of the key slots, proven: cut behind every step, with many fates of what was not synced.
#include <catch2/catch.hpp>

#include "support/ring/slot_maker.hpp"

using namespace camgate;
using namespace camgate::ring;
using camgate::test::dayKey;
using camgate::test::openSlots;

namespace {

struct Promise {
    std::size_t added = SIZE_MAX;        ///< the key is durable from this step on
    std::size_t erase_began = SIZE_MAX;  ///< and up to here
    std::size_t erased = SIZE_MAX;       ///< from here on it is gone for good
};

}  // namespace

TEST_CASE("key slots: no cut loses a key that was added or brings one back that was erased",
          "[ring][sealing][fault]") {
    test::MemoryFileSystem disk;
    const auto file = test::slotFile(disk);
    disk.settle();
    std::map<std::uint32_t, Promise> promises;
    auto table = openSlots(*file);
    const auto add = [&](std::int32_t day, std::size_t count) {
        const std::vector<Slot> keys(count, dayKey(1, day));
        const auto numbers = table.add(keys).value();
        for (const std::uint32_t number : numbers) promises[number] = {.added = disk.steps()};
    };
    const auto erase = [&](const std::set<std::uint32_t>& numbers) {
        for (const std::uint32_t number : numbers) promises[number].erase_began = disk.steps();
        REQUIRE(table.erase(numbers, 1));
        for (const std::uint32_t number : numbers) promises[number].erased = disk.steps();
    };
    add(1, 1);
    add(2, 4);
    erase({2});
    add(3, 20);
    erase({1, 3, 17});
    add(4, 2);

    constexpr std::uint64_t kFates = 40;
    for (std::size_t step = 0; step <= disk.steps(); ++step) {
        for (std::uint64_t seed = 0; seed < kFates; ++seed) {
            CAPTURE(step, seed);
            const auto after = disk.powerCut(step, step * kFates + seed);
            const auto cut_file = after->open("/card/ring", OpenMode::ReadWrite).value();
            auto found = KeySlots::open(*cut_file, test::kSlotRingTag, test::slotCipher());
            if (!found) FAIL(found.error().describe());
            for (const auto& [number, promise] : promises) {
                CAPTURE(number);
                const auto key = found->key(number);
                if (promise.added <= step && step <= promise.erase_began) REQUIRE(key.has_value());
                if (promise.erased <= step) REQUIRE(key.error().kind == ErrorKind::NotFound);
                // A start mends: after it neither copy brings back what the other has given up.
                const auto at = [&](int copy) {
                    const SlotPlace place = placeOfSlot(number);
                    Bytes state(1);
                    REQUIRE(
                        cut_file->readAt(offsetOfSlotBlock(place.block, copy) + place.offset_bytes, state));
                    return state[0];
                };
                REQUIRE(at(0) == at(1));
            }
            REQUIRE(found->add({dayKey(9, 9)}));
        }
    }
}
