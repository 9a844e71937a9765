#include "tools/hub/topics.hpp"

#include <algorithm>
#include <array>

namespace camgate::hub {
namespace {

constexpr std::string_view kPrefix = "camgate/v1/";
constexpr std::string_view kEnrolPrefix = "camgate/v1/enrol/";
/// A client of the enrolment's listener is called so: no other one's session can be taken over there.
constexpr std::string_view kEnrolClient = "enrol-";
constexpr std::string_view kEnrolRequest = "/request";

struct TopicRow {
    UpTopic topic;
    std::string_view before;  ///< the word
    std::string_view after;
    bool hex;  ///< the word is a hash, else a camera's id
};
constexpr std::array kRows{
    TopicRow{UpTopic::Status, "status", "", false},
    TopicRow{UpTopic::Event, "event/", "", false},
    TopicRow{UpTopic::Telemetry, "telemetry", "", false},
    TopicRow{UpTopic::Checkpoint, "checkpoint/", "", false},
    TopicRow{UpTopic::Audit, "audit", "", false},
    TopicRow{UpTopic::Manifest, "clip/", "/manifest", true},
    TopicRow{UpTopic::Chunk, "clip/", "/chunk/", true},
    TopicRow{UpTopic::Reply, "reply", "", false},
    TopicRow{UpTopic::ClipReceipt, "clip/", "/receipt", true},
    TopicRow{UpTopic::Renewal, "renewal", "", false},
    TopicRow{UpTopic::Wanted, "update/", "/wanted", true},
};

/// What stands for the row's word; nothing if the row does not match.
std::optional<std::string_view> wordOf(const TopicRow& row, std::string_view suffix) {
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

/// Of `camgate/v1/enrol/enrol-<gateway>/request`.
std::optional<UpAddress> parseEnrolTopic(std::string_view topic) {
    topic.remove_prefix(kEnrolPrefix.size());
    if (!topic.starts_with(kEnrolClient) || !topic.ends_with(kEnrolRequest)) return std::nullopt;
    topic.remove_prefix(kEnrolClient.size());
    if (topic.size() <= kEnrolRequest.size()) return std::nullopt;
    topic.remove_suffix(kEnrolRequest.size());
    if (!isGatewayId(topic)) return std::nullopt;
    return UpAddress{UpTopic::Enrol, std::string(topic), {}};
}

}  // namespace

bool isHexId(std::string_view text) {
    return !text.empty() && text.size() <= 64 &&
           std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::optional<UpAddress> parseUpTopic(std::string_view topic) {
    if (!topic.starts_with(kPrefix)) return std::nullopt;
    if (topic.starts_with(kEnrolPrefix)) return parseEnrolTopic(topic);
    topic.remove_prefix(kPrefix.size());
    const auto slash = topic.find('/');
    if (slash == topic.npos || !isGatewayId(topic.substr(0, slash))) return std::nullopt;
    const std::string_view suffix = topic.substr(slash + 1);
    for (const TopicRow& row : kRows) {
        if (const auto word = wordOf(row, suffix)) {
            return UpAddress{row.topic, std::string(topic.substr(0, slash)), std::string(*word)};
        }
    }
    return std::nullopt;
}

std::vector<std::string> sharedSubscriptions(const std::string& group, bool bundles) {
    const std::string prefix = "$share/" + group + "/" + std::string(kPrefix) + "+/";
    std::vector<std::string> filters;
    for (const char* suffix : {"event/+", "telemetry", "audit", "clip/+/manifest", "reply"})
        filters.push_back(prefix + suffix);
    if (bundles) filters.push_back(prefix + "update/+/wanted");
    return filters;
}

std::vector<std::string> ownSubscriptions(const std::string& hub_name, bool renewals) {
    std::vector<std::string> filters;
    for (const std::string& suffix :
         {std::string("status"), std::string("checkpoint/+"), std::string("clip/+/manifest"),
          std::string("clip/+/receipt"), "clip/+/chunk/" + hub_name}) {
        filters.push_back(std::string(kPrefix) + "+/" + suffix);
    }
    if (renewals) {
        filters.push_back(std::string(kPrefix) + "+/renewal");
        filters.push_back(std::string(kEnrolPrefix) + "+/request");
    }
    return filters;
}

std::string enrolTopic(std::string_view gateway, std::string_view last) {
    return std::string(kEnrolPrefix).append(kEnrolClient).append(gateway).append("/").append(last);
}

std::string downTopic(std::string_view gateway, std::string_view suffix) {
    return std::string(kPrefix).append(gateway).append("/").append(suffix);
}

}  // namespace camgate::hub
