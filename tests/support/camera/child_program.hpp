// A program that a test starts, talks to and ends: its standard input may be a socket, its standard output
// can be read line by line. Dies with its owner and with the test. One thread.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"

namespace camgate::test {

class ChildProgram {
  public:
    /// `input` becomes descriptor 0; without one that is /dev/null.
    ChildProgram(std::vector<std::string> command, UniqueFd input = {}) {
        int ends[2] = {-1, -1};
        if (::pipe2(ends, O_CLOEXEC) != 0) return;
        std::vector<char*> argv;
        for (std::string& word : command) argv.push_back(word.data());
        argv.push_back(nullptr);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::dup2(input.valid() ? input.get() : ::open("/dev/null", O_RDONLY), 0);
            ::dup2(ends[1], 1);
            ::execv(argv[0], argv.data());
            ::_exit(127);
        }
        ::close(ends[1]);
        output_.reset(ends[0]);
    }
    ~ChildProgram() {
        if (pid_ <= 0 || status_) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    ChildProgram(const ChildProgram&) = delete;
    ChildProgram& operator=(const ChildProgram&) = delete;

    pid_t pid() const { return pid_; }
    void signal(int number) const { ::kill(pid_, number); }

    /// The next line without its end; nothing at the end of the output or after `longest`.
    std::optional<std::string> readLine(std::chrono::milliseconds longest) {
        for (;;) {
            if (const auto end = text_.find('\n'); end != std::string::npos) {
                std::string line = text_.substr(0, end);
                text_.erase(0, end + 1);
                return line;
            }
            pollfd ready{output_.get(), POLLIN, 0};
            if (::poll(&ready, 1, static_cast<int>(longest.count())) <= 0) return std::nullopt;
            char buffer[4096];
            const ssize_t got = ::read(output_.get(), buffer, sizeof buffer);
            if (got <= 0) return std::nullopt;
            text_.append(buffer, static_cast<std::size_t>(got));
        }
    }
    /// The exit status (128 + signal if killed) if the program has ended.
    std::optional<int> exitStatus() {
        int raw = 0;
        if (!status_ && ::waitpid(pid_, &raw, WNOHANG) == pid_) {
            status_ = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
        }
        return status_;
    }

  private:
    pid_t pid_ = -1;
    UniqueFd output_;
    std::string text_;
    std::optional<int> status_;
};

}  // namespace camgate::test
