// Gives a gateway configurations and says what became of each. One thread. Implements docs/ref/hub.md and
// docs/ref/mqtt.md (config/desired, config/reported).
#pragma once

#include <string>
#include <vector>

#include "tools/hub/commands.hpp"

namespace camgate::hub {

/// One document after another, each on what the gateway reports to be in force. What became of each goes to
/// standard output, a JSON line per document. Exit statuses: 0 all are applied, 1 one was rejected or
/// reverted, 3 nothing came in time.
int configure(const CommandSettings& settings, const std::vector<std::string>& document_files);

}  // namespace camgate::hub
