// Launcher of the box: connects to a role's launch socket, and systemd starts a worker on the connection, a
// user of its own with limits of its own. Who it is says what it sends (SCM_CREDENTIALS): until then pid() is
// 0. It ends when the connection closes; one that does not is ended by camgate-kill, as camgated may not.
// Loop thread only. Implements docs/design/processes.md (Launch is connect).
#pragma once

#include <string>

#include "base/event_loop.hpp"
#include "ipc/launcher.hpp"

namespace camgate::ipc {

/// In the folder of launch sockets, beside ROLE.sock.
constexpr std::string_view kKillSocket = "kill.sock";

class SocketLauncher final : public Launcher {
  public:
    SocketLauncher(EventLoop& loop, std::string socket_directory)
        : loop_(loop), directory_(std::move(socket_directory)) {}
    /// NotFound: no such launch socket; Unavailable: systemd does not take more now.
    Result<std::unique_ptr<WorkerProcess>> launch(WorkerRole role) override;

  private:
    EventLoop& loop_;
    std::string directory_;
};

}  // namespace camgate::ipc
