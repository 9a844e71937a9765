// What the support needs to see, in one JSON file: what the machine and the daemon say of themselves, the
// configuration without secrets, events without pictures. What cannot be had says why. One thread. Implements
// docs/ref/cli.md (support-bundle).
#pragma once

#include <string>

#include "console/clip_export.hpp"

namespace camgate::console {

/// `machine`: what the machine says by itself, as text.
std::string supportBundle(const ControlCall& call, const std::string& made_at, const std::string& machine);

}  // namespace camgate::console
