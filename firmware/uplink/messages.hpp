// What the gateway says to the hub, as JSON text. Text that is not UTF-8 (camera names, paths) is mended, so
// that building never fails. Rows are built without their id; withId() puts it in. Any thread. Implements
// docs/ref/mqtt.md (Up).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "crypto/agreement_key.hpp"
#include "outbox/row.hpp"
#include "uplink/event_report.hpp"
#include "uplink/providers.hpp"

namespace camgate::uplink {

constexpr std::size_t kLongestUp_bytes = (64U << 10U) + 512;
/// So much of a manifest fits one message, in base64 and with what goes with it.
constexpr std::size_t kMostManifestPart_bytes = 44U << 10U;

/// "abc", {"v":1,...} -> {"id":"abc","v":1,...}; `id` is hex.
std::string withId(std::string_view id, std::string_view json);
Bytes payloadOf(std::string_view json);

struct LineStatus {
    std::uint32_t cap_kbps = 0;
    bool paced = false;  ///< by the kernel, not by the gateway's counting alone
};

struct StatusDocument {
    std::string session;
    WallReading now;
    std::string firmware;
    std::vector<CameraStatus> cameras;
    StorageStatus storage;
    LineStatus line;
    std::optional<std::uint64_t> outbox_rows;
    std::string update_json = {};  ///< a JSON object; empty: there was no update
};
std::string statusJson(const StatusDocument& status);
/// The will and the last word: the connection with this session is over.
std::string offlineJson(std::string_view session);

/// `still_json`: of PictureText; empty: none.
std::string eventJson(const EventReport& report, std::string_view still_json = {});

struct SealNote {
    std::string to;  ///< fingerprint of the hub's receive certificate
    crypto::PublicPoint ephemeral{};
};

struct ClipAnnouncement {
    std::string clip;
    std::string event;  ///< empty: none
    Bytes correlation;  ///< empty: none
    std::uint64_t bytes = 0;
    std::size_t chunk_bytes = 0;
    std::string manifest;  ///< exact JSON bytes
    std::size_t manifest_part_bytes = kMostManifestPart_bytes;
    std::optional<SealNote> sealed;
};
struct LiveAnnouncement {
    std::string live;
    std::uint32_t seconds = 0;
    std::uint64_t most_bytes = 0;
    std::optional<SealNote> sealed;
};
/// The result of the order, a JSON object.
std::string liveAnnouncementJson(const LiveAnnouncement& live);

std::size_t manifestParts(std::string_view manifest, std::size_t part_bytes);
/// `part` counts from 0, below manifestParts().
std::string manifestPlanJson(const ClipAnnouncement& clip, std::size_t part);
/// InvalidArgument: `signed_json` is neither empty nor a JSON object.
[[nodiscard]] Result<std::string> manifestCompleteJson(std::string_view clip, std::string_view sha256_hex,
                                                       std::string_view signed_json);

struct Refusal {
    ErrorKind kind = ErrorKind::Internal;
    std::string reason;
    std::string message;         ///< empty: the reason alone
    std::string challenge = {};  ///< for the hub to sign; empty: none
};
struct FailedClip {
    std::string clip;
    std::string event;
    Bytes correlation;
    Refusal why;
};
std::string manifestFailedJson(const FailedClip& clip);

/// `result_json` must be JSON.
std::string replyJson(std::string_view command, ByteView correlation, std::string_view result_json);
std::string refusalJson(std::string_view command, ByteView correlation, const Refusal& refusal);

struct UplinkFigures {
    outbox::Figures outbox;
    std::vector<outbox::Gap> gaps;
    std::uint64_t unstored_lost = 0;  ///< rows lost because the outbox could not be written
    std::uint64_t open_clips = 0;
    std::uint64_t clips_verified = 0;
    std::uint64_t clips_failed = 0;
    std::uint64_t chunk_bytes_sent = 0;
    std::uint64_t most_chunk_bytes_in_flight = 0;
    std::map<std::string, std::uint64_t> refused;
};
std::string telemetryJson(WallTime at, const TelemetryFigures& figures, const UplinkFigures& uplink);

}  // namespace camgate::uplink
