// `config edit`: until exit the verbs of config stand alone, as network engineers are used to. Any thread.
#pragma once

#include <string>
#include <vector>

#include "console/completer.hpp"

namespace camgate::console {

/// "set hub/port 1" as "config set hub/port 1" where config has such a verb; all else as it is.
std::vector<std::string> withinConfig(std::vector<std::string> words);

/// As completeWords(), with and without `config` before them.
std::vector<std::string> completeWithinConfig(const std::vector<std::string>& words, const Known& known);

}  // namespace camgate::console
