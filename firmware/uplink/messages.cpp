#include "uplink/messages.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/wall_text.hpp"

namespace camgate::uplink {
namespace {

using Json = nlohmann::json;

std::string dump(const Json& document) {
    return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json timeJson(WallQuality quality, std::chrono::milliseconds error_bound) {
    Json time{{"quality", toString(quality)}};
    if (quality == WallQuality::Ntp) time["error_ms"] = error_bound.count();
    return time;
}

Json optionalTime(const std::optional<WallTime>& time) {
    return time ? Json(formatWallTime(*time)) : Json(nullptr);
}

Json textOrNull(const std::string& text) {
    return text.empty() ? Json(nullptr) : Json(text);
}

Json hexOrNull(ByteView bytes) {
    return bytes.empty() ? Json(nullptr) : Json(toHex(bytes));
}

Json errorJson(const Refusal& refusal) {
    Json error{{"kind", toString(refusal.kind)}, {"reason", refusal.reason}};
    if (!refusal.message.empty()) error["message"] = refusal.message;
    if (!refusal.challenge.empty()) error["challenge"] = refusal.challenge;
    return error;
}

Json objectOf(std::string_view text) {
    auto parsed = Json::parse(text, nullptr, false);
    return parsed.is_discarded() ? Json(nullptr) : parsed;
}

template <class T>
void putIfKnown(Json& object, const char* name, const std::optional<T>& value) {
    if (value) object[name] = *value;
}

constexpr std::array<std::string_view, 3> kPhases{"start", "update", "end"};

Json cameraFigures(const CameraFigures& camera) {
    Json figures{{"id", camera.id}};
    putIfKnown(figures, "bytes", camera.bytes);
    putIfKnown(figures, "frames", camera.frames);
    putIfKnown(figures, "keyframes", camera.keyframes);
    putIfKnown(figures, "stored_records", camera.stored_records);
    putIfKnown(figures, "mended_times", camera.mended_times);
    putIfKnown(figures, "bad_units", camera.bad_units);
    putIfKnown(figures, "dropped_units", camera.dropped_units);
    return figures;
}

Json storageJson(const StorageStatus& storage) {
    Json out = {{"state", storage.state}, {"detail", storage.detail}};
    if (!storage.sealed.empty()) out["sealed"] = storage.sealed;
    return out;
}

Json storageFigures(const StorageFigures& storage) {
    Json figures = Json::object();
    putIfKnown(figures, "ring_bytes", storage.ring_bytes);
    putIfKnown(figures, "written_bytes", storage.written_bytes);
    putIfKnown(figures, "syncs", storage.syncs);
    putIfKnown(figures, "slow_writes", storage.slow_writes);
    if (storage.stall_cover)
        figures["stall_cover_s"] = std::chrono::duration<double>(*storage.stall_cover).count();
    if (storage.oldest) figures["oldest"] = formatWallTime(*storage.oldest);
    return figures;
}

Json outboxFigures(const UplinkFigures& uplink) {
    Json gaps = Json::array();
    for (const auto& gap : uplink.gaps) {
        gaps.push_back({{"camera", gap.camera},
                        {"first", formatWallTime(gap.first)},
                        {"last", formatWallTime(gap.last)},
                        {"count", gap.count}});
    }
    return {{"rows", uplink.outbox.rows},
            {"bytes", uplink.outbox.bytes},
            {"dropped", uplink.outbox.dropped},
            {"unstored_lost", uplink.unstored_lost},
            {"gaps", std::move(gaps)}};
}

Json sealNoteJson(const SealNote& note) {
    return {{"to", note.to}, {"ephemeral", toBase64(note.ephemeral)}};
}

}  // namespace

std::string withId(std::string_view id, std::string_view json) {
    std::string text = R"({"id":")" + std::string(id) + "\",";
    text += json.substr(1);
    return text;
}

Bytes payloadOf(std::string_view json) {
    return {json.begin(), json.end()};
}

std::string statusJson(const StatusDocument& status) {
    Json cameras = Json::array();
    for (const auto& camera : status.cameras) {
        cameras.push_back({{"id", camera.id},
                           {"name", camera.name},
                           {"state", camera.state},
                           {"detail", camera.detail},
                           {"since", formatWallTime(camera.since)}});
    }
    Json document{
        {"v", 1},
        {"online", true},
        {"session", status.session},
        {"at", formatWallTime(status.now.time)},
        {"firmware", status.firmware},
        {"time", timeJson(status.now.quality, status.now.error_bound)},
        {"cameras", std::move(cameras)},
        {"storage", storageJson(status.storage)},
        {"line",
         {{"cap_kbps", status.line.cap_kbps}, {"paced_by", status.line.paced ? "kernel" : "gateway"}}},
        {"outbox", Json::object()}};
    putIfKnown(document["outbox"], "rows", status.outbox_rows);
    if (Json update = Json::parse(status.update_json, nullptr, false); update.is_object())
        document["update"] = std::move(update);
    return dump(document);
}

std::string offlineJson(std::string_view session) {
    return dump({{"v", 1}, {"online", false}, {"session", session}});
}

std::string eventJson(const EventReport& report, std::string_view still_json) {
    Json document{
        {"v", 1},
        {"event", report.event},
        {"phase", kPhases.at(static_cast<std::size_t>(report.phase))},
        {"camera", report.camera},
        {"kind", "motion"},
        {"alarm", report.alarm},
        {"start", formatWallTime(report.start)},
        {"last_motion", formatWallTime(report.last_motion)},
        {"end", optionalTime(report.end)},
        {"clip", {{"from", formatWallTime(report.clip_from)}, {"to", optionalTime(report.clip_to)}}},
        {"time", timeJson(report.quality, report.error_bound)},
        {"confidence", report.confidence},
        {"box", report.box},
        {"zones", report.zones}};
    if (!still_json.empty()) document["still"] = objectOf(still_json);
    return dump(document);
}

std::size_t manifestParts(std::string_view manifest, std::size_t part_bytes) {
    return std::max<std::size_t>(1, (manifest.size() + part_bytes - 1) / part_bytes);
}

std::string manifestPlanJson(const ClipAnnouncement& clip, std::size_t part) {
    const std::string_view bytes =
        std::string_view(clip.manifest).substr(part * clip.manifest_part_bytes, clip.manifest_part_bytes);
    Json document{{"v", 1},
                  {"clip", clip.clip},
                  {"phase", "plan"},
                  {"event", textOrNull(clip.event)},
                  {"correlation", hexOrNull(clip.correlation)},
                  {"bytes", clip.bytes},
                  {"chunk_bytes", clip.chunk_bytes},
                  {"part", part},
                  {"parts", manifestParts(clip.manifest, clip.manifest_part_bytes)},
                  {"manifest", toBase64(asBytes(bytes))}};
    if (clip.sealed) document["sealed"] = sealNoteJson(*clip.sealed);
    return dump(document);
}

std::string liveAnnouncementJson(const LiveAnnouncement& live) {
    Json document{{"live", live.live}, {"seconds", live.seconds}, {"bytes", live.most_bytes}};
    if (live.sealed) document["sealed"] = sealNoteJson(*live.sealed);
    return dump(document);
}

Result<std::string> manifestCompleteJson(std::string_view clip, std::string_view sha256_hex,
                                         std::string_view signed_json) {
    Json document{{"v", 1}, {"clip", clip}, {"phase", "complete"}, {"sha256", sha256_hex}};
    if (!signed_json.empty()) {
        Json signed_document = objectOf(signed_json);
        if (!signed_document.is_object())
            return fail(ErrorKind::InvalidArgument, "the signed manifest is no JSON object");
        // The hub has the manifest's bytes: the signature alone goes after them.
        document["signature"] = {{"cert", signed_document.value("cert", "")},
                                 {"sig", signed_document.value("sig", "")}};
    }
    return dump(document);
}

std::string manifestFailedJson(const FailedClip& clip) {
    return dump({{"v", 1},
                 {"clip", clip.clip},
                 {"phase", "failed"},
                 {"event", textOrNull(clip.event)},
                 {"correlation", hexOrNull(clip.correlation)},
                 {"error", errorJson(clip.why)}});
}

std::string replyJson(std::string_view command, ByteView correlation, std::string_view result_json) {
    return dump({{"v", 1},
                 {"command", command},
                 {"correlation", toHex(correlation)},
                 {"ok", true},
                 {"result", objectOf(result_json)}});
}

std::string refusalJson(std::string_view command, ByteView correlation, const Refusal& refusal) {
    return dump({{"v", 1},
                 {"command", command},
                 {"correlation", toHex(correlation)},
                 {"ok", false},
                 {"error", errorJson(refusal)}});
}

std::string telemetryJson(WallTime at, const TelemetryFigures& figures, const UplinkFigures& uplink) {
    Json document{{"v", 1},
                  {"at", formatWallTime(at)},
                  {"cameras", Json::array()},
                  {"storage", storageFigures(figures.storage)},
                  {"outbox", outboxFigures(uplink)},
                  {"clips",
                   {{"open", uplink.open_clips},
                    {"verified", uplink.clips_verified},
                    {"failed", uplink.clips_failed},
                    {"chunk_bytes_sent", uplink.chunk_bytes_sent}}},
                  {"processes", Json::array()},
                  {"refused", uplink.refused}};
    putIfKnown(document, "uptime_s", figures.uptime_s);
    for (const auto& camera : figures.cameras) document["cameras"].push_back(cameraFigures(camera));
    for (const auto& process : figures.processes) {
        Json entry{{"name", process.name}};
        putIfKnown(entry, "cpu_s", process.cpu_s);
        putIfKnown(entry, "rss_kb", process.rss_kb);
        document["processes"].push_back(std::move(entry));
    }
    return dump(document);
}

}  // namespace camgate::uplink
