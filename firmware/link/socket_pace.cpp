#include "link/socket_pace.hpp"

#include <dirent.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <charconv>
#include <memory>
#include <string_view>

namespace camgate::link {
namespace {

/// A whole message must fit what waits in the kernel: the rest of one that did not would go at Paho's next
/// look, a second later.
constexpr int kSendBuffer_bytes = 208 << 10;
/// Above this the send buffer that the kernel sizes itself is the better one.
constexpr std::uint64_t kFast_bytes_per_s = 1'250'000;

bool isTcp(int fd) {
    int protocol = 0;
    socklen_t size = sizeof protocol;
    return ::getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) == 0 && protocol == IPPROTO_TCP;
}

/// Where the kernel has it and lets anybody take it. What is lost on a household's line is seldom lost by
/// congestion: a control that takes loss for it falls far below the pace.
void preferBbr(int fd) {
    constexpr std::string_view kBbr = "bbr";
    (void)::setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, kBbr.data(), kBbr.size());
}

bool pace(int fd, std::uint64_t bytes_per_s) {
    preferBbr(fd);
    if (bytes_per_s < kFast_bytes_per_s)
        (void)::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &kSendBuffer_bytes, sizeof kSendBuffer_bytes);
    const auto rate = static_cast<unsigned long>(bytes_per_s);
    return ::setsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, sizeof rate) == 0;
}

}  // namespace

bool paceConnections(std::uint64_t bytes_per_s) {
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc/self/fd"), &::closedir);
    if (!folder) return false;
    bool paced = false;
    while (const dirent* entry = ::readdir(folder.get())) {
        const std::string_view name = entry->d_name;
        int fd = -1;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), fd);
        if (error == std::errc{} && isTcp(fd)) paced = pace(fd, bytes_per_s) || paced;
    }
    return paced;
}

}  // namespace camgate::link
