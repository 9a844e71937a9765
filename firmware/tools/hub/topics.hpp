// The topics of docs/ref/mqtt.md as a hub sees them. What a gateway names goes into file names, so ids are
// checked here and nowhere later. Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace camgate::hub {

enum class UpTopic { Status, Event, Telemetry, Checkpoint, Audit, Manifest, Chunk, Reply };

struct UpAddress {
    UpTopic topic;
    std::string gateway;
    std::string word;  ///< camera of an event or checkpoint, clip of a manifest or chunk; else empty
};

/// Nothing if it is no topic that a gateway publishes, or an id in it is none.
std::optional<UpAddress> parseUpTopic(std::string_view topic);

/// What a hub process with this name subscribes to: chunks are for it alone.
std::vector<std::string> hubSubscriptions(const std::string& hub_name);

std::string downTopic(std::string_view gateway, std::string_view suffix);

/// 1 to 32 of `a-z 0-9 -`.
bool isGatewayId(std::string_view text);
/// Lower-case hex, 1 to 64 digits: clips, events, rows.
bool isHexId(std::string_view text);

}  // namespace camgate::hub
