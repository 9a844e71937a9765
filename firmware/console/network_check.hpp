// Whether the way to the hub works, step by step, as this machine sees it: cable, address, way out, names,
// the hub's port, clock. Needs no daemon. Blocking, some seconds; one thread. Implements docs/ref/cli.md
// (network).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace camgate::console {

struct NetworkStep {
    std::string what;  ///< translated
    bool good = false;
    std::string detail;  ///< what was found, or what to do
};

/// Cable, address, way out, clock.
std::vector<NetworkStep> checkWayOut();
/// The hub's name and port; an empty `hub` is not known, which is no good either.
std::vector<NetworkStep> checkHub(const std::string& hub, std::uint16_t port);

/// Of what `hub.speed` answered.
NetworkStep uplinkStep(const Result<std::string>& answer);

std::string renderNetworkSteps(const std::vector<NetworkStep>& steps);

}  // namespace camgate::console
