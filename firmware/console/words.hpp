// A typed line to words: blanks divide, "..." and '...' hold together, a backslash takes the next character
// as it is. What a bad line or line noise holds is refused in words. Any thread. Implements docs/ref/cli.md
// (Shell).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace camgate::console {

constexpr std::size_t kMostLine_bytes = 4096;

/// InvalidArgument: too long, a quote without an end, control characters, or no UTF-8.
[[nodiscard]] Result<std::vector<std::string>> splitLine(std::string_view line);

/// A word as it must be typed so that splitLine() gives it back.
std::string quoted(std::string_view word);

}  // namespace camgate::console
