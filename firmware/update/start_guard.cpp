#include "update/start_guard.hpp"

#include <sstream>

#include "update/boot_store.hpp"

namespace camgate::update {
namespace {

constexpr std::string_view kSlotWord = "rauc.slot=";

Result<Slot> runningSlot(const std::string& command_line) {
    std::istringstream words(command_line);
    for (std::string word; words >> word;)
        if (word.starts_with(kSlotWord)) return slotNamed(word.substr(kSlotWord.size()));
    return fail(ErrorKind::NotFound,
                "the kernel's command line names no slot (" + std::string(kSlotWord) + ")");
}

}  // namespace

Result<bool> startWasGood(FileSystem& files, const std::string& boot_environment,
                          const std::string& kernel_command_line) {
    const auto slot = runningSlot(kernel_command_line);
    if (!slot) return std::unexpected(slot.error());
    const auto boot = readBootState(files, boot_environment);
    if (!boot) return std::unexpected(boot.error());
    return boot->triesLeft(*slot) == kProvenTries;
}

}  // namespace camgate::update
