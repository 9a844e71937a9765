#include "ipc/socket_launcher.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "base/log.hpp"
#include "ipc/unix_socket.hpp"

namespace camgate::ipc {
namespace {

class ConnectedWorker final : public WorkerProcess {
  public:
    ConnectedWorker(EventLoop& loop, UniqueFd socket, std::string kill_socket)
        : socket_(std::move(socket)),
          ear_(::fcntl(socket_.get(), F_DUPFD_CLOEXEC, 0)),
          kill_socket_(std::move(kill_socket)) {
        heard_ = loop.watch(ear_.get(), Ready::Read, [this](bool, bool) { listen(); });
    }
    ~ConnectedWorker() override {
        stopListening();
        socket_.reset();
        if (runs()) kill();
    }
    UniqueFd takeSocket() override { return std::move(socket_); }
    void kill() override {
        if (!process_.valid()) return;
        if (auto asked = sendDescriptor(kill_socket_, process_.get()); !asked) {
            logEvent(LogLevel::Error, "ipc", "worker-not-killed", {{"pid", pid_}, {"why", asked.error()}});
        }
    }
    pid_t pid() const override { return pid_; }

  private:
    /// The channel reads beside this; every message names its sender, so that any one will do.
    void listen() {
        const auto sender = peekSender(ear_.get());
        if (!sender && sender.error().kind == ErrorKind::Unavailable) return;
        if (sender) {
            pid_ = *sender;
            process_.reset(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
        }
        stopListening();
    }
    void stopListening() {
        heard_.cancel();
        // A second descriptor would keep the connection open.
        ear_.reset();
    }
    bool runs() const {
        pollfd ended{process_.get(), POLLIN, 0};
        return process_.valid() && ::poll(&ended, 1, 0) == 0;
    }

    UniqueFd socket_;
    UniqueFd ear_;
    UniqueFd process_;
    std::string kill_socket_;
    pid_t pid_ = 0;
    LoopHandle heard_;
};

}  // namespace

Result<std::unique_ptr<WorkerProcess>> SocketLauncher::launch(WorkerRole role) {
    const RoleRow& row = roleRow(role);
    const std::string path = directory_ + "/" + std::string(row.name) + ".sock";
    UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    // In front of the connection: of what is sent before it nobody knows who sent it.
    const int on = 1;
    if (!socket.valid() || ::setsockopt(socket.get(), SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0)
        return failErrno(errno, "creating the worker's socket");
    if (auto connected = connectTo(socket.get(), path); !connected)
        return passOn(connected.error(), "starting a worker");
    return std::make_unique<ConnectedWorker>(loop_, std::move(socket),
                                             directory_ + "/" + std::string(kKillSocket));
}

}  // namespace camgate::ipc
