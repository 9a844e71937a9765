#include <algorithm>
#include <catch2/catch.hpp>

#include "support/base/faulty_file_system.hpp"
#include "support/ring/slot_maker.hpp"

using namespace camgate;
using namespace camgate::ring;
using camgate::test::dayKey;
using camgate::test::openSlots;
using camgate::test::slotCipher;

namespace {

bool contains(ByteView hay, ByteView needle) {
    return std::search(hay.begin(), hay.end(), needle.begin(), needle.end()) != hay.end();
}

Bytes firstBlock(const Bytes& file, int copy) {
    const auto at = file.begin() + static_cast<std::ptrdiff_t>(offsetOfSlotBlock(0, copy));
    return {at, at + static_cast<std::ptrdiff_t>(kBlock_bytes)};
}

struct Card {
    test::MemoryFileSystem disk;
    std::unique_ptr<File> file = test::slotFile(disk);
    Bytes bytes() const { return disk.contentOf("/card/ring"); }
};

}  // namespace

TEST_CASE("key slot: comes back whole, in its own place of its own ring only", "[ring][sealing]") {
    const auto cipher = slotCipher();
    const Slot key = dayKey(5, 20'000);
    const Bytes bytes = cipher.seal(7, key).value();
    REQUIRE(bytes.size() == kSlot_bytes);
    const auto opened = cipher.open(7, bytes);
    REQUIRE(opened);
    CHECK(opened->owner == key.owner);
    CHECK(opened->key == key.key);
    CHECK_FALSE(contains(bytes, key.key));
    CHECK_FALSE(cipher.open(8, bytes).has_value());
    CHECK_FALSE(slotCipher({}, 10).open(7, bytes).has_value());
    const RingId other_ring{};
    CHECK_FALSE(SlotCipher::fromSecret({9, 8, 7}, other_ring, {}).value().open(7, bytes).has_value());
}

TEST_CASE("key slot: any flipped bit of what it says is found, any length is survived", "[ring][sealing]") {
    const auto cipher = slotCipher();
    Bytes bytes = cipher.seal(1, dayKey(5, 20'000)).value();
    // State, generation, nonce, content and tag: bytes 0 and 8 to 99; flag and reserved bytes say nothing
    // here.
    for (std::size_t at = 0; at < 100; at = at == 0 ? 8 : at + 1) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            bytes[at] ^= static_cast<std::uint8_t>(1U << bit);
            const auto opened = cipher.open(1, bytes);
            // One bit from "key" lie "free" and nothing; two from "erased".
            if (opened) CHECK((at == 0 && opened->state != SlotState::Key));
            bytes[at] ^= static_cast<std::uint8_t>(1U << bit);
        }
    }
    for (std::size_t length = 0; length < kSlot_bytes; ++length) {
        CHECK_FALSE(cipher.open(1, ByteView(bytes).first(length)).has_value());
    }
}

TEST_CASE("key slot: the release key's holder opens it without the key source", "[ring][sealing]") {
    const auto release = crypto::AgreementKey::generate().value();
    const auto stranger = crypto::AgreementKey::generate().value();
    const Slot key = dayKey(5, 20'000);
    const Bytes bytes = slotCipher(release.publicPoint()).seal(3, key).value();
    const auto reader = SlotCipher::fromRelease(release, test::kSlotRingId);
    CHECK(reader.open(3, bytes).value().key == key.key);
    CHECK(reader.open(3, bytes).value().owner == key.owner);
    CHECK(reader.open(4, bytes).error().kind == ErrorKind::PermissionDenied);
    CHECK(SlotCipher::fromRelease(stranger, test::kSlotRingId).open(3, bytes).error().kind ==
          ErrorKind::PermissionDenied);
    CHECK(reader.open(3, slotCipher().seal(3, key).value()).error().kind == ErrorKind::PermissionDenied);
    CHECK(reader.seal(3, key).error().kind == ErrorKind::FailedPrecondition);
}

TEST_CASE("key slots: what was added is there after a start, each under its number", "[ring][sealing]") {
    Card card;
    std::vector<Slot> keys;
    for (std::int32_t day = 0; day < 40; ++day) keys.push_back(dayKey(3, day));
    std::vector<std::uint32_t> numbers;
    {
        auto table = openSlots(*card.file);
        CHECK(table.slots().empty());
        CHECK(table.freeSlots() == kKeySlots);
        numbers = table.add(keys).value();
        CHECK(table.freeSlots() == kKeySlots - 40);
    }
    // 495 blocks of 15; 16 cameras times 400 days are 6400.
    CHECK(kKeySlots == 7425);
    const auto table = openSlots(*card.file);
    REQUIRE(table.slots().size() == 40);
    for (std::size_t i = 0; i < keys.size(); ++i) {
        CHECK(table.key(numbers[i]).value()->owner == keys[i].owner);
        CHECK(table.key(numbers[i]).value()->key == keys[i].key);
    }
    CHECK(table.key(numbers.back() + 1).error().kind == ErrorKind::NotFound);
}

TEST_CASE("key slots: a block torn in one copy costs nothing and is mended", "[ring][sealing]") {
    for (const int copy : {0, 1}) {
        Card card;
        (void)openSlots(*card.file).add({dayKey(1, 1), dayKey(2, 1)}).value();
        card.disk.overwrite("/card/ring", offsetOfSlotBlock(0, copy) + 512, Bytes(512, 0xA5));
        CHECK(openSlots(*card.file).slots().size() == 2);
        card.disk.overwrite("/card/ring", offsetOfSlotBlock(0, 1 - copy), Bytes(4096, 0xA5));
        CHECK(openSlots(*card.file).slots().size() == 2);
    }
}

TEST_CASE("key slots: a block torn in both copies gives up only the slots that are hit", "[ring][sealing]") {
    Card card;
    std::vector<Slot> keys;
    for (std::int32_t day = 0; day < 15; ++day) keys.push_back(dayKey(3, day));
    (void)openSlots(*card.file).add(keys).value();
    // Sectors 2 of the first copy and 3 of the second: slots 4 and 5, slots 6 and 7, none of them in both.
    card.disk.overwrite("/card/ring", offsetOfSlotBlock(0, 0) + 1024, Bytes(512, 0xA5));
    card.disk.overwrite("/card/ring", offsetOfSlotBlock(0, 1) + 1536, Bytes(512, 0xA5));
    CHECK(openSlots(*card.file).slots().size() == 15);
    // And now the same sector in both: two are lost, and said to be damaged, not erased.
    card.disk.overwrite("/card/ring", offsetOfSlotBlock(0, 1) + 1024, Bytes(512, 0xA5));
    auto table = openSlots(*card.file);
    CHECK(table.slots().size() == 13);
    CHECK(table.key(4).error().kind == ErrorKind::Corruption);
    CHECK(table.key(5).error().kind == ErrorKind::Corruption);
    CHECK(table.add({dayKey(4, 1)}).value().front() == 16);
}

TEST_CASE("key slots: damage that takes all keys is no other secret: the ring goes on", "[ring][sealing]") {
    Card card;
    (void)openSlots(*card.file).add({dayKey(1, 1), dayKey(2, 1)}).value();
    for (const int copy : {0, 1})
        card.disk.overwrite("/card/ring", offsetOfSlotBlock(0, copy) + 256, Bytes(512, 0xA5));
    auto table = KeySlots::open(*card.file, test::kSlotRingTag, test::slotCipher());
    REQUIRE(table);
    CHECK(table->key(1).error().kind == ErrorKind::Corruption);
    CHECK(table->add({dayKey(3, 1)}).value().front() == 16);
}

TEST_CASE("key slots: a key that was lost to damage does not lock the others out once they are erased",
          "[ring][sealing]") {
    Card card;
    (void)openSlots(*card.file).add({dayKey(1, 1), dayKey(2, 1), dayKey(3, 1)}).value();
    // The sector of slots 2 and 3, in both copies.
    for (const int copy : {0, 1})
        card.disk.overwrite("/card/ring", offsetOfSlotBlock(0, copy) + 512, Bytes(512, 0xA5));
    REQUIRE(openSlots(*card.file).erase({1}, 7));
    const auto table = KeySlots::open(*card.file, test::kSlotRingTag, test::slotCipher());
    REQUIRE(table);
    CHECK(table->key(1).error().kind == ErrorKind::NotFound);
    CHECK(table->key(2).error().kind == ErrorKind::Corruption);
}

TEST_CASE("key slots: another secret opens nothing and changes nothing", "[ring][sealing]") {
    Card card;
    (void)openSlots(*card.file).add({dayKey(1, 1)}).value();
    const Bytes before = card.bytes();
    const auto table = KeySlots::open(*card.file, test::kSlotRingTag, slotCipher({}, 1));
    REQUIRE_FALSE(table);
    CHECK(table.error().kind == ErrorKind::FailedPrecondition);
    CHECK(card.bytes() == before);
    CHECK(KeySlots::anyKey(*card.file, test::kSlotRingTag).value());
}

TEST_CASE("key slots: erased, no byte of the wrapped key is left and only its owner is still known",
          "[ring][sealing]") {
    Card card;
    const auto release = crypto::AgreementKey::generate().value();
    auto table = openSlots(*card.file, slotCipher(release.publicPoint()));
    const auto numbers = table.add({dayKey(1, 1), dayKey(1, 2), dayKey(2, 1)}).value();
    const Bytes before = card.bytes();
    REQUIRE(table.erase({numbers[1]}, 17));
    CHECK(table.key(numbers[1]).error().kind == ErrorKind::NotFound);
    CHECK(table.key(numbers[0]).value()->key == dayKey(1, 1).key);
    const Bytes after = card.bytes();
    for (const int copy : {0, 1}) {
        const auto at = offsetOfSlotBlock(0, copy) + placeOfSlot(numbers[1]).offset_bytes;
        const ByteView old = ByteView(before).subspan(static_cast<std::size_t>(at), kSlot_bytes);
        // Wrapped key, ephemeral point and what was sealed to the release key, in pieces of 16.
        for (std::size_t piece = 16; piece + 16 <= 237; piece += 16)
            CHECK_FALSE(contains(after, old.subspan(piece, 16)));
    }
    const auto again = openSlots(*card.file, slotCipher(release.publicPoint()));
    CHECK(again.key(numbers[1]).error().kind == ErrorKind::NotFound);
    const Slot& stays = again.slots().at(numbers[1]);
    CHECK(stays.state == SlotState::Erased);
    CHECK(stays.owner == dayKey(1, 2).owner);
    CHECK(stays.generation == 17);
    CHECK(stays.key == crypto::AeadKey{});
}

TEST_CASE("key slots: erasing all leaves neither keys nor owners", "[ring][sealing]") {
    Card card;
    auto table = openSlots(*card.file);
    (void)table.add({dayKey(1, 1), dayKey(2, 1)}).value();
    REQUIRE(table.eraseAll(5));
    CHECK(table.slots().at(1).owner.scope == KeyScope::Nobody);
    CHECK_FALSE(KeySlots::anyKey(*card.file, test::kSlotRingTag).value());
    const auto again = openSlots(*card.file);
    CHECK(again.slots().size() == 2);
    CHECK(again.slots().at(2).owner.scope == KeyScope::Nobody);
    // New keys take other slots as long as old records name these.
    CHECK(openSlots(*card.file).add({dayKey(1, 1)}).value().front() == 3);
}

TEST_CASE("key slots: are free again when no record needs them", "[ring][sealing]") {
    Card card;
    auto table = openSlots(*card.file);
    const auto numbers = table.add({dayKey(1, 1), dayKey(1, 2), dayKey(1, 3)}).value();
    REQUIRE(table.erase({numbers[0]}, 10));
    REQUIRE(table.release({numbers[1]}, 9));
    CHECK(table.slots().size() == 2);
    CHECK(table.freeSlots() == kKeySlots - 2);
    REQUIRE(table.release({}, 10));
    CHECK(table.slots().size() == 1);
    CHECK(openSlots(*card.file).slots().size() == 1);
}

TEST_CASE("key slots: full, another key is refused", "[ring][sealing]") {
    Card card;
    auto table = openSlots(*card.file);
    std::vector<Slot> keys(kKeySlots, dayKey(1, 1));
    REQUIRE(table.add(keys));
    CHECK(table.add({dayKey(1, 2)}).error().kind == ErrorKind::NoSpace);
    CHECK(openSlots(*card.file).slots().size() == kKeySlots);
}

TEST_CASE("key slots: a write that fails is made good by the next one", "[ring][sealing][fault]") {
    test::MemoryFileSystem disk;
    (void)test::slotFile(disk);
    test::FaultyFileSystem faulty(disk);
    auto file = faulty.open("/card/ring", OpenMode::ReadWrite).value();
    auto table = openSlots(*file);
    REQUIRE(table.add({dayKey(1, 1)}));
    for (const std::uint32_t syncs : {1U, 2U}) {
        faulty.faults.error_on_sync = syncs;
        CHECK_FALSE(table.erase({1}, 3).has_value());
        faulty.faults.error_on_sync = 0;
        REQUIRE(table.erase({1}, 3));
        CHECK(table.key(1).error().kind == ErrorKind::NotFound);
        const Bytes bytes = disk.contentOf("/card/ring");
        CHECK(firstBlock(bytes, 0) == firstBlock(bytes, 1));
        REQUIRE(table.release({}, 3));
        REQUIRE(table.add({dayKey(1, 1)}));
    }
}

TEST_CASE("key slots: what a newer firmware wrote is left as it is", "[ring][sealing]") {
    Card card;
    (void)openSlots(*card.file).add({dayKey(1, 1)}).value();
    Bytes block = firstBlock(card.bytes(), 0);
    block[4] = 2;
    ByteWriter crc;
    crc.put(crc32c(ByteView(block).subspan(256), crc32c(ByteView(block).first(252))));
    std::ranges::copy(crc.bytes(), block.begin() + 252);
    card.disk.overwrite("/card/ring", offsetOfSlotBlock(0, 0), block);
    const Bytes before = card.bytes();
    CHECK(KeySlots::open(*card.file, test::kSlotRingTag, slotCipher()).error().kind ==
          ErrorKind::FailedPrecondition);
    CHECK(card.bytes() == before);
}
