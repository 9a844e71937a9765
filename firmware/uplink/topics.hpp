// The topics of the hub protocol as a table: building what is published, reading what arrives. Any thread.
// Implements docs/ref/mqtt.md.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace camgate::uplink {

enum class Topic : std::uint8_t {
    Status,
    Event,
    Telemetry,
    Checkpoint,
    Audit,
    ConfigReported,
    ClipManifest,
    ClipChunk,
    Live,
    Reply,
    Renewal,
    Probe,
    UpdateWanted,
    Receipt,
    ClipReceipt,
    Command,
    ConfigDesired,
    Trust,
    Bundle,
    UpdatePiece,
};

struct TopicRow {
    Topic topic;
    std::string_view pattern;  ///< below the gateway's prefix; + stands for one word
    bool up = true;            ///< published by the gateway
    bool retained = false;
};

std::span<const TopicRow> topicTable();

/// 1 to 64 of `A-Z a-z 0-9 . _ -`: what may stand for a +.
bool isTopicWord(std::string_view text);

/// The part below the prefix, for example "clip/ab12/manifest". `words` fill the + in order; all of them must
/// be topic words.
std::string topicSuffix(Topic topic, std::initializer_list<std::string_view> words = {});
std::string fullTopic(std::string_view gateway, std::string_view suffix);

struct ParsedTopic {
    Topic topic = Topic::Receipt;
    std::string word;  ///< what stood for the +; empty: the pattern has none
};
/// Nothing unless it is one of this gateway's topics that a hub publishes.
std::optional<ParsedTopic> parseDownTopic(std::string_view gateway, std::string_view topic);

/// What the control connection subscribes to.
std::vector<std::string> controlSubscriptions(std::string_view gateway);

}  // namespace camgate::uplink
