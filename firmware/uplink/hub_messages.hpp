// What the hub says, read within bounds: at most 64 KiB, 32 levels, every type and range checked, nothing
// thrown. InvalidArgument names the JSON pointer and what was expected there. Any thread. Implements
// docs/ref/mqtt.md (Down).
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "clip/clip.hpp"
#include "outbox/row.hpp"
#include "uplink/providers.hpp"
#include "uplink/secret_owner.hpp"

namespace camgate::uplink {

constexpr std::size_t kLongestDown_bytes = 64U << 10U;
constexpr std::uint64_t kMostEventsAsked = 100;

struct Receipt {
    std::vector<std::string> ids;  ///< at most 1024, each 1 to 64 hex digits
    /// Signed documents of the hub, JSON text, not yet verified; at most 16.
    std::vector<std::string> countersignatures;
    /// So long the hub wants no rows but alarms and replies, at most an hour; none: as before.
    std::optional<std::chrono::seconds> delay;
};
[[nodiscard]] Result<Receipt> parseReceipt(ByteView payload);

struct ByteRange {
    std::uint64_t from = 0;
    std::uint64_t to = 0;  ///< exclusive, above `from`
};
/// Of [from, to]; nothing if it is anything else.
std::optional<ByteRange> readByteRange(const nlohmann::json& range);

struct ClipReceipt {
    std::string owner;  ///< a topic word
    std::vector<ByteRange> missing;
    bool complete = false;
    std::optional<bool> verified;
    std::optional<std::uint64_t> manifest_part;  ///< the hub still misses this one, and says nothing else
};
/// `clip_bytes`: no range may end beyond it.
[[nodiscard]] Result<ClipReceipt> parseClipReceipt(ByteView payload, std::uint64_t clip_bytes);

struct ClipOrder {
    std::string camera;
    WallTime from;
    WallTime to;
    clip::Quality quality = clip::Quality::Preview;
    std::string case_number;
    std::string officer;
    std::string purpose;
};
[[nodiscard]] Result<ClipOrder> parseClipOrder(ByteView payload);
/// What the audit trail keeps of it, as a JSON object.
std::string clipOrderJson(const ClipOrder& order, const std::string& clip);

/// A clip order without an end: live view, `"to": "follow"`.
struct LiveOrder {
    std::string camera;
    clip::Quality quality = clip::Quality::Preview;
    std::uint32_t seconds = 0;  ///< 1 to 1800
    std::uint64_t most_bytes = 0;
    std::string case_number;
    std::string officer;
    std::string purpose;
};
/// Nothing of it is checked but its `to`.
bool isLiveOrder(ByteView payload);
[[nodiscard]] Result<LiveOrder> parseLiveOrder(ByteView payload);
/// What the audit trail keeps of it, as a JSON object.
std::string liveOrderJson(const LiveOrder& order, const std::string& live);

[[nodiscard]] Result<std::string> parseSnapshotOrder(ByteView payload);
/// The clip's id.
[[nodiscard]] Result<std::string> parseCancelOrder(ByteView payload);
/// `limit` is within 1 and kMostEventsAsked.
[[nodiscard]] Result<outbox::EventQuery> parseEventsOrder(ByteView payload);
/// All but `id` and `who`.
[[nodiscard]] Result<UpdateOrder> parseUpdateOrder(ByteView payload);
/// What the audit trail keeps of it, as a JSON object.
std::string updateOrderJson(const UpdateOrder& order);
/// What an events order's `behind` takes.
std::string placeText(const outbox::EventEntry& entry);
/// Nothing is opened yet.
[[nodiscard]] Result<SecretOrder> parseSecretOrder(ByteView payload);
[[nodiscard]] Status parseEmptyOrder(ByteView payload);

}  // namespace camgate::uplink
