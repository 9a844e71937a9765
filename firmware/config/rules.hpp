// Rules that join several fields, or fields and the board. Any thread.
#pragma once

#include <vector>

#include "config/reader.hpp"

namespace camgate::config {

/// Letters a-z, digits and "-", 1 to 32: an id that fits into a topic and a file name.
bool isId(std::string_view text);

void checkRules(const Configuration& configuration, const Board& board, std::vector<Fault>& faults);

}  // namespace camgate::config
