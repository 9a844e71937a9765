// Gives a gateway a password, sealed to the key that it reports. One thread. Implements docs/ref/hub.md
// (secret) and docs/ref/mqtt.md (secret.set).
#pragma once

#include <string>

#include "tools/hub/commands.hpp"

namespace camgate::hub {

/// The value is the first line of `value_file`, or of standard input. Exit statuses as of other commands.
int setSecret(const CommandSettings& settings, const std::string& name, const std::string& value_file);

}  // namespace camgate::hub
