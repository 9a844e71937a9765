// A block of the key slot table: 15 slots behind a header with sequence and checksum. Pure, any thread.
// Implements docs/ref/key-slots.md (Block).
#pragma once

#include "ring/extent_format.hpp"
#include "ring/key_slot.hpp"

namespace camgate::ring {

constexpr std::size_t kSlotsPerBlock = 15;
/// In each half of the ring's front. So far from the ring's header: a card may hurt what lies near to what it
/// writes, and without a header there is no ring.
constexpr std::uint64_t kSlotsAt_bytes = 64U << 10U;
/// Of one copy: up to the retired extents.
constexpr std::uint32_t kSlotBlocks = (kHeaderCopy_bytes - kSlotsAt_bytes) / kBlock_bytes - 1;
constexpr std::uint32_t kKeySlots = kSlotBlocks * kSlotsPerBlock;

struct SlotPlace {
    std::uint32_t block = 0;
    std::size_t offset_bytes = 0;  ///< in the block
};
/// Slots are numbered from 1.
SlotPlace placeOfSlot(std::uint32_t number);
std::uint32_t firstSlotOf(std::uint32_t block);
/// In the ring's file; `copy` is 0 or 1.
std::uint64_t offsetOfSlotBlock(std::uint32_t block, int copy);

/// Writes header and checksum into a block whose slots are in their places.
void sealSlotBlock(Bytes& block, std::uint64_t ring_tag, std::uint32_t number, std::uint64_t sequence);
/// Its sequence, 0 for one that was never used. Corruption: not a whole block of this place;
/// FailedPrecondition: written by a newer version.
[[nodiscard]] Result<std::uint64_t> checkSlotBlock(ByteView block, std::uint64_t ring_tag,
                                                   std::uint32_t number);

}  // namespace camgate::ring
