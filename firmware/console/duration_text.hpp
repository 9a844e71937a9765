// Durations as people type them. Any thread.
#pragma once

#include <chrono>
#include <string>

#include "base/result.hpp"

namespace camgate::console {

/// "30m", "2h", "3d": a whole number and its unit. InvalidArgument says what was expected.
[[nodiscard]] Result<std::chrono::seconds> parseDuration(const std::string& typed);

}  // namespace camgate::console
