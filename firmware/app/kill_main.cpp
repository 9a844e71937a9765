// camgate-kill: ends one worker that will not go, with all that it started. systemd starts it on a connection
// of camgated's (descriptor 0), on which the worker's pidfd comes. It is root without any capability: it may
// write root's control groups and little else. Exit status: 0 done, 1 refused or failed.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <sstream>
#include <string>

#include "base/log.hpp"
#include "base/unique_fd.hpp"
#include "ipc/unix_socket.hpp"
#include "ipc/worker_cgroup.hpp"

namespace {

using namespace camgate;

constexpr int kConnection = 0;
constexpr std::size_t kLongestText_bytes = 4096;

/// Files of /proc have no size: read until there is no more.
Result<std::string> readProc(const std::string& path) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.valid()) return failErrno(errno, "reading " + path);
    std::string text(kLongestText_bytes, '\0');
    const ssize_t got = ::read(file.get(), text.data(), text.size());
    if (got < 0) return failErrno(errno, "reading " + path);
    text.resize(static_cast<std::size_t>(got));
    return text;
}

Result<pid_t> pidOf(int process) {
    const auto text = readProc("/proc/self/fdinfo/" + std::to_string(process));
    if (!text) return std::unexpected(text.error());
    std::istringstream lines(*text);
    for (std::string name; lines >> name;) {
        pid_t pid = 0;
        if (name == "Pid:" && lines >> pid && pid > 1) return pid;
    }
    return fail(ErrorKind::InvalidArgument, "not a process that runs");
}

bool hasEnded(int process) {
    pollfd ended{process, POLLIN, 0};
    return ::poll(&ended, 1, 0) != 0;
}

Status killGroup(const std::string& cgroup) {
    const std::string path = "/sys/fs/cgroup" + cgroup + "/cgroup.kill";
    const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file.valid() || ::write(file.get(), "1", 1) != 1) return failErrno(errno, "writing " + path);
    return {};
}

Status run() {
    const auto process = ipc::receiveDescriptor(kConnection);
    if (!process) return std::unexpected(process.error());
    const auto pid = pidOf(process->get());
    if (!pid) return std::unexpected(pid.error());
    const auto text = readProc("/proc/" + std::to_string(*pid) + "/cgroup");
    if (!text) return std::unexpected(text.error());
    const auto cgroup = ipc::workerCgroup(*text);
    if (!cgroup) return std::unexpected(cgroup.error());
    // While it runs nobody else can have its number, so what was read is its own.
    if (hasEnded(process->get())) return {};
    return killGroup(*cgroup);
}

}  // namespace

int main() {
    openLog("camgate-kill", LogLevel::Info);
    const Status done = run();
    if (done) return 0;
    logEvent(LogLevel::Error, "ipc", "worker-not-killed", {{"why", done.error()}});
    return 1;
}
