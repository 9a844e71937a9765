// The table of key slots in front of a ring's extents. Each block of slots lies there twice, 2 MiB apart, and
// is changed one copy after the other, so that a torn block costs no key; what was erased is overwritten in
// both before erasing returns. Keys are wiped from memory when they go. Storage thread only.
// Implements docs/ref/key-slots.md and docs/design/sealing.md.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "base/file_system.hpp"
#include "ring/slot_block.hpp"

namespace camgate::ring {

struct SlotCounts {
    std::uint64_t written_bytes = 0;
    std::uint64_t syncs = 0;
};

class KeySlots {
  public:
    /// Reads the table, and mends copies that a power cut left behind. `file` outlives it.
    /// FailedPrecondition: there are keys and `cipher` opens none of them.
    [[nodiscard]] static Result<KeySlots> open(File& file, std::uint64_t ring_tag, SlotCipher cipher);
    KeySlots(KeySlots&&) noexcept = default;
    KeySlots& operator=(KeySlots&&) noexcept = default;
    ~KeySlots();
    /// Whether the table holds any key, without opening one.
    [[nodiscard]] static Result<bool> anyKey(File& file, std::uint64_t ring_tag);

    /// By number, from 1: keys and erased ones.
    const std::map<std::uint32_t, Slot>& slots() const { return slots_; }
    /// NotFound: erased, or there is none; Corruption or PermissionDenied: it cannot be opened.
    [[nodiscard]] Result<const Slot*> key(std::uint32_t number) const;
    /// Of a key that is there.
    std::optional<std::uint32_t> numberOf(const KeyOwner& owner) const;
    bool writes() const { return cipher_.writes(); }
    std::uint32_t freeSlots() const;
    const SlotCounts& counts() const { return counts_; }

    /// In free slots, durable when it returns; their numbers. NoSpace: too few are free.
    [[nodiscard]] Result<std::vector<std::uint32_t>> add(const std::vector<Slot>& keys);
    /// The keys are gone for good when this returns; what stays says whose they were, until no extent older
    /// than `generation` is left. After a failure ask again.
    [[nodiscard]] Status erase(const std::set<std::uint32_t>& numbers, std::uint64_t generation,
                               const std::array<std::uint64_t, 2>& last_sequences = {});
    /// All of them, and not even whose they were stays.
    [[nodiscard]] Status eraseAll(std::uint64_t generation);
    /// Frees keys that no record needs, and what erased ones left.
    [[nodiscard]] Status release(const std::set<std::uint32_t>& unused, std::uint64_t oldest_generation);

  private:
    struct Block {
        Bytes bytes;  ///< as on the card; empty: never used
        std::uint64_t sequence = 0;
        std::optional<int> only;  ///< the one copy that holds it; none: both do
        bool damaged = false;     ///< in both copies: nothing goes into it any more
    };
    struct Change {
        Bytes bytes;
        Slot slot;
    };
    using Changes = std::map<std::uint32_t, Change>;

    KeySlots(File& file, std::uint64_t ring_tag, SlotCipher cipher);
    bool holdsForeignKeys() const;
    [[nodiscard]] Status load();
    [[nodiscard]] Status loadBlock(std::uint32_t number, ByteView first, ByteView second);
    void openSlot(std::uint32_t number, ByteView bytes, ByteView other_copy);
    [[nodiscard]] Status stage(Changes& changes, std::uint32_t number, const Slot& slot) const;
    [[nodiscard]] Status mendCopies();
    [[nodiscard]] Status apply(const Changes& changes);
    [[nodiscard]] Status writeCopies(const std::map<std::uint32_t, Bytes>& blocks, bool first_of_two);
    void adopt(const Changes& changes);
    void hold(std::uint32_t number, const Slot& slot);
    void forget(std::uint32_t number);
    std::vector<std::uint32_t> freeNumbers(std::size_t most) const;

    File* file_;
    std::uint64_t ring_tag_;
    SlotCipher cipher_;
    std::vector<Block> blocks_{kSlotBlocks};
    std::map<std::uint32_t, Slot> slots_;
    std::map<KeyOwner, std::uint32_t> numbers_;  ///< of those that are keys
    std::map<std::uint32_t, Error> unreadable_;
    SlotCounts counts_;
};

}  // namespace camgate::ring
