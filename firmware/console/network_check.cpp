#include "console/network_check.hpp"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/unique_fd.hpp"
#include "console/json_text.hpp"
#include "console/language.hpp"
#include "console/local_view.hpp"
#include "console/table_text.hpp"

namespace camgate::console {
namespace {

constexpr int kConnect_ms = 4000;
constexpr int kEcho_ms = 2000;
/// Of the cap. Headers, rows that go before and the way there and back take the rest.
constexpr double kFullLine = 0.85;

using Addresses = std::unique_ptr<addrinfo, void (*)(addrinfo*)>;

std::string routeTable() {
    std::ifstream file("/proc/net/route");
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string millisecondsSince(BootTime begun) {
    const auto took = SystemClock().bootNow() - begun;
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()) + " ms";
}

/// An echo request, where the kernel lets this user send one. errno says why not.
bool echoes(const std::string& address) {
    UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMP));
    if (!socket.valid()) return false;
    sockaddr_in to{};
    to.sin_family = AF_INET;
    if (::inet_pton(AF_INET, address.c_str(), &to.sin_addr) != 1) return false;
    icmphdr request{};
    request.type = ICMP_ECHO;
    if (::sendto(socket.get(), &request, sizeof request, 0, reinterpret_cast<const sockaddr*>(&to),
                 sizeof to) < 0)
        return false;
    errno = ETIMEDOUT;
    pollfd answered{socket.get(), POLLIN, 0};
    return ::poll(&answered, 1, kEcho_ms) == 1;
}

NetworkStep wayOut(const std::string& route) {
    if (route.empty())
        return {tr("way out"), false,
                tr("no default route: is the cable in, and does the router give addresses?")};
    return {tr("way out"), true, route};
}

NetworkStep router(const std::string& route) {
    const std::string address = route.substr(0, route.find(' '));
    const BootTime begun = SystemClock().bootNow();
    if (echoes(address)) return {tr("router answers"), true, address + ", " + millisecondsSince(begun)};
    if (errno == EACCES || errno == EPERM)
        return {tr("router answers"), true, tr("not tried: this user may not ping")};
    return {tr("router answers"), false, address + ": " + std::strerror(errno)};
}

Addresses resolved(const std::string& host, std::uint16_t port, std::string& why) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int failed = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (failed != 0) why = ::gai_strerror(failed);
    return {found, ::freeaddrinfo};
}

std::string addressOf(const addrinfo& info) {
    std::array<char, NI_MAXHOST> text{};
    const int failed =
        ::getnameinfo(info.ai_addr, info.ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
    return failed == 0 ? text.data() : "?";
}

/// 0, or errno.
int connectWithin(const addrinfo& to) {
    UniqueFd socket(::socket(to.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket.valid()) return errno;
    if (::connect(socket.get(), to.ai_addr, to.ai_addrlen) == 0) return 0;
    if (errno != EINPROGRESS) return errno;
    pollfd done{socket.get(), POLLOUT, 0};
    if (::poll(&done, 1, kConnect_ms) != 1) return ETIMEDOUT;
    int error = 0;
    socklen_t length = sizeof error;
    ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &length);
    return error;
}

NetworkStep hubPort(const std::string& hub, std::uint16_t port, const addrinfo* addresses) {
    const std::string name = hub + ":" + std::to_string(port);
    int error = EHOSTUNREACH;
    for (const addrinfo* each = addresses; each != nullptr && error != 0; each = each->ai_next) {
        const BootTime begun = SystemClock().bootNow();
        error = connectWithin(*each);
        if (error == 0) return {tr("hub's port"), true, name + ", " + millisecondsSince(begun)};
    }
    return {tr("hub's port"), false, name + ": " + std::strerror(error)};
}

NetworkStep clockStep() {
    const WallReading now = SystemClock().wallNow();
    if (now.quality == WallQuality::Ntp) return {tr("clock"), true, std::string(toString(now.quality))};
    return {tr("clock"), false,
            std::string(toString(now.quality)) + ": " +
                tr("not set by the network yet; footage is kept, extraction waits for it")};
}

}  // namespace

std::vector<NetworkStep> checkWayOut() {
    std::vector<NetworkStep> steps;
    const std::string route = defaultRoute(routeTable());
    steps.push_back(wayOut(route));
    if (!route.empty()) steps.push_back(router(route));
    steps.push_back(clockStep());
    return steps;
}

std::vector<NetworkStep> checkHub(const std::string& hub, std::uint16_t port) {
    if (hub.empty()) return {{tr("hub's name"), false, tr("it is not known yet: config set hub/host NAME")}};
    std::string why;
    const Addresses addresses = resolved(hub, port, why);
    if (addresses == nullptr) return {{tr("hub's name"), false, hub + ": " + why}};
    return {{tr("hub's name"), true, hub + " = " + addressOf(*addresses)},
            hubPort(hub, port, addresses.get())};
}

NetworkStep uplinkStep(const Result<std::string>& answer) {
    if (!answer) return {tr("uplink"), true, tr("not measured:") + " " + answer.error().context};
    const nlohmann::json speed = parsedObject(*answer);
    const nlohmann::json& kbps = fieldOf(speed, "kbps");
    const nlohmann::json& cap = fieldOf(speed, "cap_kbps");
    const std::string rate = textOf(kbps) + " kbit/s; " + tr("the cap is") + " " + textOf(cap);
    const bool full =
        kbps.is_number() && cap.is_number() && kbps.get<double>() >= cap.get<double>() * kFullLine;
    if (full) return {tr("uplink"), true, tr("at least") + " " + rate};
    return {tr("uplink"), false,
            rate + ", " + tr("more than the line carries: set hub/cap_kbps below what was measured")};
}

std::string renderNetworkSteps(const std::vector<NetworkStep>& steps) {
    std::vector<Row> rows;
    for (const NetworkStep& step : steps)
        rows.push_back({step.good ? tr("good") : tr("BAD"), step.what, step.detail});
    return tableText(rows);
}

}  // namespace camgate::console
