#include "console/local_view.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>

#include "base/clock.hpp"
#include "base/local_time.hpp"
#include "console/language.hpp"
#include "console/table_text.hpp"

namespace camgate::console {
namespace {

/// Files of the kernel say nothing of their size: read to the end.
std::string contentOf(const char* path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string addressText(const sockaddr* address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void* raw = nullptr;
    if (address->sa_family == AF_INET) raw = &reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
    if (address->sa_family == AF_INET6) raw = &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
    if (raw == nullptr) return "";
    return ::inet_ntop(address->sa_family, raw, text.data(), text.size()) == nullptr ? "" : text.data();
}

std::string addresses() {
    ifaddrs* all = nullptr;
    if (::getifaddrs(&all) != 0) return "";
    const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(all, ::freeifaddrs);
    std::string out;
    for (const ifaddrs* each = all; each != nullptr; each = each->ifa_next) {
        if (each->ifa_addr == nullptr || (each->ifa_flags & IFF_LOOPBACK) != 0) continue;
        const std::string text = addressText(each->ifa_addr);
        if (!text.empty()) out += (out.empty() ? "" : ", ") + std::string(each->ifa_name) + " " + text;
    }
    return out;
}

std::string nameServers() {
    std::istringstream lines(contentOf("/etc/resolv.conf"));
    std::string out;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string key, server;
        if (words >> key >> server && key == "nameserver") out += (out.empty() ? "" : ", ") + server;
    }
    return out;
}

std::string upTime() {
    const double seconds = std::strtod(contentOf("/proc/uptime").c_str(), nullptr);
    if (seconds <= 0) return "";
    const auto minutes = static_cast<std::uint64_t>(seconds / 60);
    return std::to_string(minutes / 1440) + " d " + std::to_string(minutes / 60 % 24) + " h " +
           std::to_string(minutes % 60) + " min";
}

std::string freeMemory() {
    std::istringstream lines(contentOf("/proc/meminfo"));
    for (std::string key, value; lines >> key >> value; lines.ignore(80, '\n')) {
        if (key == "MemAvailable:")
            return std::to_string(std::strtoull(value.c_str(), nullptr, 10) / 1024) + " MiB";
    }
    return "";
}

}  // namespace

std::string defaultRoute(const std::string& route_table) {
    std::istringstream lines(route_table);
    std::string line;
    std::getline(lines, line);  // the heading
    while (std::getline(lines, line)) {
        std::istringstream words(line);
        std::string device, destination, gateway;
        if (!(words >> device >> destination >> gateway) || destination != "00000000") continue;
        // Printed as the machine keeps it in memory: network order.
        const in_addr address{static_cast<in_addr_t>(std::strtoul(gateway.c_str(), nullptr, 16))};
        std::array<char, INET_ADDRSTRLEN> text{};
        ::inet_ntop(AF_INET, &address, text.data(), text.size());
        return std::string(text.data()) + " (" + device + ")";
    }
    return "";
}

std::string localView() {
    std::vector<Row> rows{
        {tr("time"), formatLocalTime(SystemClock().wallNow().time)},
        {tr("up for"), upTime()},
        {tr("memory left"), freeMemory()},
        {tr("addresses"), addresses()},
        {tr("way out"), defaultRoute(contentOf("/proc/net/route"))},
        {tr("name servers"), nameServers()},
    };
    for (Row& row : rows) {
        if (row[1].empty()) row[1] = "-";
    }
    return tableText(rows);
}

}  // namespace camgate::console
