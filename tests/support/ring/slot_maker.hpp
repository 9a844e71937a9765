// Key slots and the file they lie in, for tests. Header only.
#pragma once

#include "ring/key_slots.hpp"
#include "support/base/memory_file_system.hpp"

namespace camgate::test {

constexpr std::uint64_t kSlotRingTag = 0x0807060504030201;
inline const ring::RingId kSlotRingId{1, 2, 3, 4, 5, 6, 7, 8, 9};

inline ring::SlotCipher slotCipher(const std::optional<crypto::PublicPoint>& release = {},
                                   std::uint8_t secret = 9) {
    return ring::SlotCipher::fromSecret({secret, 8, 7}, kSlotRingId, release).value();
}

/// The key of a camera's day: its bytes tell whose it is.
inline ring::Slot dayKey(std::uint64_t camera_tag, std::int32_t day) {
    ring::Slot slot{ring::SlotState::Key, 0, {ring::KeyScope::WallDay, camera_tag, 0, day}, {}};
    slot.key.fill(static_cast<std::uint8_t>(camera_tag * 16 + static_cast<std::uint64_t>(day)));
    slot.key[0] = 0xC5;
    return slot;
}

/// An empty front of a ring.
inline std::unique_ptr<File> slotFile(MemoryFileSystem& disk) {
    auto file = disk.open("/card/ring", OpenMode::CreateOrOpen).value();
    if (file->size().value() == 0) {
        (void)file->resize(ring::kFront_bytes);
        (void)file->sync();
        (void)disk.syncDirectory("/card");
    }
    return file;
}

inline ring::KeySlots openSlots(File& file, ring::SlotCipher cipher = slotCipher()) {
    return ring::KeySlots::open(file, kSlotRingTag, std::move(cipher)).value();
}

}  // namespace camgate::test
