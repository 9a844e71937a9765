// How a line that was begun may go on, out of the verb table. Any thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "console/verb.hpp"

namespace camgate::console {

/// What the verb table does not say; each may give nothing.
struct Known {
    std::function<std::vector<std::string>()> cameras;
    std::function<std::vector<std::string>(const std::string& begun)> settings;
    std::function<std::vector<std::string>(const std::string& setting)> values;
};

/// Whole words that may stand in the place of the last of `words`.
std::vector<std::string> completeWords(const std::vector<std::string>& words, const Known& known);

}  // namespace camgate::console
