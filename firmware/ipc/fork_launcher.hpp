// Launcher of the foreground: socketpair, fork, exec of the role's program beside camgated's own.
// A worker dies with its daemon (parent-death signal) and is reaped when its WorkerProcess ends.
#pragma once

#include <string>

#include "ipc/launcher.hpp"

namespace camgate::ipc {

class ForkLauncher final : public Launcher {
  public:
    explicit ForkLauncher(std::string program_directory) : directory_(std::move(program_directory)) {}
    Result<std::unique_ptr<WorkerProcess>> launch(WorkerRole role) override;

  private:
    std::string directory_;
};

}  // namespace camgate::ipc
