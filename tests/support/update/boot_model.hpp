// What the boot script does (packaging/image/boot.cmd), on the same two copies: takes a slot, counts one try
// down, writes the older copy. A box of two slots whose content can be whole or torn. One thread.
#pragma once

#include <optional>

#include "support/base/memory_file_system.hpp"
#include "update/boot_store.hpp"

namespace camgate::test {

constexpr const char* kBootDevice = "/disk/bootenv";
constexpr std::size_t kSlot_bytes = 4096;

inline std::string slotFile(update::Slot slot) {
    return slot == update::Slot::A ? "/disk/slot-a" : "/disk/slot-b";
}

/// A version fills its slot, so that a torn one shows.
inline std::optional<std::uint8_t> versionIn(const MemoryFileSystem& disk, update::Slot slot) {
    const Bytes content = disk.contentOf(slotFile(slot));
    for (const std::uint8_t byte : content)
        if (byte != content.front()) return std::nullopt;
    return content.empty() || content.front() == 0 ? std::nullopt : std::optional(content.front());
}

/// RAUC's order: the target is bad before it is written and first after.
inline Status installInto(FileSystem& disk, update::BootStore& store, update::Slot slot,
                          std::uint8_t version) {
    if (auto done = store.markBad(slot); !done) return done;
    auto file = disk.open(slotFile(slot), OpenMode::CreateOrOpen);
    if (!file) return std::unexpected(file.error());
    for (std::size_t at = 0; at < kSlot_bytes; at += kSector_bytes)
        if (auto done = (*file)->writeAt(at, Bytes(kSector_bytes, version)); !done) return done;
    if (auto done = (*file)->sync(); !done) return done;
    return store.makePrimary(slot);
}

/// The slot that the loader starts; its try is counted before.
inline update::Slot bootOnce(MemoryFileSystem& disk) {
    std::array<std::optional<update::BootState>, 2> copies;
    for (std::size_t i = 0; i < 2; ++i) {
        const Bytes all = disk.contentOf(kBootDevice);
        const auto read = update::readBlock(ByteView(all).subspan(
            static_cast<std::size_t>(update::kCopyOffsets.at(i)), update::kBootBlock_bytes));
        if (read) copies.at(i) = *read;
    }
    const std::size_t newest = copies[1] && (!copies[0] || copies[1]->sequence > copies[0]->sequence) ? 1 : 0;
    update::BootState state = copies.at(newest).value_or(update::BootState{});
    if (state.tries_left == std::array{0, 0}) state.tries_left = {update::kTrialTries, update::kTrialTries};
    const update::Slot slot = update::nextSlot(state);
    --state.triesLeft(slot);
    ++state.sequence;
    const std::size_t older = copies.at(newest) ? 1 - newest : 0;
    auto file = disk.open(kBootDevice, OpenMode::ReadWrite);
    (void)(*file)->writeAt(update::kCopyOffsets.at(older), update::printBlock(state));
    (void)(*file)->sync();
    return slot;
}

}  // namespace camgate::test
