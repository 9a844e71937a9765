#include "tools/verify/verdict.hpp"

#include <algorithm>
#include <array>

#include "evidence/clip_check.hpp"

namespace camgate::verify {
namespace {

struct Row {
    Verdict verdict;
    std::string_view name;
    int status;
};
constexpr std::array kVerdicts{
    Row{Verdict::Anchored, "anchored", 0},         Row{Verdict::Unchanged, "unchanged", 10},
    Row{Verdict::NotAnchored, "not-anchored", 11}, Row{Verdict::Incomplete, "incomplete", 20},
    Row{Verdict::Altered, "altered", 21},          Row{Verdict::NotAuthentic, "not-authentic", 22},
};

const Row& rowOf(Verdict verdict) {
    return kVerdicts.at(static_cast<std::size_t>(verdict));
}

Verdict verdictOf(const Findings& findings) {
    if (!findings.signature_fault.empty()) return Verdict::NotAuthentic;
    if (findings.clip.onlyMissing()) return Verdict::Incomplete;
    if (!findings.clip.findings.empty()) return Verdict::Altered;
    if (!findings.anchors && findings.evidence_fault.empty()) return Verdict::Unchanged;
    const bool all = findings.anchors && !findings.anchors->first_loose;
    return all ? Verdict::Anchored : Verdict::NotAnchored;
}

void judgeAnchors(const Evidence& evidence, const evidence::Authorities& authorities, Findings& findings) {
    if (!evidence.checkpoints) return;
    const auto document = evidence::parseClipEvidence(*evidence.checkpoints);
    if (!document) {
        findings.evidence_fault = document.error().context;
    } else if (document->clip != findings.manifest.manifest.clip) {
        findings.evidence_fault = "it is of another clip";
    } else {
        findings.anchors = evidence::checkAnchors(*document, findings.manifest.manifest, authorities);
    }
}

}  // namespace

std::string_view toString(Verdict verdict) {
    return rowOf(verdict).name;
}

int exitStatusOf(Verdict verdict) {
    return rowOf(verdict).status;
}

Result<Findings> judge(evidence::ClipBytes& clip, const Evidence& evidence,
                       const evidence::Authorities& authorities) {
    auto read = evidence::readSignedManifest(evidence.signed_manifest);
    if (!read) return std::unexpected(read.error());
    Findings findings;
    findings.manifest = std::move(*read);
    const auto verified =
        evidence::verifyManifest(evidence.signed_manifest, authorities.gateways, authorities.at);
    if (verified) {
        findings.manifest.signer = verified->signer;
    } else {
        findings.signature_fault = verified.error().context;
    }
    auto report = evidence::checkClip(clip, findings.manifest.manifest, findings.manifest.sha256);
    if (!report) return std::unexpected(report.error());
    findings.clip = std::move(*report);
    judgeAnchors(evidence, authorities, findings);
    findings.verdict = verdictOf(findings);
    return findings;
}

}  // namespace camgate::verify
