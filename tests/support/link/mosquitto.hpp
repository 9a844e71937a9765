// A real mosquitto on a port of its own with mutual TLS; ends with its owner. Header-only.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <thread>

#include "support/base/temp_directory.hpp"
#include "support/link/test_pki.hpp"

namespace camgate::test {

inline std::uint16_t freePort() {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0)
        throw std::runtime_error("no free port");
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(fd);
    return ntohs(address.sin_port);
}

class Mosquitto {
  public:
    Mosquitto(const TempDirectory& directory, const TestPki& pki, const TestIdentity& server,
              const std::string& more_lines = "")
        : port_(freePort()),
          config_(directory.file("mosquitto.conf")),
          log_(directory.file("mosquitto.log")) {
        std::ofstream(config_)
            // Started by root it would else become a user who cannot read this directory.
            << "user root\nlog_type all\nlistener " << port_ << " 127.0.0.1\ncafile " << pki.caPath()
            << "\ncertfile " << server.certificate_path << "\nkeyfile " << server.key_path
            << "\nrequire_certificate true\nuse_identity_as_username true\nallow_anonymous false\n"
            << more_lines;
        start();
    }
    Mosquitto(const Mosquitto&) = delete;
    Mosquitto& operator=(const Mosquitto&) = delete;
    ~Mosquitto() { kill(); }

    std::uint16_t port() const { return port_; }
    std::string log() const { return readWhole(log_); }

    void start() {
        const pid_t parent = ::getpid();
        pid_ = ::fork();
        if (pid_ == 0) exec(parent);
        for (int tries = 0; tries < 500; ++tries) {
            if (listening()) return;
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        throw std::runtime_error("mosquitto does not listen: " + log());
    }
    void kill() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }
    /// Connections stay open and nothing comes back: a black hole.
    void freeze() { ::kill(pid_, SIGSTOP); }
    void thaw() { ::kill(pid_, SIGCONT); }

  private:
    [[noreturn]] void exec(pid_t parent) const {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) ::_exit(1);
        const int out = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
        ::dup2(out, 1);
        ::dup2(out, 2);
        for (const char* program : {"/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"}) {
            ::execl(program, program, "-c", config_.c_str(), static_cast<char*>(nullptr));
        }
        ::_exit(127);
    }
    bool listening() const {
        const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port_);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const bool ok = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        ::close(fd);
        return ok;
    }

    std::uint16_t port_;
    std::string config_, log_;
    pid_t pid_ = 0;
};

}  // namespace camgate::test
