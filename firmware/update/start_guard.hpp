// Whether the start of this machine was found good, told by the boot environment and the kernel's command
// line alone: what looks after a system that does not come up must not need any of it. Calls block. Any
// thread.
#pragma once

#include <string>

#include "base/file_system.hpp"

namespace camgate::update {

/// Whether the slot that runs has the tries of a proven one. Errors: that cannot be known.
[[nodiscard]] Result<bool> startWasGood(FileSystem& files, const std::string& boot_environment,
                                        const std::string& kernel_command_line);

}  // namespace camgate::update
