#include "app/wired_network.hpp"

#include <arpa/inet.h>

#include <charconv>
#include <cstdint>
#include <optional>

namespace camgate::app {
namespace {

constexpr std::size_t kMostNameServers = 3;
constexpr int kLeastPrefix_bits = 8;
constexpr int kMostPrefix_bits = 30;

std::optional<std::uint32_t> ipv4(const std::string& text) {
    in_addr address{};
    if (::inet_pton(AF_INET, text.c_str(), &address) != 1) return std::nullopt;
    return ntohl(address.s_addr);
}

/// One that a host may have: no multicast, loopback, link-local or reserved one.
bool ofAHost(std::uint32_t address) {
    const std::uint32_t first = address >> 24U;
    return first != 0 && first != 127 && first < 224 && address >> 16U != 0xA9FE;
}

std::unexpected<Error> wrong(const std::string& field, const std::string& found, const char* expected) {
    return fail(ErrorKind::InvalidArgument, field + ": found \"" + found + "\", expected " + expected);
}

}  // namespace

Result<WiredNetwork> wiredNetworkOf(const ipc::NetworkOrder& asked) {
    const std::string& text = asked.address;
    WiredNetwork network{text.empty(), "", 0, asked.router, asked.name_servers};
    if (network.dhcp) {
        if (!network.router.empty() || !network.name_servers.empty())
            return wrong("address", "", "an address as 192.168.1.50/24 beside a router or name servers");
        return network;
    }

    const std::size_t slash = text.find('/');
    network.address = text.substr(0, slash);
    const auto address = ipv4(network.address);
    const char* end = text.data() + text.size();
    const auto prefix = slash == std::string::npos
                            ? std::from_chars_result{end, std::errc::invalid_argument}
                            : std::from_chars(text.data() + slash + 1, end, network.prefix_bits);
    if (!address || prefix.ec != std::errc() || prefix.ptr != end ||
        network.prefix_bits < kLeastPrefix_bits || network.prefix_bits > kMostPrefix_bits)
        return wrong("address", text, "an IPv4 address with the network's length, as 192.168.1.50/24");
    const std::uint32_t hosts = ~std::uint32_t{0} >> static_cast<unsigned>(network.prefix_bits);
    if (!ofAHost(*address) || (*address & hosts) == 0 || (*address & hosts) == hosts)
        return wrong("address", text, "an address that a box may have in its network");
    const auto router = ipv4(network.router);
    if (!router || (*router & ~hosts) != (*address & ~hosts) || *router == *address)
        return wrong("router", network.router, "the router's address, in the same network");
    if (network.name_servers.size() > kMostNameServers)
        return wrong("names", std::to_string(network.name_servers.size()) + " addresses", "at most 3");
    for (const std::string& server : network.name_servers) {
        const auto one = ipv4(server);
        if (!one || !ofAHost(*one)) return wrong("names", server, "a name server's IPv4 address");
    }
    return network;
}

std::string networkdFile(const WiredNetwork& network) {
    std::string file = "[Match]\nType=ether\n\n[Network]\n";
    if (network.dhcp) return file + "DHCP=yes\nIPv6AcceptRA=yes\nLinkLocalAddressing=yes\n";
    file += "DHCP=no\nIPv6AcceptRA=yes\nAddress=" + network.address + "/" +
            std::to_string(network.prefix_bits) + "\nGateway=" + network.router + "\n";
    if (network.name_servers.empty()) file += "DNS=" + network.router + "\n";
    for (const std::string& server : network.name_servers) file += "DNS=" + server + "\n";
    return file;
}

}  // namespace camgate::app
