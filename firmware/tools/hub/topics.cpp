#include "tools/hub/topics.hpp"

#include <algorithm>
#include <array>

namespace camgate::hub {
namespace {

constexpr std::string_view kPrefix = "camgate/v1/";

struct Row {
    UpTopic topic;
    std::string_view before;  ///< the word
    std::string_view after;
    bool hex;  ///< the word is a hash, else a camera's id
};
constexpr std::array kRows{
    Row{UpTopic::Status, "status", "", false},       Row{UpTopic::Event, "event/", "", false},
    Row{UpTopic::Telemetry, "telemetry", "", false}, Row{UpTopic::Checkpoint, "checkpoint/", "", false},
    Row{UpTopic::Audit, "audit", "", false},         Row{UpTopic::Manifest, "clip/", "/manifest", true},
    Row{UpTopic::Chunk, "clip/", "/chunk/", true},   Row{UpTopic::Reply, "reply", "", false},
};

/// What stands for the row's word; nothing if the row does not match.
std::optional<std::string_view> wordOf(const Row& row, std::string_view suffix) {
    if (!suffix.starts_with(row.before)) return std::nullopt;
    suffix.remove_prefix(row.before.size());
    if (!row.before.ends_with('/')) return suffix.empty() ? std::optional(suffix) : std::nullopt;
    if (row.topic == UpTopic::Chunk) {  // the owner behind it is this hub, by subscription
        const auto at = suffix.find(row.after);
        if (at == suffix.npos) return std::nullopt;
        suffix = suffix.substr(0, at);
    } else {
        if (!suffix.ends_with(row.after)) return std::nullopt;
        suffix.remove_suffix(row.after.size());
    }
    const bool good = row.hex ? isHexId(suffix) : isGatewayId(suffix);
    return good ? std::optional(suffix) : std::nullopt;
}

}  // namespace

bool isGatewayId(std::string_view text) {
    return !text.empty() && text.size() <= 32 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

bool isHexId(std::string_view text) {
    return !text.empty() && text.size() <= 64 &&
           std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::optional<UpAddress> parseUpTopic(std::string_view topic) {
    if (!topic.starts_with(kPrefix)) return std::nullopt;
    topic.remove_prefix(kPrefix.size());
    const auto slash = topic.find('/');
    if (slash == topic.npos || !isGatewayId(topic.substr(0, slash))) return std::nullopt;
    const std::string_view suffix = topic.substr(slash + 1);
    for (const Row& row : kRows) {
        if (const auto word = wordOf(row, suffix)) {
            return UpAddress{row.topic, std::string(topic.substr(0, slash)), std::string(*word)};
        }
    }
    return std::nullopt;
}

std::vector<std::string> hubSubscriptions(const std::string& hub_name) {
    std::vector<std::string> filters;
    for (const char* suffix :
         {"status", "event/+", "telemetry", "checkpoint/+", "audit", "clip/+/manifest", "reply"}) {
        filters.push_back(std::string(kPrefix) + "+/" + suffix);
    }
    filters.push_back(std::string(kPrefix) + "+/clip/+/chunk/" + hub_name);
    return filters;
}

std::string downTopic(std::string_view gateway, std::string_view suffix) {
    return std::string(kPrefix).append(gateway).append("/").append(suffix);
}

}  // namespace camgate::hub
