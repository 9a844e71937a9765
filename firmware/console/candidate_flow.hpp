// A change that a dialogue makes of the configuration: as a candidate of its own, committed on trial, waited
// for. Used by setup, `cameras` and `hub`. One thread. Implements docs/ref/cli.md (config).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "console/session.hpp"

namespace camgate::console {

/// A candidate of somebody else is not committed along.
[[nodiscard]] Status nobodyEdits(Session& session);
/// In the candidate; whether it holds is said by its commit.
[[nodiscard]] Status setSetting(Session& session, const std::string& path, const std::string& value);
void discardCandidate(Session& session);
/// Commits the candidate and waits for the end of its trial. FailedPrecondition: it was refused or reverted.
[[nodiscard]] Status commitAndWait(Session& session);

/// All of it: paths and values.
[[nodiscard]] Status changeSettings(Session& session,
                                    const std::vector<std::pair<std::string, std::string>>& settings);

}  // namespace camgate::console
