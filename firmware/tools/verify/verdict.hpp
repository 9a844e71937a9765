// What camgate-verify says of a clip: the checks of evidence/ put together into one verdict, in plain words
// or JSON. Pure but for reading the clip. One thread. Implements docs/ref/verify.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "evidence/clip_bytes.hpp"
#include "evidence/clip_evidence.hpp"
#include "evidence/clip_report.hpp"

namespace camgate::verify {

enum class Verdict { Anchored, Unchanged, NotAnchored, Incomplete, Altered, NotAuthentic };
std::string_view toString(Verdict verdict);
int exitStatusOf(Verdict verdict);

struct Evidence {
    std::string_view signed_manifest;
    std::optional<std::string_view> checkpoints;  ///< the clip's evidence document
};

struct Findings {
    Verdict verdict = Verdict::NotAuthentic;
    evidence::VerifiedManifest manifest;
    std::string signature_fault;  ///< empty: it is good
    evidence::ClipReport clip;
    std::optional<evidence::AnchorReport> anchors;
    std::string evidence_fault;  ///< why the evidence document is of no use
};

/// An error: the clip cannot be read, or the manifest is none.
[[nodiscard]] Result<Findings> judge(evidence::ClipBytes& clip, const Evidence& evidence,
                                     const evidence::Authorities& authorities);

std::string toText(const Findings& findings);
std::string toJsonText(const Findings& findings);

}  // namespace camgate::verify
