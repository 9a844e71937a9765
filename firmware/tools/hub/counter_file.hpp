// The counter of a signer's envelopes: grows with every command, across restarts and beyond a clock set back.
// Several commands may run at once: the file is locked. Any thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "base/file_system.hpp"

namespace camgate::hub {

/// Wall milliseconds, or one more than the last counter if that is higher; durable when it returns.
[[nodiscard]] Result<std::uint64_t> nextCounter(FileSystem& files, const std::string& path, WallTime now);

}  // namespace camgate::hub
