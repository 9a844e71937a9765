// How the box is on the family's network: DHCP, as delivered, or an address that a technician gave. Settings
// come from the console and become a file of systemd-networkd. Plain values, any thread. Implements
// docs/ref/cli.md (machine.network).
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "ipc/priv_messages.hpp"

namespace camgate::app {

struct WiredNetwork {
    bool dhcp = true;
    std::string address;  ///< dotted IPv4; empty with DHCP, as are the following
    int prefix_bits = 0;  ///< 8 to 30
    std::string router;
    std::vector<std::string> name_servers;  ///< at most 3; empty: the router
    bool operator==(const WiredNetwork&) const = default;
};

/// InvalidArgument names the field and says what was expected: no such address, one of the network's own, a
/// router elsewhere.
[[nodiscard]] Result<WiredNetwork> wiredNetworkOf(const ipc::NetworkOrder& asked);

/// A .network file for every wired interface.
std::string networkdFile(const WiredNetwork& network);

}  // namespace camgate::app
