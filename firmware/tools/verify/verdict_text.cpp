#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/wall_text.hpp"
#include "tools/verify/verdict.hpp"

namespace camgate::verify {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

constexpr std::size_t kListed = 10;

/// Text out of a document may hold anything; a terminal gets letters.
std::string printable(std::string text) {
    std::ranges::replace_if(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
    return text;
}

std::int64_t wholeMilliseconds(Duration duration) {
    return std::chrono::duration_cast<milliseconds>(duration).count();
}

std::string spanText(WallTime from, WallTime to) {
    return formatWallTime(from) + " to " + formatWallTime(to);
}

std::string timesOf(const evidence::AnchorReport& anchors) {
    return *anchors.first == *anchors.last
               ? "at " + formatWallTime(*anchors.first)
               : "between " + formatWallTime(*anchors.first) + " and " + formatWallTime(*anchors.last);
}

std::string hubsOf(const evidence::AnchorReport& anchors) {
    std::string names;
    for (const auto& hub : anchors.hubs) names += (names.empty() ? "" : ", ") + printable(hub);
    return names;
}

std::string headline(const Findings& findings) {
    switch (findings.verdict) {
        case Verdict::Anchored:
            return "ANCHORED: unchanged since it reached the gateway, and the hub (" +
                   hubsOf(*findings.anchors) + ") had the hash of every record " +
                   timesOf(*findings.anchors) + ".";
        case Verdict::Unchanged:
            return "UNCHANGED since it reached the gateway. Nothing was given that says when "
                   "(--checkpoints).";
        case Verdict::NotAnchored:
            return "UNCHANGED since it reached the gateway, and NOT ANCHORED: nobody but the gateway says "
                   "when.";
        case Verdict::Incomplete:
            return "INCOMPLETE: what is there is unchanged, " +
                   std::to_string(findings.clip.missing_records) + " of " +
                   std::to_string(findings.manifest.manifest.records.size()) + " records are missing.";
        case Verdict::Altered:
            return "ALTERED: this is not what reached the gateway.";
        case Verdict::NotAuthentic:
            return "NOT AUTHENTIC: the manifest is not what the gateway signed (" +
                   printable(findings.signature_fault) + ").";
    }
    return {};
}

std::string findingText(const evidence::Manifest& manifest, const evidence::ClipFinding& finding) {
    if (!finding.record) return "the clip: " + printable(finding.detail);
    const auto& record = manifest.records[*finding.record];
    return "record " + std::to_string(*finding.record) + " (number " + std::to_string(record.id.sequence) +
           ", from " + formatWallTime(record.start) + "): " + std::string(toString(finding.fault)) + ": " +
           printable(finding.detail);
}

std::string findingsText(const Findings& findings) {
    const auto& found = findings.clip.findings;
    std::string text;
    for (std::size_t i = 0; i < std::min(found.size(), kListed); ++i) {
        text += (i == 0 ? "  first    " : "           ") + findingText(findings.manifest.manifest, found[i]) +
                "\n";
    }
    const std::size_t more = found.size() + findings.clip.more_findings - std::min(found.size(), kListed);
    if (more > 0) text += "           and " + std::to_string(more) + " more\n";
    return text;
}

std::string timeText(const Findings& findings) {
    const auto& manifest = findings.manifest.manifest;
    std::string text = "  time     ";
    text += manifest.time_quality == WallQuality::Unsynced
                ? "the gateway did not know the time"
                : "by the gateway's clock (" + std::string(toString(manifest.time_quality)) + ")";
    if (manifest.error_bound) text += ", within " + std::to_string(manifest.error_bound->count()) + " ms";
    if (const auto moved = wholeMilliseconds(findings.clip.corrected); moved != 0) {
        text += "; corrected by up to " + std::to_string(moved) + " ms after it was recorded";
    }
    return text + "\n";
}

std::string anchorText(const Findings& findings) {
    if (!findings.evidence_fault.empty())
        return "  anchors  the evidence document is of no use: " + printable(findings.evidence_fault) + "\n";
    if (!findings.anchors) return {};
    const auto& anchors = *findings.anchors;
    std::string text = "  anchors  " + std::to_string(anchors.anchored_records) + " of " +
                       std::to_string(findings.manifest.manifest.records.size()) + " records";
    if (anchors.first) text += ", countersigned " + timesOf(anchors);
    if (anchors.first_loose) {
        text += "; the first without one is record " + std::to_string(*anchors.first_loose) + ", from " +
                formatWallTime(findings.manifest.manifest.records[*anchors.first_loose].start);
    }
    if (!anchors.detail.empty()) text += " (" + printable(anchors.detail) + ")";
    return text + "\n";
}

json anchorsJson(const Findings& findings) {
    if (!findings.evidence_fault.empty()) return {{"state", "unusable"}, {"detail", findings.evidence_fault}};
    if (!findings.anchors) return {{"state", "not-given"}};
    const auto& anchors = *findings.anchors;
    json out{{"state", anchors.first_loose ? "incomplete" : "complete"},
             {"records", anchors.anchored_records},
             {"hubs", anchors.hubs},
             {"detail", anchors.detail}};
    if (anchors.first) out["first"] = formatWallTime(*anchors.first);
    if (anchors.last) out["last"] = formatWallTime(*anchors.last);
    return out;
}

json findingJson(const evidence::Manifest& manifest, const evidence::ClipFinding& finding) {
    json out{{"fault", toString(finding.fault)}, {"detail", finding.detail}};
    if (!finding.record) return out;
    const auto& record = manifest.records[*finding.record];
    out.update({{"record", *finding.record},
                {"session", evidence::sessionText(record.id.session)},
                {"sequence", record.id.sequence},
                {"start", formatWallTime(record.start)}});
    return out;
}

json timeJson(const Findings& findings) {
    const auto& manifest = findings.manifest.manifest;
    json out{{"quality", toString(manifest.time_quality)},
             {"corrected_ms", wholeMilliseconds(findings.clip.corrected)}};
    if (manifest.error_bound) out["error_ms"] = manifest.error_bound->count();
    return out;
}

}  // namespace

std::string toText(const Findings& findings) {
    const auto& manifest = findings.manifest.manifest;
    std::string text = headline(findings) + "\n" + findingsText(findings);
    text += "  clip     " + manifest.clip + "\n";
    text += "  shows    camera " + printable(manifest.camera) + " of gateway " + printable(manifest.gateway) +
            ", " + spanText(manifest.covered.from, manifest.covered.to) + ", " +
            std::to_string(manifest.records.size()) + " records, " + std::to_string(manifest.gaps.size()) +
            " gaps\n";
    text += timeText(findings) + anchorText(findings);
    if (findings.clip.camera_signatures > 0) {
        text += "  camera   its own signatures are in the stream (" +
                std::to_string(findings.clip.camera_signatures) + "); they were not verified\n";
    }
    return text;
}

std::string toJsonText(const Findings& findings) {
    const auto& manifest = findings.manifest.manifest;
    json out{
        {"v", 1},
        {"verdict", toString(findings.verdict)},
        {"status", exitStatusOf(findings.verdict)},
        {"clip", manifest.clip},
        {"gateway", manifest.gateway},
        {"camera", manifest.camera},
        {"stream", media::toString(manifest.stream)},
        {"covered",
         {{"from", formatWallTime(manifest.covered.from)}, {"to", formatWallTime(manifest.covered.to)}}},
        {"records", manifest.records.size()},
        {"sha256",
         {{"state", findings.clip.hash_right ? "right" : "wrong"}, {"found", toHex(findings.clip.sha256)}}},
        {"findings", json::array()},
        {"more_findings", findings.clip.more_findings},
        {"missing_records", findings.clip.missing_records},
        {"anchors", anchorsJson(findings)},
        {"time", timeJson(findings)},
        {"camera_signatures", findings.clip.camera_signatures}};
    out["signature"] = findings.signature_fault.empty()
                           ? json{{"state", "good"}, {"signer", findings.manifest.signer}}
                           : json{{"state", "bad"}, {"detail", findings.signature_fault}};
    for (const auto& finding : findings.clip.findings) {
        out["findings"].push_back(findingJson(manifest, finding));
    }
    return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace camgate::verify
