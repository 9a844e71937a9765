// WS-Discovery as ONVIF uses it: the question that goes to 239.255.255.250:3702 and the answers to it. Pure.
// Any thread. Implements docs/ref/camera.md (Finding cameras).
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace camgate::onvif {

constexpr std::size_t kMostName_bytes = 100;

/// `message_id`: "urn:uuid:...", which answers repeat.
std::string probeMessage(std::string_view message_id);

struct Discovered {
    std::string service_url;  ///< of the device service
    std::string name;         ///< as its scopes say; may be empty
    std::string hardware;
    bool operator==(const Discovered&) const = default;
};

/// The camera that an answer from `sender` (an address) tells of. Corruption: no answer to `message_id`, or
/// none of its addresses leads back to the sender.
[[nodiscard]] Result<Discovered> parseProbeMatch(std::string_view datagram, std::string_view message_id,
                                                 std::string_view sender);

}  // namespace camgate::onvif
