#include "base/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>

namespace camgate {
namespace {

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

}  // namespace

ServiceManager ServiceManager::fromEnvironment() {
    ServiceManager manager;
    manager.address_ = environment("NOTIFY_SOCKET");
    if (manager.address_.empty() || manager.address_.size() >= sizeof(sockaddr_un::sun_path)) {
        manager.address_.clear();
        return manager;
    }
    manager.socket_ = UniqueFd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const std::string pid = environment("WATCHDOG_PID");
    const auto usec = std::strtoull(environment("WATCHDOG_USEC").c_str(), nullptr, 10);
    const bool mine = pid.empty() || pid == std::to_string(::getpid());
    if (mine && usec > 0) manager.patience_ = std::chrono::microseconds(usec);
    return manager;
}

void ServiceManager::tell(std::string_view text) const {
    if (address_.empty()) return;
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::ranges::copy(address_, to.sun_path);
    if (to.sun_path[0] == '@') to.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
    (void)::sendto(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&to),
                   length);
}

}  // namespace camgate
