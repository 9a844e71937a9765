// Wall time as people and JSON write it: RFC 3339 in UTC with milliseconds, "2026-03-01T22:15:00.123Z".
// Any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace camgate {

std::string formatWallTime(WallTime time);

/// Takes a fraction of 0 to 9 digits and an offset "Z" or "+07:00". InvalidArgument says what was expected.
[[nodiscard]] Result<WallTime> parseWallTime(std::string_view text);

}  // namespace camgate
