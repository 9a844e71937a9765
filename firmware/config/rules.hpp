// Rules that join several fields, or fields and the board. Any thread.
#pragma once

#include <string_view>
#include <vector>

#include "config/board.hpp"
#include "config/configuration.hpp"
#include "config/fault.hpp"

namespace camgate::config {

/// Letters a-z, digits and "-", 1 to 32: an id that fits into a topic and a file name.
bool isId(std::string_view text);

/// `faults` are those of reading: a rule is judged only where all that it joins could be read.
void checkRules(const Configuration& configuration, const Board& board, std::vector<Fault>& faults);

}  // namespace camgate::config
