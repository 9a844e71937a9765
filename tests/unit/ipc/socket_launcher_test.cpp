#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstring>

#include "ipc/socket_launcher.hpp"
#include "ipc/unix_socket.hpp"
#include "support/base/fake_loop.hpp"
#include "support/base/temp_directory.hpp"

using namespace camgate;
using namespace camgate::ipc;

namespace {

/// A launch socket as systemd holds it.
class LaunchSocket {
  public:
    LaunchSocket(const std::string& path, int type) : socket_(::socket(AF_UNIX, type | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path.c_str(), path.size());
        REQUIRE(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
        REQUIRE(::listen(socket_.get(), 1) == 0);
    }
    bool asked() const {
        pollfd waiting{socket_.get(), POLLIN, 0};
        return ::poll(&waiting, 1, 0) == 1;
    }
    UniqueFd accept() const { return UniqueFd(::accept4(socket_.get(), nullptr, nullptr, SOCK_CLOEXEC)); }

  private:
    UniqueFd socket_;
};

struct LauncherFixture {
    test::TempDirectory folder;
    LaunchSocket cameras{folder.file("camera.sock"), SOCK_STREAM};
    LaunchSocket kills{folder.file("kill.sock"), SOCK_SEQPACKET};
    test::FakeClock clock;
    test::FakeLoop loop{clock};
    SocketLauncher launcher{loop, folder.path()};

    std::unique_ptr<WorkerProcess> launch() {
        auto launched = launcher.launch(WorkerRole::Camera);
        REQUIRE(launched);
        return std::move(*launched);
    }
};

/// A process that says one byte on the connection and stays until it is told to go.
class Speaker {
  public:
    explicit Speaker(const UniqueFd& connection) {
        int ends[2] = {};
        REQUIRE(::pipe(ends) == 0);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::close(ends[1]);
            char byte = 'x';
            (void)!::write(connection.get(), &byte, 1);
            (void)!::read(ends[0], &byte, 1);
            ::_exit(0);
        }
        ::close(ends[0]);
        leave_.reset(ends[1]);
    }
    ~Speaker() {
        leave_.reset();
        ::waitpid(pid_, nullptr, 0);
    }
    /// It has ended and nobody has asked yet how.
    void end() {
        leave_.reset();
        siginfo_t how{};
        ::waitid(P_PID, static_cast<id_t>(pid_), &how, WEXITED | WNOWAIT);
    }
    pid_t pid() const { return pid_; }

  private:
    UniqueFd leave_;
    pid_t pid_ = 0;
};

void waitUntilReadable(int fd) {
    pollfd ready{fd, POLLIN, 0};
    REQUIRE(::poll(&ready, 1, 5000) == 1);
}

std::string fdInfo(int fd) {
    std::string path = "/proc/self/fdinfo/" + std::to_string(fd);
    std::string text(4096, '\0');
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    text.resize(static_cast<std::size_t>(::read(file.get(), text.data(), text.size())));
    return text;
}

}  // namespace

TEST_CASE("socket launcher: a worker is known by what it sends, whatever it says of itself", "[ipc]") {
    LauncherFixture f;
    const auto worker = f.launch();
    const UniqueFd socket = worker->takeSocket();
    const UniqueFd connection = f.cameras.accept();
    f.loop.makeAllReadable();
    CHECK(worker->pid() == 0);
    const Speaker speaker(connection);
    waitUntilReadable(socket.get());
    f.loop.makeAllReadable();
    CHECK(worker->pid() == speaker.pid());
    // What it said is still there for the channel.
    char byte = 0;
    CHECK(::recv(socket.get(), &byte, 1, MSG_DONTWAIT) == 1);
}

TEST_CASE("socket launcher: one that runs on when it is let go is handed to camgate-kill", "[ipc]") {
    LauncherFixture f;
    auto worker = f.launch();
    const UniqueFd connection = f.cameras.accept();
    const UniqueFd socket = worker->takeSocket();
    const Speaker speaker(connection);
    waitUntilReadable(socket.get());
    f.loop.makeAllReadable();
    CHECK_FALSE(f.kills.asked());
    worker.reset();
    REQUIRE(f.kills.asked());
    const auto process = receiveDescriptor(f.kills.accept().get());
    REQUIRE(process);
    CHECK(fdInfo(process->get()).find("Pid:\t" + std::to_string(speaker.pid()) + "\n") != std::string::npos);
}

TEST_CASE("socket launcher: one that has gone is not killed, nor one that never spoke", "[ipc]") {
    LauncherFixture f;
    auto silent = f.launch();
    const UniqueFd unused = f.cameras.accept();
    silent.reset();
    CHECK_FALSE(f.kills.asked());

    auto worker = f.launch();
    const UniqueFd connection = f.cameras.accept();
    const UniqueFd socket = worker->takeSocket();
    Speaker speaker(connection);
    waitUntilReadable(socket.get());
    f.loop.makeAllReadable();
    speaker.end();
    worker.reset();
    CHECK_FALSE(f.kills.asked());
}

TEST_CASE("socket launcher: letting a worker go closes its connection, spoken or not", "[ipc]") {
    LauncherFixture f;
    auto worker = f.launch();
    const UniqueFd connection = f.cameras.accept();
    worker.reset();
    char byte = 0;
    CHECK(::recv(connection.get(), &byte, 1, MSG_DONTWAIT) == 0);
}

TEST_CASE("socket launcher: descriptors that a worker sends along are not taken", "[ipc]") {
    LauncherFixture f;
    const auto worker = f.launch();
    const UniqueFd socket = worker->takeSocket();
    const UniqueFd connection = f.cameras.accept();
    char byte = 'x';
    iovec part{&byte, 1};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* row = CMSG_FIRSTHDR(&message);
    row->cmsg_level = SOL_SOCKET;
    row->cmsg_type = SCM_RIGHTS;
    row->cmsg_len = CMSG_LEN(sizeof(int));
    const int sent = connection.get();
    std::memcpy(CMSG_DATA(row), &sent, sizeof sent);
    REQUIRE(::sendmsg(connection.get(), &message, 0) == 1);
    const int next_free = ::dup(0);
    ::close(next_free);
    f.loop.makeAllReadable();
    CHECK(worker->pid() == ::getpid());
    // The pidfd has taken the number of the ear that was closed, or a lower one; nothing else was opened.
    const int after = ::dup(0);
    ::close(after);
    CHECK(after <= next_free + 1);
}

TEST_CASE("socket launcher: no launch socket is an error that names it", "[ipc]") {
    LauncherFixture f;
    const auto launched = f.launcher.launch(WorkerRole::LinkBulk);
    REQUIRE_FALSE(launched);
    CHECK(launched.error().kind == ErrorKind::NotFound);
    CHECK(launched.error().describe().find("link-bulk.sock") != std::string::npos);
}
