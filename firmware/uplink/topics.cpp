#include "uplink/topics.hpp"

#include <algorithm>
#include <array>

namespace camgate::uplink {
namespace {

constexpr std::array kTopics{
    TopicRow{Topic::Status, "status", true, true},
    TopicRow{Topic::Event, "event/+"},
    TopicRow{Topic::Telemetry, "telemetry"},
    TopicRow{Topic::Checkpoint, "checkpoint/+"},
    TopicRow{Topic::Audit, "audit"},
    TopicRow{Topic::ConfigReported, "config/reported", true, true},
    TopicRow{Topic::ClipManifest, "clip/+/manifest"},
    TopicRow{Topic::ClipChunk, "clip/+/chunk/+"},
    TopicRow{Topic::Live, "live/+"},
    TopicRow{Topic::Reply, "reply"},
    TopicRow{Topic::Renewal, "renewal"},
    TopicRow{Topic::Probe, "probe"},
    TopicRow{Topic::UpdateWanted, "update/+/wanted"},
    TopicRow{Topic::Receipt, "receipt", false},
    TopicRow{Topic::ClipReceipt, "clip/+/receipt", false},
    TopicRow{Topic::Command, "command/+", false},
    TopicRow{Topic::ConfigDesired, "config/desired", false, true},
    TopicRow{Topic::Trust, "trust", false, true},
    TopicRow{Topic::Bundle, "bundle", false},
    TopicRow{Topic::UpdatePiece, "update/+/piece", false},
};

constexpr std::string_view kPrefix = "camgate/v1/";
constexpr std::size_t kMaxTopicWord_bytes = 64;

bool isWordCharacter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

/// The word that stands for the pattern's one +.
std::optional<std::string> match(std::string_view pattern, std::string_view suffix) {
    const auto plus = pattern.find('+');
    if (plus == std::string_view::npos) {
        if (pattern != suffix) return std::nullopt;
        return std::string();
    }
    const std::string_view before = pattern.substr(0, plus);
    const std::string_view after = pattern.substr(plus + 1);
    if (suffix.size() <= before.size() + after.size()) return std::nullopt;
    if (!suffix.starts_with(before) || !suffix.ends_with(after)) return std::nullopt;
    const auto word = suffix.substr(before.size(), suffix.size() - before.size() - after.size());
    if (!isTopicWord(word)) return std::nullopt;
    return std::string(word);
}

}  // namespace

std::span<const TopicRow> topicTable() {
    return kTopics;
}

bool isTopicWord(std::string_view text) {
    return !text.empty() && text.size() <= kMaxTopicWord_bytes && std::ranges::all_of(text, isWordCharacter);
}

std::string topicSuffix(Topic topic, std::initializer_list<std::string_view> words) {
    std::string suffix;
    const auto* word = words.begin();
    for (const char c : kTopics.at(static_cast<std::size_t>(topic)).pattern) {
        if (c == '+' && word != words.end()) {
            suffix += *word++;
        } else {
            suffix += c;
        }
    }
    return suffix;
}

std::string fullTopic(std::string_view gateway, std::string_view suffix) {
    return std::string(kPrefix) + std::string(gateway) + "/" + std::string(suffix);
}

std::optional<ParsedTopic> parseDownTopic(std::string_view gateway, std::string_view topic) {
    const std::string prefix = fullTopic(gateway, "");
    if (!topic.starts_with(prefix)) return std::nullopt;
    const std::string_view suffix = topic.substr(prefix.size());
    for (const auto& row : kTopics) {
        if (row.up) continue;
        if (auto word = match(row.pattern, suffix)) return ParsedTopic{row.topic, std::move(*word)};
    }
    return std::nullopt;
}

std::vector<std::string> controlSubscriptions(std::string_view gateway) {
    std::vector<std::string> topics;
    for (const auto& row : kTopics) {
        if (!row.up) topics.push_back(fullTopic(gateway, row.pattern));
    }
    return topics;
}

}  // namespace camgate::uplink
