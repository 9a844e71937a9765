// Which control groups are a worker's: those that camgate-kill may end. Pure, any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace camgate::ipc {

/// The control group's path, of what /proc/PID/cgroup says of a process. PermissionDenied: it is no worker of
/// camgate's as systemd names them, camgate-ROLE@CONNECTION.service.
[[nodiscard]] Result<std::string> workerCgroup(std::string_view proc_text);

}  // namespace camgate::ipc
