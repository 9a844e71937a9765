#include "camera/onvif/search.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <utility>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/unique_fd.hpp"
#include "camera/onvif/discovery.hpp"
#include "camera/onvif/port_scan.hpp"
#include "crypto/random.hpp"

namespace camgate::onvif {
namespace {

constexpr std::uint16_t kDiscoveryPort = 3702;
constexpr const char* kGroup = "239.255.255.250";
constexpr std::size_t kLongestDatagram_bytes = 16U << 10U;
constexpr std::size_t kMostDatagrams = 1024;  ///< that are read, whatever they hold
constexpr std::size_t kMostInterfaces = 8;

std::string addressText(in_addr address) {
    std::array<char, INET_ADDRSTRLEN> text{};
    return ::inet_ntop(AF_INET, &address, text.data(), text.size()) == nullptr ? "" : text.data();
}

/// A UUID of version 4 as an address of a message.
Result<std::string> newMessageId() {
    auto hex = crypto::randomHex(16);
    if (!hex) return std::unexpected(hex.error());
    (*hex)[12] = '4';
    (*hex)[16] = 'a';
    std::string id = "urn:uuid:";
    for (std::size_t i = 0; i < hex->size(); ++i) {
        if (i == 8 || i == 12 || i == 16 || i == 20) id += '-';
        id += (*hex)[i];
    }
    return id;
}

/// A socket whose probes leave by that interface.
UniqueFd socketOn(in_addr address) {
    UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    sockaddr_in local{};
    local.sin_family = AF_INET;
    local.sin_addr = address;
    const bool set = socket.valid() &&
                     ::setsockopt(socket.get(), IPPROTO_IP, IP_MULTICAST_IF, &address, sizeof address) == 0 &&
                     ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&local), sizeof local) == 0;
    return set ? std::move(socket) : UniqueFd();
}

void sendProbe(int socket, const std::string& probe) {
    sockaddr_in group{};
    group.sin_family = AF_INET;
    group.sin_port = htons(kDiscoveryPort);
    ::inet_pton(AF_INET, kGroup, &group.sin_addr);
    (void)::sendto(socket, probe.data(), probe.size(), 0, reinterpret_cast<const sockaddr*>(&group),
                   sizeof group);
}

class Listener {
  public:
    Listener(const std::vector<Subnet>& subnets, std::string message_id)
        : message_id_(std::move(message_id)) {
        for (const Subnet& subnet : subnets) {
            if (UniqueFd socket = socketOn(subnet.address); socket.valid())
                sockets_.push_back(std::move(socket));
        }
    }

    std::vector<ipc::FoundCamera> listen(std::chrono::milliseconds listen) {
        const SystemClock clock;
        const BootTime end = clock.bootNow() + listen;
        // UDP may lose one: again at a third of the time.
        BootTime again = clock.bootNow() + listen / 3;
        probe();
        for (BootTime now = clock.bootNow(); now < end && !full(); now = clock.bootNow()) {
            if (now >= again) {
                probe();
                again = end;
            }
            waitUntil(std::min(again, end) - now);
        }
        return std::move(found_);
    }

  private:
    bool full() const { return found_.size() >= ipc::kMostFound || datagrams_ >= kMostDatagrams; }
    void probe() {
        for (const UniqueFd& socket : sockets_) sendProbe(socket.get(), probeMessage(message_id_));
    }
    void waitUntil(Duration longest) {
        std::vector<pollfd> polled;
        for (const UniqueFd& socket : sockets_) polled.push_back({socket.get(), POLLIN, 0});
        const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(longest).count() + 1;
        if (::poll(polled.data(), polled.size(), static_cast<int>(ms)) <= 0) return;
        for (const pollfd& each : polled) {
            if (each.revents != 0) read(each.fd);
        }
    }
    void read(int socket) {
        std::vector<char> datagram(kLongestDatagram_bytes);
        sockaddr_in from{};
        socklen_t length = sizeof from;
        const ssize_t got = ::recvfrom(socket, datagram.data(), datagram.size(), MSG_TRUNC,
                                       reinterpret_cast<sockaddr*>(&from), &length);
        if (got < 0) return;
        ++datagrams_;
        const auto size = static_cast<std::size_t>(got);
        if (size > datagram.size()) return;
        const std::string sender = addressText(from.sin_addr);
        auto match = parseProbeMatch({datagram.data(), size}, message_id_, sender);
        if (!match) {
            logEvent(LogLevel::Warning, "camera", "discovery-answer-refused",
                     {{"from", sender}, {"why", match.error().context}});
            return;
        }
        const bool known = std::ranges::any_of(
            found_, [&](const auto& each) { return each.service_url == match->service_url; });
        if (!known)
            found_.push_back(
                {sender, std::move(match->service_url), std::move(match->name), std::move(match->hardware)});
    }

    std::string message_id_;
    std::vector<UniqueFd> sockets_;
    std::vector<ipc::FoundCamera> found_;
    std::size_t datagrams_ = 0;
};

/// Of the interfaces that are up; loopback only where it is asked for by name.
Result<std::vector<Subnet>> subnets(const std::string& interface) {
    ifaddrs* all = nullptr;
    if (::getifaddrs(&all) != 0) return failErrno(errno, "listing network interfaces");
    const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(all, ::freeifaddrs);
    std::vector<Subnet> out;
    for (const ifaddrs* each = all; each != nullptr && out.size() < kMostInterfaces; each = each->ifa_next) {
        const bool wanted =
            interface.empty() ? (each->ifa_flags & IFF_LOOPBACK) == 0 : interface == each->ifa_name;
        if (!wanted || (each->ifa_flags & IFF_UP) == 0 || each->ifa_addr == nullptr ||
            each->ifa_netmask == nullptr || each->ifa_addr->sa_family != AF_INET)
            continue;
        out.push_back({reinterpret_cast<const sockaddr_in*>(each->ifa_addr)->sin_addr,
                       reinterpret_cast<const sockaddr_in*>(each->ifa_netmask)->sin_addr});
    }
    if (out.empty() && interface.empty())
        return fail(ErrorKind::NotFound, "no network interface has an IPv4 address");
    if (out.empty())
        return fail(ErrorKind::NotFound, "no interface of that name has an IPv4 address: " + interface);
    return out;
}

}  // namespace

Result<std::vector<ipc::FoundCamera>> search(const ipc::FinderSearch& asked) {
    const auto reachable = subnets(asked.interface);
    if (!reachable) return std::unexpected(reachable.error());
    auto message_id = newMessageId();
    if (!message_id) return std::unexpected(message_id.error());
    auto found =
        Listener(*reachable, std::move(*message_id)).listen(std::chrono::milliseconds(asked.listen_ms));
    std::ranges::sort(found, {}, [](const auto& each) { return std::pair(each.address, each.service_url); });
    if (!asked.scan_ports) return found;
    for (const std::string& address : scanRtspPorts(*reachable)) {
        const bool known =
            std::ranges::any_of(found, [&](const auto& each) { return each.address + ":554" == address; });
        if (!known && found.size() < ipc::kMostFound) found.push_back({address, "", "", ""});
    }
    return found;
}

}  // namespace camgate::onvif
