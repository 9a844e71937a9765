// A Launcher whose workers are socket pairs: the test plays the worker at the other end.
#pragma once

#include <sys/socket.h>

#include <array>
#include <vector>

#include "ipc/launcher.hpp"

namespace camgate::test {

class FakeLauncher final : public ipc::Launcher {
  public:
    struct Started {
        ipc::WorkerRole role;
        UniqueFd worker_end;
        bool killed = false;
    };

    Result<std::unique_ptr<ipc::WorkerProcess>> launch(ipc::WorkerRole role) override {
        if (refuse) return fail(ErrorKind::NotFound, "no such program");
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) != 0) {
            return failErrno(errno, "socketpair");
        }
        started.push_back(Started{role, UniqueFd(ends[1])});
        return std::make_unique<Process>(*this, started.size() - 1, UniqueFd(ends[0]));
    }

    std::vector<Started> started;
    bool refuse = false;

  private:
    class Process final : public ipc::WorkerProcess {
      public:
        Process(FakeLauncher& launcher, std::size_t index, UniqueFd socket)
            : launcher_(launcher), index_(index), socket_(std::move(socket)) {}
        ~Process() override { kill(); }
        UniqueFd takeSocket() override { return std::move(socket_); }
        void kill() override { launcher_.started[index_].killed = true; }
        pid_t pid() const override { return static_cast<pid_t>(1000 + index_); }

      private:
        FakeLauncher& launcher_;
        std::size_t index_;
        UniqueFd socket_;
    };
};

}  // namespace camgate::test
