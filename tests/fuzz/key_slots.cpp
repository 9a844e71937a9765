// The table of key slots in front of a ring: both copies of its first block are hostile.
#include <algorithm>

#include "fuzz/fuzz_target.hpp"
#include "support/ring/slot_maker.hpp"

namespace camgate::fuzz {
namespace {

using namespace ring;

/// As much of both copies as hostile blocks need; zeros everywhere else.
class Front final : public File {
  public:
    Status readAt(std::uint64_t offset, std::span<std::uint8_t> into) override {
        std::ranges::fill(into, std::uint8_t{0});
        for (const int copy : {0, 1}) {
            const std::uint64_t at = offsetOfSlotBlock(0, copy);
            if (at >= offset && at + kBlock_bytes <= offset + into.size())
                std::ranges::copy(blocks_[copy], into.begin() + static_cast<std::ptrdiff_t>(at - offset));
        }
        return {};
    }
    Status writeAt(std::uint64_t offset, std::span<const std::uint8_t> bytes) override {
        require(bytes.size() == kBlock_bytes, "blocks are written whole");
        for (const int copy : {0, 1}) {
            if (offset == offsetOfSlotBlock(0, copy)) std::ranges::copy(bytes, blocks_[copy].begin());
        }
        return {};
    }
    Status sync() override { return {}; }
    Result<std::uint64_t> size() override { return kFront_bytes; }
    Status resize(std::uint64_t) override { return failErrno(EROFS, "resizing"); }
    Status lock() override { return {}; }
    Bytes both() const {
        Bytes bytes = blocks_[0];
        bytes.insert(bytes.end(), blocks_[1].begin(), blocks_[1].end());
        return bytes;
    }

  private:
    std::array<Bytes, 2> blocks_{Bytes(kBlock_bytes), Bytes(kBlock_bytes)};
};

/// Its checksum is mended, so that what lies behind it is reached.
Bytes mended(ByteView input) {
    Bytes block(input.begin(),
                input.begin() + static_cast<std::ptrdiff_t>(std::min(input.size(), kBlock_bytes)));
    block.resize(kBlock_bytes);
    ByteWriter crc;
    crc.put(crc32c(ByteView(block).subspan(256), crc32c(ByteView(block).first(252))));
    std::ranges::copy(crc.bytes(), block.begin() + 252);
    return block;
}

}  // namespace

bool readHostile(ByteView input) {
    Front front;
    const std::size_t half = input.size() / 2;
    require(front.writeAt(offsetOfSlotBlock(0, 0), mended(input.first(half))).has_value(), "blocks are kept");
    require(front.writeAt(offsetOfSlotBlock(0, 1), mended(input.subspan(half))).has_value(),
            "blocks are kept");
    auto table = KeySlots::open(front, test::kSlotRingTag, test::slotCipher());
    if (!table) return false;
    for (const auto& [number, slot] : table->slots()) {
        require(number >= 1 && number <= kSlotsPerBlock, "a slot lies where it was found");
        require(slot.state != SlotState::Free, "a free slot is none");
    }
    require(table->add({test::dayKey(1, 1)}).has_value(), "another key finds room");
    return table->slots().size() > 1;
}

std::vector<Bytes> seeds() {
    Front front;
    auto table = test::openSlots(front);
    require(table.add({test::dayKey(1, 1), test::dayKey(2, 1), test::dayKey(3, 1)}).has_value(),
            "keys are added");
    require(table.erase({2}, 9).has_value(), "a key is erased");
    return {front.both()};
}

}  // namespace camgate::fuzz
