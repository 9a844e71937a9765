// Whether a manifest's times and gaps are those of its records: within a boot all records' own clocks lead to
// their wall times by one offset, and where records are missing a gap is listed. Pure, any thread.
#pragma once

#include <optional>
#include <vector>

#include "evidence/canonical_record.hpp"
#include "evidence/clip_report.hpp"
#include "evidence/manifest.hpp"

namespace camgate::evidence {

/// By record of the manifest: its header, if its leaf is right.
using ProvenHeaders = std::vector<std::optional<CanonicalHeader>>;

/// `corrected`: see ClipReport.
void checkTimeline(const Manifest& manifest, const ProvenHeaders& proven, std::vector<ClipFinding>& findings,
                   Duration& corrected);

}  // namespace camgate::evidence
