#include "camera/onvif/port_scan.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "base/clock.hpp"
#include "base/unique_fd.hpp"

namespace camgate::onvif {
namespace {

constexpr std::array<std::uint16_t, 2> kPorts{554, 8554};
constexpr std::uint32_t kMostHosts = 256;
constexpr std::size_t kAtOnce = 64;
constexpr std::chrono::milliseconds kPatience{400};

struct Attempt {
    std::string name;
    UniqueFd socket;
};

std::string nameOf(std::uint32_t host, std::uint16_t port) {
    const in_addr address{htonl(host)};
    std::array<char, INET_ADDRSTRLEN> text{};
    ::inet_ntop(AF_INET, &address, text.data(), text.size());
    return std::string(text.data()) + ":" + std::to_string(port);
}

Attempt begin(std::uint32_t host, std::uint16_t port) {
    UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(host);
    const int done = ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to);
    if (done != 0 && errno != EINPROGRESS) socket.reset();
    return {nameOf(host, port), std::move(socket)};
}

bool isOpen(int socket) {
    int error = 0;
    socklen_t length = sizeof error;
    return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error == 0;
}

void await(std::vector<Attempt>& attempts, std::vector<std::string>& open) {
    const SystemClock clock;
    const BootTime end = clock.bootNow() + kPatience;
    while (!attempts.empty() && clock.bootNow() < end) {
        std::vector<pollfd> polled;
        for (const Attempt& attempt : attempts) polled.push_back({attempt.socket.get(), POLLOUT, 0});
        if (::poll(polled.data(), polled.size(), 50) < 0) break;
        for (std::size_t i = polled.size(); i-- > 0;) {
            if (polled[i].revents == 0) continue;
            if ((polled[i].revents & POLLOUT) != 0 && isOpen(polled[i].fd)) open.push_back(attempts[i].name);
            attempts.erase(attempts.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }
    attempts.clear();
}

}  // namespace

std::vector<std::uint32_t> hostsOf(const Subnet& subnet) {
    const std::uint32_t self = ntohl(subnet.address.s_addr);
    const std::uint32_t mask = ntohl(subnet.mask.s_addr) | ~(kMostHosts - 1);
    const std::uint32_t first = self & mask;
    const std::uint32_t last = first | ~mask;
    std::vector<std::uint32_t> out;
    for (std::uint32_t host = first + 1; host < last; ++host) {
        if (host != self) out.push_back(host);
    }
    return out;
}

std::vector<std::string> scanRtspPorts(const std::vector<Subnet>& subnets) {
    std::vector<std::string> open;
    std::vector<Attempt> attempts;
    std::uint32_t left = kMostHosts;
    for (const Subnet& subnet : subnets) {
        for (const std::uint32_t host : hostsOf(subnet)) {
            if (left-- == 0) return open;
            for (const std::uint16_t port : kPorts) {
                if (auto attempt = begin(host, port); attempt.socket.valid())
                    attempts.push_back(std::move(attempt));
            }
            if (attempts.size() >= kAtOnce) await(attempts, open);
        }
        await(attempts, open);
    }
    return open;
}

}  // namespace camgate::onvif
