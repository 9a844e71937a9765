#include "ring/slot_block.hpp"

#include <algorithm>

namespace camgate::ring {
namespace {

constexpr std::uint32_t kMagic = 0x53474743;  // "CGGS"
constexpr std::uint16_t kVersion = 1;
constexpr std::size_t kCrcAt_bytes = 252;
static_assert(kSlot_bytes * (kSlotsPerBlock + 1) == kBlock_bytes);

Bytes crcOf(ByteView block) {
    const std::uint32_t front = crc32c(block.first(kCrcAt_bytes));
    ByteWriter out;
    out.put(crc32c(block.subspan(kSlot_bytes), front));
    return std::move(out).take();
}

}  // namespace

SlotPlace placeOfSlot(std::uint32_t number) {
    const std::uint32_t index = number - 1;
    return {static_cast<std::uint32_t>(index / kSlotsPerBlock), kSlot_bytes * (1 + index % kSlotsPerBlock)};
}

std::uint32_t firstSlotOf(std::uint32_t block) {
    return static_cast<std::uint32_t>(block * kSlotsPerBlock + 1);
}

std::uint64_t offsetOfSlotBlock(std::uint32_t block, int copy) {
    return (copy == 0 ? 0 : kHeaderCopy_bytes) + kSlotsAt_bytes + std::uint64_t{kBlock_bytes} * block;
}

void sealSlotBlock(Bytes& block, std::uint64_t ring_tag, std::uint32_t number, std::uint64_t sequence) {
    ByteWriter header;
    header.put(kMagic);
    header.put(kVersion);
    header.put(std::uint16_t{0});
    header.put(ring_tag);
    header.put(sequence);
    header.put(number);
    Bytes bytes = std::move(header).take();
    bytes.resize(kCrcAt_bytes);
    std::ranges::copy(bytes, block.begin());
    std::ranges::copy(crcOf(block), block.begin() + kCrcAt_bytes);
}

Result<std::uint64_t> checkSlotBlock(ByteView block, std::uint64_t ring_tag, std::uint32_t number) {
    if (block.size() != kBlock_bytes) return fail(ErrorKind::Corruption, "key slots: block length");
    if (allZero(block)) return 0;
    ByteReader in(block);
    const bool magic = in.get<std::uint32_t>() == kMagic;
    const auto version = in.get<std::uint16_t>();
    in.get<std::uint16_t>();
    const bool ours = in.get<std::uint64_t>() == ring_tag;
    const auto sequence = in.get<std::uint64_t>();
    const bool here = in.get<std::uint32_t>() == number;
    const bool whole = std::ranges::equal(block.subspan(kCrcAt_bytes, 4), crcOf(block));
    if (!magic || !whole) return fail(ErrorKind::Corruption, "key slots: block checksum");
    if (version != kVersion) {
        return fail(ErrorKind::FailedPrecondition, "key slots: written by a newer version; left as they are");
    }
    if (!ours || !here || sequence == 0) return fail(ErrorKind::Corruption, "key slots: misplaced block");
    return sequence;
}

}  // namespace camgate::ring
