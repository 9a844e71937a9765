// Which slot the boot loader starts, and how many tries each has left: a block of U-Boot's environment
// format, which the boot script (packaging/image/boot.cmd) reads and writes too. Pure; any thread. Page:
// boot.md.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace camgate::update {

enum class Slot : std::uint8_t { A, B };

/// A slot that is new; one that was found good, which only starts that were cut short within a minute use up.
constexpr int kTrialTries = 3;
constexpr int kProvenTries = 8;
constexpr std::size_t kBootBlock_bytes = 4096;

struct BootState {
    std::uint32_t sequence = 0;  ///< grows with every writing, the newest valid block counts
    Slot first = Slot::A;
    std::array<int, 2> tries_left{kTrialTries, kTrialTries};

    int& triesLeft(Slot slot) { return tries_left.at(static_cast<std::size_t>(slot)); }
    int triesLeft(Slot slot) const { return tries_left.at(static_cast<std::size_t>(slot)); }
    bool operator==(const BootState&) const = default;
};

std::string_view nameOf(Slot slot);
/// InvalidArgument unless "A" or "B".
[[nodiscard]] Result<Slot> slotNamed(std::string_view name);
Slot other(Slot slot);

/// The slot that the boot loader takes next: the first with a try left, with none left anywhere the first.
Slot nextSlot(const BootState& state);

/// Exactly kBootBlock_bytes.
Bytes printBlock(const BootState& state);
/// Corruption when the checksum or a value is wrong.
[[nodiscard]] Result<BootState> readBlock(ByteView block);

}  // namespace camgate::update
