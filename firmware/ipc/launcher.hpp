// Starts workers. "Launch is connect": what comes back is a connected socket and the means to end what is at
// its other end. In the foreground by fork (fork_launcher.hpp); on a box by systemd socket units.
// Loop thread only.
#pragma once

#include <sys/types.h>

#include <memory>

#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "ipc/roles.hpp"

namespace camgate::ipc {

class WorkerProcess {
  public:
    /// Ends the worker at once if it still runs.
    virtual ~WorkerProcess() = default;
    /// The connected socket; once.
    virtual UniqueFd takeSocket() = 0;
    virtual void kill() = 0;
    /// 0 until known.
    virtual pid_t pid() const = 0;
};

class Launcher {
  public:
    virtual ~Launcher() = default;
    [[nodiscard]] virtual Result<std::unique_ptr<WorkerProcess>> launch(WorkerRole role) = 0;
};

}  // namespace camgate::ipc
