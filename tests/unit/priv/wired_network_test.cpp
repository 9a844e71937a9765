#include "app/wired_network.hpp"

#include <catch2/catch.hpp>

using namespace camgate;
using namespace camgate::app;
using ipc::NetworkOrder;

namespace {

std::string refused(const NetworkOrder& asked) {
    const auto network = wiredNetworkOf(asked);
    if (network) return "taken";
    CHECK(network.error().kind == ErrorKind::InvalidArgument);
    return network.error().context;
}

}  // namespace

TEST_CASE("wired network: nothing asked is DHCP", "[app]") {
    const auto network = wiredNetworkOf({});
    REQUIRE(network);
    CHECK(network->dhcp);
    CHECK_THAT(networkdFile(*network), Catch::Contains("DHCP=yes\n"));
}

TEST_CASE("wired network: an address comes with its router, which names hosts unless others do", "[app]") {
    const auto network = wiredNetworkOf({"192.168.1.50/24", "192.168.1.1", {}});
    REQUIRE(network);
    CHECK(networkdFile(*network) ==
          "[Match]\nType=ether\n\n[Network]\nDHCP=no\nIPv6AcceptRA=yes\nAddress=192.168.1.50/24\n"
          "Gateway=192.168.1.1\nDNS=192.168.1.1\n");
    const auto named = wiredNetworkOf({"192.168.1.50/24", "192.168.1.1", {"1.1.1.1", "8.8.8.8"}});
    CHECK_THAT(networkdFile(named.value()),
               Catch::EndsWith("Gateway=192.168.1.1\nDNS=1.1.1.1\nDNS=8.8.8.8\n"));
}

TEST_CASE("wired network: what cannot be is refused with the field and what was expected", "[app]") {
    const NetworkOrder good{"10.0.0.5/24", "10.0.0.1", {}};
    CHECK(refused(good) == "taken");
    const auto at = [&](const char* address) { return refused({address, good.router, {}}); };
    for (const char* address :
         {"10.0.0.5", "10.0.0.5/", "10.0.0.5/x", "10.0.0.5/24x", "10.0.0.5/31", "10.0.0.5/7", "10.0.0/24",
          "10.0.0.256/24", "::1/64", "gate/24", "10.0.0.5/24\nDHCP=yes"})
        CHECK_THAT(at(address), Catch::StartsWith("address: found"));
    for (const char* address :
         {"10.0.0.0/24", "10.0.0.255/24", "127.0.0.5/24", "224.0.0.5/24", "169.254.0.5/24", "0.0.0.5/24"})
        CHECK_THAT(at(address), Catch::Contains("an address that a box may have"));
    for (const char* router : {"", "10.0.1.1", "10.0.0.5", "router", "10.0.0.1\n"})
        CHECK_THAT(refused({good.address, router, {}}), Catch::StartsWith("router: found"));
    CHECK_THAT(refused({good.address, good.router, {"1.1.1.1", "dns.example"}}),
               Catch::Contains("dns.example"));
    CHECK_THAT(refused({good.address, good.router, {"1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4"}}),
               Catch::Contains("at most 3"));
    CHECK_THAT(refused({"", "10.0.0.1", {}}), Catch::StartsWith("address"));
}
