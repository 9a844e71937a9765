#include "ring/key_slots.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "crypto/wipe.hpp"

namespace camgate::ring {
namespace {

/// Read at once from each copy. Slots are taken from the front, so the first span that was never used ends
/// it.
constexpr std::uint32_t kBlocksAtOnce = 16;

ByteView slotIn(ByteView block, std::uint32_t number) {
    return block.subspan(placeOfSlot(number).offset_bytes, kSlot_bytes);
}

struct BothCopies {
    Bytes first;
    Bytes second;
};

Result<BothCopies> readBlocks(File& file, std::uint32_t from, std::uint32_t count) {
    BothCopies both{Bytes(count * kBlock_bytes), Bytes(count * kBlock_bytes)};
    if (auto read = file.readAt(offsetOfSlotBlock(from, 0), both.first); !read)
        return std::unexpected(read.error());
    if (auto read = file.readAt(offsetOfSlotBlock(from, 1), both.second); !read)
        return std::unexpected(read.error());
    return both;
}

}  // namespace

KeySlots::KeySlots(File& file, std::uint64_t ring_tag, SlotCipher cipher)
    : file_(&file), ring_tag_(ring_tag), cipher_(std::move(cipher)) {}

KeySlots::~KeySlots() {
    for (auto& [number, slot] : slots_) crypto::wipe(slot.key);
}

Result<bool> KeySlots::anyKey(File& file, std::uint64_t ring_tag) {
    for (std::uint32_t from = 0; from < kSlotBlocks; from += kBlocksAtOnce) {
        const std::uint32_t count = std::min(kBlocksAtOnce, kSlotBlocks - from);
        const auto both = readBlocks(file, from, count);
        if (!both) return std::unexpected(both.error());
        if (allZero(both->first) && allZero(both->second)) return false;
        for (std::uint32_t i = 0; i < count; ++i) {
            for (const Bytes& copy : {both->first, both->second}) {
                const ByteView block = ByteView(copy).subspan(i * kBlock_bytes, kBlock_bytes);
                const auto sequence = checkSlotBlock(block, ring_tag, from + i);
                if (!sequence) continue;
                for (std::uint32_t slot = 0; slot < kSlotsPerBlock; ++slot) {
                    const auto state = slotIn(block, firstSlotOf(from + i) + slot)[0];
                    if (state == static_cast<std::uint8_t>(SlotState::Key)) return true;
                }
            }
        }
    }
    return false;
}

Result<KeySlots> KeySlots::open(File& file, std::uint64_t ring_tag, SlotCipher cipher) {
    KeySlots table(file, ring_tag, std::move(cipher));
    if (auto done = table.load(); !done) return passOn(done.error(), "reading the key slots");
    if (table.holdsForeignKeys()) {
        return fail(ErrorKind::FailedPrecondition,
                    "the ring is sealed with another key than the one given; left as it is");
    }
    if (table.writes()) {
        if (auto done = table.mendCopies(); !done) return passOn(done.error(), "mending the key slots");
    }
    return table;
}

bool KeySlots::holdsForeignKeys() const {
    // One that opens, if only to say whose key was erased, shows that the secret is right and others damaged.
    const bool any_opens = std::ranges::any_of(
        slots_, [](const auto& entry) { return entry.second.owner.scope != KeyScope::Nobody; });
    if (any_opens) return false;
    // A block that is damaged in both copies says nothing of the key that it was sealed with.
    return std::ranges::any_of(
        unreadable_, [this](const auto& entry) { return !blocks_[placeOfSlot(entry.first).block].damaged; });
}

Status KeySlots::load() {
    for (std::uint32_t from = 0; from < kSlotBlocks; from += kBlocksAtOnce) {
        const std::uint32_t count = std::min(kBlocksAtOnce, kSlotBlocks - from);
        const auto both = readBlocks(*file_, from, count);
        if (!both) return std::unexpected(both.error());
        if (allZero(both->first) && allZero(both->second)) return {};
        for (std::uint32_t i = 0; i < count; ++i) {
            const auto done =
                loadBlock(from + i, ByteView(both->first).subspan(i * kBlock_bytes, kBlock_bytes),
                          ByteView(both->second).subspan(i * kBlock_bytes, kBlock_bytes));
            if (!done) return done;
        }
    }
    return {};
}

Status KeySlots::loadBlock(std::uint32_t number, ByteView first, ByteView second) {
    const auto a = checkSlotBlock(first, ring_tag_, number);
    const auto b = checkSlotBlock(second, ring_tag_, number);
    for (const auto& copy : {a, b}) {
        if (!copy && copy.error().kind == ErrorKind::FailedPrecondition) return std::unexpected(copy.error());
    }
    if (a && b && *a == 0 && *b == 0) return {};
    Block& block = blocks_[number];
    const bool take_first = a && (!b || *a >= *b);
    const ByteView taken = take_first || !b ? first : second;
    block.bytes.assign(taken.begin(), taken.end());
    block.damaged = !a && !b;
    block.sequence = block.damaged ? 0 : (take_first ? *a : *b);
    if (!std::ranges::equal(first, second)) block.only = take_first || !b ? 0 : 1;
    if (block.damaged) logEvent(LogLevel::Error, "ring", "key-slots-damaged", {{"block", number}});
    // In a block damaged twice, each slot's own tag says what is still whole.
    const ByteView other = block.damaged ? second : ByteView{};
    for (std::uint32_t i = 0; i < kSlotsPerBlock; ++i) {
        const std::uint32_t slot = firstSlotOf(number) + i;
        openSlot(slot, slotIn(block.bytes, slot), other.empty() ? other : slotIn(other, slot));
    }
    return {};
}

void KeySlots::openSlot(std::uint32_t number, ByteView bytes, ByteView other_copy) {
    auto slot = cipher_.open(number, bytes);
    if (!other_copy.empty() && (!slot || slot->state == SlotState::Free)) {
        auto other = cipher_.open(number, other_copy);
        if (other && other->state != SlotState::Free) slot = std::move(other);
        // Zeros in a damaged block may be a key's lost sector.
        if (slot && slot->state == SlotState::Free)
            slot = fail(ErrorKind::Corruption, "key slot " + std::to_string(number) + ": lost");
    }
    if (slot && slot->state == SlotState::Free) return;
    if (!slot) {
        unreadable_.emplace(number, slot.error());
        return;
    }
    hold(number, *slot);
    crypto::wipe(slot->key);
}

Result<const Slot*> KeySlots::key(std::uint32_t number) const {
    const auto slot = slots_.find(number);
    if (slot != slots_.end() && slot->second.state == SlotState::Key) return &slot->second;
    const auto unreadable = unreadable_.find(number);
    if (unreadable != unreadable_.end()) return std::unexpected(unreadable->second);
    return fail(ErrorKind::NotFound, "erased");
}

std::optional<std::uint32_t> KeySlots::numberOf(const KeyOwner& owner) const {
    const auto it = numbers_.find(owner);
    return it != numbers_.end() ? std::optional(it->second) : std::nullopt;
}

std::vector<std::uint32_t> KeySlots::freeNumbers(std::size_t most) const {
    std::vector<std::uint32_t> free;
    for (std::uint32_t number = 1; number <= kKeySlots && free.size() < most; ++number) {
        const bool taken = slots_.contains(number) || unreadable_.contains(number) ||
                           blocks_[placeOfSlot(number).block].damaged;
        if (!taken) free.push_back(number);
    }
    return free;
}

std::uint32_t KeySlots::freeSlots() const {
    return static_cast<std::uint32_t>(freeNumbers(kKeySlots).size());
}

Result<std::vector<std::uint32_t>> KeySlots::add(const std::vector<Slot>& keys) {
    const auto numbers = freeNumbers(keys.size());
    if (numbers.size() < keys.size()) {
        return fail(ErrorKind::NoSpace, "all " + std::to_string(kKeySlots) + " key slots are taken");
    }
    Changes changes;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (auto done = stage(changes, numbers[i], keys[i]); !done) return std::unexpected(done.error());
    }
    if (auto done = apply(changes); !done) return passOn(done.error(), "writing key slots");
    return numbers;
}

Status KeySlots::stage(Changes& changes, std::uint32_t number, const Slot& slot) const {
    auto bytes = cipher_.seal(number, slot);
    if (!bytes) return std::unexpected(bytes.error());
    changes.insert_or_assign(number, Change{std::move(*bytes), slot});
    return {};
}

Status KeySlots::erase(const std::set<std::uint32_t>& numbers, std::uint64_t generation,
                       const std::array<std::uint64_t, 2>& last_sequences) {
    Changes changes;
    for (const std::uint32_t number : numbers) {
        const auto slot = slots_.find(number);
        if (slot == slots_.end() || slot->second.state != SlotState::Key) continue;
        const Slot erased{SlotState::Erased, generation, slot->second.owner, {}, last_sequences};
        if (auto done = stage(changes, number, erased); !done) return done;
    }
    return apply(changes);
}

Status KeySlots::eraseAll(std::uint64_t generation) {
    const Slot erased{SlotState::Erased, generation, {.scope = KeyScope::Nobody}, {}, {}};
    Changes days;
    Changes ring;
    for (const auto& [number, slot] : slots_) {
        const bool is_ring = slot.state == SlotState::Key && slot.owner.scope == KeyScope::Ring;
        if (auto done = stage(is_ring ? ring : days, number, erased); !done) return done;
    }
    for (const auto& [number, error] : unreadable_) {
        if (auto done = stage(days, number, erased); !done) return done;
    }
    // Without the ring's key no day is found whole: it goes when none is left, whatever a power cut leaves.
    if (auto done = apply(days); !done) return done;
    return apply(ring);
}

Status KeySlots::release(const std::set<std::uint32_t>& unused, std::uint64_t oldest_generation) {
    Changes changes;
    for (const auto& [number, slot] : slots_) {
        const bool gone = slot.state == SlotState::Erased && slot.generation <= oldest_generation;
        if (!gone && (slot.state != SlotState::Key || !unused.contains(number))) continue;
        if (auto done = stage(changes, number, {}); !done) return done;
    }
    return apply(changes);
}

Status KeySlots::mendCopies() {
    std::map<std::uint32_t, Bytes> behind;
    for (std::uint32_t number = 0; number < kSlotBlocks; ++number) {
        const Block& block = blocks_[number];
        if (block.only && !block.damaged) behind.emplace(number, block.bytes);
    }
    if (behind.empty()) return {};
    return writeCopies(behind, false);
}

Status KeySlots::apply(const Changes& changes) {
    // One copy must be whole while the other is written.
    if (auto done = mendCopies(); !done) return done;
    std::map<std::uint32_t, Bytes> blocks;
    for (const auto& [number, change] : changes) {
        const SlotPlace place = placeOfSlot(number);
        const Block& block = blocks_[place.block];
        auto [it, first] = blocks.try_emplace(place.block, block.bytes);
        it->second.resize(kBlock_bytes);
        std::ranges::copy(change.bytes, it->second.begin() + static_cast<std::ptrdiff_t>(place.offset_bytes));
    }
    if (blocks.empty()) return {};
    for (auto& [number, bytes] : blocks)
        sealSlotBlock(bytes, ring_tag_, number, blocks_[number].sequence + 1);
    if (auto done = writeCopies(blocks, true); !done) return done;
    for (auto& [number, bytes] : blocks) {
        ++blocks_[number].sequence;
        blocks_[number].bytes = bytes;
        blocks_[number].damaged = false;
    }
    adopt(changes);
    return writeCopies(blocks, false);
}

Status KeySlots::writeCopies(const std::map<std::uint32_t, Bytes>& blocks, bool first_of_two) {
    for (const auto& [number, bytes] : blocks) {
        Block& block = blocks_[number];
        const int copy = first_of_two ? 0 : 1 - block.only.value_or(0);
        // Until the sync has succeeded nobody knows what this copy holds.
        block.only = 1 - copy;
        counts_.written_bytes += bytes.size();
        if (auto done = file_->writeAt(offsetOfSlotBlock(number, copy), bytes); !done) return done;
    }
    ++counts_.syncs;
    if (auto done = file_->sync(); !done) return done;
    for (const auto& [number, bytes] : blocks) {
        Block& block = blocks_[number];
        if (first_of_two) {
            block.only = 0;
        } else {
            block.only.reset();
        }
    }
    return {};
}

void KeySlots::adopt(const Changes& changes) {
    for (const auto& [number, change] : changes) {
        forget(number);
        if (change.slot.state != SlotState::Free) hold(number, change.slot);
    }
}

void KeySlots::hold(std::uint32_t number, const Slot& slot) {
    slots_.emplace(number, slot);
    if (slot.state == SlotState::Key) numbers_.insert_or_assign(slot.owner, number);
}

void KeySlots::forget(std::uint32_t number) {
    const auto slot = slots_.find(number);
    if (slot != slots_.end()) {
        crypto::wipe(slot->second.key);
        if (slot->second.state == SlotState::Key) numbers_.erase(slot->second.owner);
        slots_.erase(slot);
    }
    unreadable_.erase(number);
}

}  // namespace camgate::ring
