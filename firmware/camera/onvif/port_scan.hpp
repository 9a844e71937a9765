// Who in the own subnet takes connections where cameras serve RTSP. Blocking, 4 s at most; one thread.
#pragma once

#include <netinet/in.h>

#include <string>
#include <vector>

namespace camgate::onvif {

struct Subnet {
    in_addr address;  ///< of this machine
    in_addr mask;
};

/// The other hosts of it, in host byte order, at most 256: of a larger one those around this machine.
std::vector<std::uint32_t> hostsOf(const Subnet& subnet);

/// "192.168.1.20:554", of ports 554 and 8554. Nothing is sent there.
std::vector<std::string> scanRtspPorts(const std::vector<Subnet>& subnets);

}  // namespace camgate::onvif
