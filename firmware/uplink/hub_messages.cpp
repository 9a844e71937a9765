#include "uplink/hub_messages.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/wall_text.hpp"
#include "evidence/bounded_json.hpp"
#include "evidence/object_reader.hpp"
#include "uplink/topics.hpp"

namespace camgate::uplink {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxIds = 1024;
constexpr std::size_t kMaxId_bytes = 64;
constexpr std::size_t kMaxMissingRanges = 64;
constexpr std::size_t kMaxWord_bytes = 64;
constexpr std::size_t kMaxSecretName_bytes = 256;
constexpr std::size_t kMaxText_bytes = 256;
constexpr std::size_t kMaxUrl_bytes = 512;
constexpr std::uint64_t kLargestBundle_bytes = 1ULL << 30U;
constexpr std::size_t kMaxCountersignatures = 16;
constexpr std::uint64_t kLongestDelay_s = 3600;
constexpr std::uint64_t kLongestLive_s = 1800;
constexpr std::uint64_t kLargestLive_bytes = 1ULL << 30U;
constexpr std::string_view kFollow = "follow";
constexpr std::size_t kDefaultEvents = 50;

constexpr evidence::Names<clip::Quality, 2> kQualities{
    {{"preview", clip::Quality::Preview}, {"full", clip::Quality::Full}}};

Result<Json> readObject(ByteView payload) {
    return evidence::parseBoundedObject(asText(payload), kLongestDown_bytes);
}

bool isHex(const std::string& text) {
    return !text.empty() && text.size() <= kMaxId_bytes &&
           text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

bool readBool(const Json& document, const char* field, evidence::ObjectReader& in) {
    const auto found = document.find(field);
    if (found != document.end() && found->is_boolean()) return found->get<bool>();
    in.setFault(field, "true or false");
    return false;
}

std::optional<std::int64_t> wholeNumber(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// Of placeText().
std::optional<outbox::EventPlace> eventPlaceOf(std::string_view text) {
    const std::size_t middle = text.find('_');
    if (middle == std::string_view::npos) return std::nullopt;
    const auto start = wholeNumber(text.substr(0, middle));
    const auto position = wholeNumber(text.substr(middle + 1));
    if (!start || !position) return std::nullopt;
    return outbox::EventPlace{WallTime(Duration(*start)), *position};
}

std::string optionalText(evidence::ObjectReader& in, std::string_view field) {
    return in.has(field) ? in.text(field, kMaxText_bytes) : std::string();
}

std::vector<std::string> readCountersignatures(const Json& document, evidence::ObjectReader& in) {
    constexpr const char* kField = "countersignatures";
    const auto all = document.find(kField);
    if (all == document.end()) return {};
    std::vector<std::string> texts;
    bool good = all->is_array() && all->size() <= kMaxCountersignatures;
    for (std::size_t i = 0; good && i < all->size(); ++i) {
        good = (*all)[i].is_object();
        texts.push_back((*all)[i].dump());
    }
    if (!good) in.setFault(kField, "an array of at most 16 objects");
    return texts;
}

}  // namespace

std::optional<ByteRange> readByteRange(const Json& range) {
    if (!range.is_array() || range.size() != 2) return std::nullopt;
    if (!range[0].is_number_unsigned() || !range[1].is_number_unsigned()) return std::nullopt;
    const ByteRange read{range[0].get<std::uint64_t>(), range[1].get<std::uint64_t>()};
    return read.from < read.to ? std::optional(read) : std::nullopt;
}

Result<Receipt> parseReceipt(ByteView payload) {
    const auto document = readObject(payload);
    if (!document) return std::unexpected(document.error());
    evidence::ObjectReader in(*document);
    in.number("v", 1, 1);
    Receipt receipt;
    const auto ids = document->find("ids");
    if (ids == document->end() || !ids->is_array() || ids->size() > kMaxIds) {
        in.setFault("ids", "an array of at most 1024 ids");
    } else {
        for (const auto& id : *ids) {
            const auto* text = id.get_ptr<const std::string*>();
            if (text == nullptr || !isHex(*text)) {
                in.setFault("ids", "ids of 1 to 64 hex digits");
                break;
            }
            receipt.ids.push_back(*text);
        }
    }
    receipt.countersignatures = readCountersignatures(*document, in);
    if (in.has("delay_s")) receipt.delay = std::chrono::seconds(in.number("delay_s", 0, kLongestDelay_s));
    if (auto status = in.status(); !status) return std::unexpected(status.error());
    return receipt;
}

Result<ClipReceipt> parseClipReceipt(ByteView payload, std::uint64_t clip_bytes) {
    const auto document = readObject(payload);
    if (!document) return std::unexpected(document.error());
    evidence::ObjectReader in(*document);
    in.number("v", 1, 1);
    ClipReceipt receipt;
    receipt.owner = in.word("owner", kMaxWord_bytes);
    receipt.complete = readBool(*document, "complete", in);
    const auto verified = document->find("verified");
    if (verified != document->end() && !verified->is_null()) {
        receipt.verified = readBool(*document, "verified", in);
    }
    if (in.has("manifest_part")) receipt.manifest_part = in.number("manifest_part", 0);
    const auto missing = document->find("missing");
    if (missing == document->end() || !missing->is_array() || missing->size() > kMaxMissingRanges) {
        in.setFault("missing", "an array of at most 64 ranges");
    } else {
        for (const auto& value : *missing) {
            const auto range = readByteRange(value);
            if (!range || range->to > clip_bytes) {
                in.setFault("missing", "[from, to] within the clip's bytes");
                break;
            }
            receipt.missing.push_back(*range);
        }
    }
    if (auto status = in.status(); !status) return std::unexpected(status.error());
    return receipt;
}

Result<ClipOrder> parseClipOrder(ByteView payload) {
    const auto document = readObject(payload);
    if (!document) return std::unexpected(document.error());
    evidence::ObjectReader in(*document);
    ClipOrder order;
    order.camera = in.word("camera", kMaxWord_bytes);
    order.from = in.time("from");
    order.to = in.time("to");
    if (in.has("quality")) order.quality = in.oneOf("quality", kQualities);
    order.case_number = optionalText(in, "case");
    order.officer = optionalText(in, "officer");
    order.purpose = optionalText(in, "purpose");
    if (auto status = in.status(); !status) return std::unexpected(status.error());
    return order;
}

std::string clipOrderJson(const ClipOrder& order, const std::string& clip) {
    Json document{{"camera", order.camera},         {"from", formatWallTime(order.from)},
                  {"to", formatWallTime(order.to)}, {"quality", evidence::nameOf(kQualities, order.quality)},
                  {"case", order.case_number},      {"officer", order.officer},
                  {"purpose", order.purpose}};
    if (!clip.empty()) document["clip"] = clip;
    return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool isLiveOrder(ByteView payload) {
    const auto document = readObject(payload);
    if (!document) return false;
    const auto to = document->find("to");
    return to != document->end() && *to == kFollow;
}

Result<LiveOrder> parseLiveOrder(ByteView payload) {
    const auto document = readObject(payload);
    if (!document) return std::unexpected(document.error());
    evidence::ObjectReader in(*document);
    LiveOrder order;
    order.camera = in.word("camera", kMaxWord_bytes);
    if (in.has("quality")) order.quality = in.oneOf("quality", kQualities);
    order.seconds = static_cast<std::uint32_t>(in.number("seconds", 1, kLongestLive_s));
    order.most_bytes = in.number("bytes", 1, kLargestLive_bytes);
    order.case_number = optionalText(in, "case");
    order.officer = optionalText(in, "officer");
    order.purpose = optionalText(in, "purpose");
    if (auto status = in.status(); !status) return std::unexpected(status.error());
    return order;
}

std::string liveOrderJson(const LiveOrder& order, const std::string& live) {
    Json document{{"camera", order.camera},    {"to", kFollow},
                  {"seconds", order.seconds},  {"bytes", order.most_bytes},
                  {"case", order.case_number}, {"officer", order.officer},
                  {"purpose", order.purpose},  {"quality", evidence::nameOf(kQualities, order.quality)}};
    if (!live.empty()) document["live"] = live;
    return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::string> parseSnapshotOrder(ByteView payload) {
    const auto document = readObject(payload);
    if (!document) return std::unexpected(document.error());
    evidence::ObjectReader in(*document);
    std::string camera = in.word("camera", kMaxWord_bytes);
    if (auto status = in.status(); !status) return std::unexpected(status.error());
    return camera;
}

Result<SecretOrder> parseSecretOrder(ByteView payload) {
    const auto document = readObject(payload);
    if (!document) return std::unexpected(document.error());
    evidence::ObjectReader in(*document);
    SecretOrder order;
    std::string ephemeral;
    order.name = in.text("name", kMaxSecretName_bytes);
    in.object("sealed", [&](evidence::ObjectReader& sealed) {
        order.sealed.to = toHex(sealed.digest("to"));
        ephemeral = sealed.text("ephemeral", kMaxWord_bytes * 2);
        order.sealed.bytes = sealed.base64("bytes");
    });
    if (auto status = in.status(); !status) return std::unexpected(status.error());
    const auto point = evidence::pointFromBase64(ephemeral);
    if (!point) return std::unexpected(point.error());
    order.sealed.ephemeral = *point;
    return order;
}

Result<std::string> parseCancelOrder(ByteView payload) {
    const auto document = readObject(payload);
    if (!document) return std::unexpected(document.error());
    evidence::ObjectReader in(*document);
    std::string clip = toHex(in.digest("clip"));
    if (auto status = in.status(); !status) return std::unexpected(status.error());
    return clip;
}

Result<outbox::EventQuery> parseEventsOrder(ByteView payload) {
    const auto document = readObject(payload);
    if (!document) return std::unexpected(document.error());
    evidence::ObjectReader in(*document);
    outbox::EventQuery query;
    if (in.has("camera")) query.camera = in.word("camera", kMaxWord_bytes);
    if (in.has("from")) query.from = in.time("from");
    if (in.has("to")) query.to = in.time("to");
    query.limit = kDefaultEvents;
    if (in.has("limit")) query.limit = static_cast<std::size_t>(in.number("limit", 1, kMostEventsAsked));
    if (in.has("behind")) {
        query.behind = eventPlaceOf(in.word("behind", kMaxWord_bytes));
        if (!query.behind) in.setFault("behind", "the \"next\" of an earlier answer");
    }
    if (auto status = in.status(); !status) return std::unexpected(status.error());
    return query;
}

Result<UpdateOrder> parseUpdateOrder(ByteView payload) {
    const auto document = readObject(payload);
    if (!document) return std::unexpected(document.error());
    evidence::ObjectReader in(*document);
    UpdateOrder order;
    order.version = in.text("version", kMaxWord_bytes);
    order.sha256 = toHex(in.digest("sha256"));
    order.bytes = in.number("bytes", 1, kLargestBundle_bytes);
    if (in.has("url")) {
        order.url = in.text("url", kMaxUrl_bytes);
        if (!order.url.starts_with("https://") && !order.url.starts_with("http://"))
            in.setFault("url", "an http:// or https:// address");
    }
    if (in.has("not_before")) order.not_before = in.time("not_before");
    if (document->contains("allow_downgrade"))
        order.allow_downgrade = readBool(*document, "allow_downgrade", in);
    if (auto status = in.status(); !status) return std::unexpected(status.error());
    return order;
}

std::string updateOrderJson(const UpdateOrder& order) {
    Json document{{"version", order.version},
                  {"sha256", order.sha256},
                  {"bytes", order.bytes},
                  {"allow_downgrade", order.allow_downgrade}};
    if (!order.url.empty()) document["url"] = order.url;
    if (order.not_before) document["not_before"] = formatWallTime(*order.not_before);
    return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string placeText(const outbox::EventEntry& entry) {
    return std::to_string(entry.start.time_since_epoch().count()) + "_" + std::to_string(entry.position);
}

Status parseEmptyOrder(ByteView payload) {
    if (auto document = readObject(payload); !document) return std::unexpected(document.error());
    return {};
}

}  // namespace camgate::uplink
