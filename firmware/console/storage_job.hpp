// Starts a long job on the card and follows it to its end. One thread. Implements docs/ref/cli.md (storage).
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "console/clip_export.hpp"

namespace camgate::console {

/// Calls `method`, then `storage.job` after each `pause` until the job has ended: its last answer as JSON
/// text. FailedPrecondition with the daemon's words: it was refused or it failed. Cancelled: `pause` said so.
[[nodiscard]] Result<std::string> followJob(const ControlCall& call, std::string_view method,
                                            const nlohmann::json& parameters, const Progress& progress,
                                            const std::function<bool()>& pause);

}  // namespace camgate::console
