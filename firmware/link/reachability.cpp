#include "link/reachability.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "base/unique_fd.hpp"

namespace camgate::link {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

/// 0: connected; else an errno.
int tryConnect(const addrinfo& address, std::chrono::milliseconds longest) {
    const UniqueFd fd(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd.valid()) return errno;
    if (::connect(fd.get(), address.ai_addr, address.ai_addrlen) == 0) return 0;
    if (errno != EINPROGRESS) return errno;
    pollfd wait{fd.get(), POLLOUT, 0};
    if (::poll(&wait, 1, static_cast<int>(longest.count())) <= 0) return ETIMEDOUT;
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    return error;
}

}  // namespace

std::string whyUnreachable(const std::string& host, std::uint16_t port, std::chrono::milliseconds longest) {
    const std::string where = host + ":" + std::to_string(port);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int resolved = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (resolved != 0) return "the name " + host + " does not resolve: " + ::gai_strerror(resolved);
    const Addresses addresses(found, &::freeaddrinfo);
    switch (const int error = tryConnect(*addresses, longest)) {
        case 0:
            return where + " takes connections but does not speak MQTT";
        case ECONNREFUSED:
            return "connection refused by " + where;
        case ETIMEDOUT:
            return "no answer from " + where;
        default:
            return "cannot reach " + where + ": " + std::strerror(error);
    }
}

}  // namespace camgate::link
