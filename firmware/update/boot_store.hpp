// The two copies of the boot environment on the card. A change goes to the older one, so that a power cut
// leaves the state before or the one after. One thread; calls block. Page: boot.md.
#pragma once

#include <memory>

#include "base/file_system.hpp"
#include "update/boot_environment.hpp"

namespace camgate::update {

/// Where they begin on the partition: apart by more than a card garbles at once.
constexpr std::array<std::uint64_t, 2> kCopyOffsets{0, 512U << 10U};

class BootStore {
  public:
    /// Two bad copies read as a new box: slot A first, all tries left. Errors: the medium's.
    [[nodiscard]] static Result<BootStore> open(FileSystem& files, const std::string& device);

    const BootState& state() const { return state_; }

    /// Slot is tried next, kTrialTries times; until it is marked good the other one stands behind it.
    [[nodiscard]] Status makePrimary(Slot slot);
    [[nodiscard]] Status markGood(Slot slot);
    [[nodiscard]] Status markBad(Slot slot);

  private:
    BootStore(std::unique_ptr<File> file, BootState state, std::size_t newest)
        : file_(std::move(file)), state_(state), newest_(newest) {}
    Status save(BootState changed);

    std::unique_ptr<File> file_;
    BootState state_;
    std::size_t newest_;
};

/// As BootStore has it, without the right to write.
[[nodiscard]] Result<BootState> readBootState(FileSystem& files, const std::string& device);

}  // namespace camgate::update
