#include "ipc/fork_launcher.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace camgate::ipc {
namespace {

class ForkedWorker final : public WorkerProcess {
  public:
    ForkedWorker(pid_t pid, UniqueFd socket) : pid_(pid), socket_(std::move(socket)) {}
    ~ForkedWorker() override {
        socket_.reset();
        kill();
        // SIGKILL is not refused: this wait is short.
        while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
        }
    }
    UniqueFd takeSocket() override { return std::move(socket_); }
    void kill() override { ::kill(pid_, SIGKILL); }
    pid_t pid() const override { return pid_; }

  private:
    pid_t pid_;
    UniqueFd socket_;
};

/// Between fork and exec: only what is async-signal-safe.
[[noreturn]] void becomeWorker(int socket, pid_t daemon, const char* program, const char* role) {
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != daemon) ::_exit(0);  // it died before the signal was asked for
    ::dup2(socket, kWorkerSocket);
    ::execl(program, program, "--role", role, static_cast<char*>(nullptr));
    ::_exit(127);
}

}  // namespace

Result<std::unique_ptr<WorkerProcess>> ForkLauncher::launch(WorkerRole role) {
    const RoleRow& row = roleRow(role);
    if (row.program.empty())
        return fail(ErrorKind::FailedPrecondition, "no program plays the role " + std::string(row.name));
    const std::string program = directory_ + "/" + std::string(row.program);
    if (::access(program.c_str(), X_OK) != 0) return failErrno(errno, "starting " + program);
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        return failErrno(errno, "creating the worker's socket");
    }
    UniqueFd near(ends[0]), far(ends[1]);
    const pid_t daemon = ::getpid();
    const std::string role_name(row.name);
    const pid_t pid = ::fork();
    if (pid < 0) return failErrno(errno, "forking " + program);
    if (pid == 0) becomeWorker(far.get(), daemon, program.c_str(), role_name.c_str());
    return std::make_unique<ForkedWorker>(pid, std::move(near));
}

}  // namespace camgate::ipc
