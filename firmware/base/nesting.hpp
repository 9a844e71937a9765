// Guard in front of a JSON parser that recurses: text of foreign origin must not exhaust the stack. Any
// thread.
#pragma once

#include <string_view>

namespace camgate {

/// True if brackets nest deeper than `limit`, strings left out of account. Does not recurse.
bool nestsDeeperThan(std::string_view json_text, int limit);

}  // namespace camgate
