// The topics of docs/ref/mqtt.md as a hub sees them. What a gateway names goes into file names, so ids are
// checked here and nowhere later. Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "uplink/enrolment_request.hpp"

namespace camgate::hub {

/// ClipReceipt is what a hub process says of a clip: the others hear whose it is.
enum class UpTopic {
    Status,
    Event,
    Telemetry,
    Checkpoint,
    Audit,
    Manifest,
    Chunk,
    Reply,
    Renewal,
    ClipReceipt,
    Wanted,  ///< what a gateway misses of an update's bundle
    Enrol,   ///< of a box that has no certificates yet
};

struct UpAddress {
    UpTopic topic;
    std::string gateway;
    std::string word;  ///< camera of an event or checkpoint, clip of a manifest or chunk, hash of a bundle;
                       ///< else empty
};

/// Nothing if it is no topic that a gateway publishes, or an id in it is none.
std::optional<UpAddress> parseUpTopic(std::string_view topic);

/// What one of the processes of a hub gets, whichever the broker chooses.
/// With `bundles` also what they miss of updates' bundles.
std::vector<std::string> sharedSubscriptions(const std::string& group, bool bundles);
/// What each of them gets; chunks are for the one with this name.
/// With `renewals` also what gateways ask of the authority.
std::vector<std::string> ownSubscriptions(const std::string& hub_name, bool renewals);

/// The topics of enrolment, `last` being "request" or "bundle".
std::string enrolTopic(std::string_view gateway, std::string_view last);
inline constexpr std::string_view kEnrolAuthorityTopic = "camgate/v1/enrol/authority";

std::string downTopic(std::string_view gateway, std::string_view suffix);

using uplink::isGatewayId;
/// Lower-case hex, 1 to 64 digits: clips, events, rows.
bool isHexId(std::string_view text);

}  // namespace camgate::hub
