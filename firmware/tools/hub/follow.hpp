// Live view: asks a gateway for what a camera sees now and writes it while it comes. One thread. Implements
// docs/design/live.md.
#pragma once

#include "tools/hub/commands.hpp"

namespace camgate::hub {

struct FollowOrder {
    ClipOrder clip;  ///< without its times
    std::uint32_t seconds = 60;
    std::uint64_t bytes = 20'000'000;
    std::string out_file;  ///< "-": standard output; further files are FILE-2, FILE-3, ...
};

/// Until it has ended; SIGINT and SIGTERM take the order back. What came goes to standard error, a JSON line.
/// Exit statuses as requestClip().
int follow(const CommandSettings& settings, const FollowOrder& order);

}  // namespace camgate::hub
