#include "tools/hub/clip_verdict.hpp"

#include <nlohmann/json.hpp>

#include "base/wall_text.hpp"
#include "media/mp4_reader.hpp"
#include "tools/hub/fields.hpp"

namespace camgate::hub {

using nlohmann::json;

namespace {

/// Walking needs the file in memory.
constexpr std::uint64_t kMaxWalked_bytes = 1ULL << 30U;

json walkFile(const evidence::ManifestFile& claimed, Result<Bytes> bytes) {
    json out{{"bytes", claimed.bytes}, {"playable", false}};
    if (!bytes) return out.update({{"error", bytes.error().describe()}}), out;
    const auto contents = media::readMp4(*bytes);
    if (!contents) return out.update({{"error", contents.error().describe()}}), out;
    if (contents->tracks.size() != 1 || contents->tracks[0].samples.empty()) {
        return out.update({{"error", "not one track with pictures"}}), out;
    }
    const media::Mp4ReadTrack& track = contents->tracks[0];
    out["codec"] = track.config.codec == media::Codec::H265 ? "h265" : "h264";
    out["duration_s"] = contents->durationSeconds();
    out["pictures"] = track.samples.size();
    out["playable"] = track.samples[0].sync && track.config.codec == claimed.codec;
    if (!track.samples[0].sync)
        out["error"] = "it does not start at a random access point";
    else if (track.config.codec != claimed.codec)
        out["error"] = "another codec than the manifest's";
    return out;
}

json judgeSignature(const ClipClaim& claim, const crypto::Certificate& authority, WallTime now) {
    if (claim.signed_manifest.empty())
        return {{"state", "none"}, {"detail", "the gateway has no evidence key"}};
    const auto verified = evidence::verifyManifest(claim.signed_manifest, authority, now);
    if (!verified) return {{"state", "bad"}, {"detail", verified.error().context}};
    if (verified->manifest != claim.plan || verified->sha256 != claim.sha256)
        return {{"state", "bad"}, {"detail", "it signs another manifest than the announced"}};
    return {{"state", "good"}, {"signer", verified->signer}};
}

json judgeFiles(const ClipClaim& claim, ClipFile& file) {
    json files = json::array();
    std::uint64_t at = 0;
    for (const evidence::ManifestFile& claimed : claim.plan.files) {
        const ByteRange range{at, at + claimed.bytes};
        at = range.to;
        json row =
            claimed.bytes > kMaxWalked_bytes
                ? json{{"bytes", claimed.bytes}, {"playable", false}, {"error", "too long to be walked"}}
                : walkFile(claimed, file.read(range));
        row["name"] = clipFileName(claim.clip, files.size());
        files.push_back(std::move(row));
    }
    return files;
}

}  // namespace

std::string clipFileName(const std::string& clip, std::size_t index) {
    return clip + (index == 0 ? "" : "-" + std::to_string(index + 1)) + ".mp4";
}

Result<ClipClaim> claimFromPlan(const std::string& gateway, const std::string& clip, const json& message) {
    const auto wrong = [](const std::string& what) {
        return fail(ErrorKind::InvalidArgument, "clip plan: " + what);
    };
    ClipClaim claim;
    claim.gateway = gateway;
    claim.clip = clip;
    claim.event = textField(message, "event");
    claim.correlation = textField(message, "correlation");
    claim.bytes = numberField(message, "bytes").value_or(0);
    const auto text = fromBase64(textField(message, "manifest"));
    if (!text) return wrong("the manifest is not base64");
    auto manifest = evidence::parseManifest(asText(*text));
    if (!manifest) return std::unexpected(manifest.error());
    if (manifest->clip != clip || manifest->gateway != gateway)
        return wrong("the manifest is of another clip");
    std::uint64_t sum = 0;
    for (const auto& file : manifest->files) {
        if (file.bytes == 0 || file.bytes > claim.bytes - sum)
            return wrong("its files are longer than the clip");
        sum += file.bytes;
    }
    if (claim.bytes == 0 || sum != claim.bytes) return wrong("its files are shorter than the clip");
    claim.plan = std::move(*manifest);
    claim.manifest_text = asText(*text);
    return claim;
}

void addComplete(ClipClaim& claim, const json& message) {
    claim.sha256 = textField(message, "sha256");
    claim.signed_manifest.clear();
    if (!message.contains("signature")) return;
    const json& signature = objectField(message, "signature");
    claim.signed_manifest = toLine({{"manifest", toBase64(asBytes(claim.manifest_text))},
                                    {"sha256", claim.sha256},
                                    {"cert", textField(signature, "cert")},
                                    {"sig", textField(signature, "sig")}});
}

json judgeClip(const ClipClaim& claim, ClipFile& file, bool hash_right, const crypto::Certificate& authority,
               WallTime now) {
    const json signature = judgeSignature(claim, authority, now);
    const json files = judgeFiles(claim, file);
    bool playable = true;
    for (const json& row : files) playable = playable && row.at("playable").get<bool>();
    json out{{"v", 1},
             {"clip", claim.clip},
             {"gateway", claim.gateway},
             {"event", nullptr},
             {"correlation", nullptr}};
    if (!claim.event.empty()) out["event"] = claim.event;
    if (!claim.correlation.empty()) out["correlation"] = claim.correlation;
    out["received"] = formatWallTime(now);
    out["bytes"] = claim.bytes;
    out["sha256"] = claim.sha256;
    out["verified"] = hash_right && playable && signature["state"] != "bad";
    out["signature"] = signature;
    out["files"] = files;
    out["manifest"] = json::parse(claim.manifest_text, nullptr, false);
    if (!claim.signed_manifest.empty()) out["signed"] = json::parse(claim.signed_manifest, nullptr, false);
    return out;
}

}  // namespace camgate::hub
