#include "evidence/clip_report.hpp"

#include <algorithm>
#include <array>

namespace camgate::evidence {

std::string_view toString(ClipFault fault) {
    constexpr std::array<std::string_view, kClipFaults> kNames{
        "altered", "table", "header", "missing", "foreign", "moved", "extra", "time", "unlisted-gap"};
    return kNames.at(static_cast<std::size_t>(fault));
}

bool ClipReport::onlyMissing() const {
    const auto isMissing = [](const ClipFinding& finding) { return finding.fault == ClipFault::Missing; };
    return more_findings == 0 && !findings.empty() && std::ranges::all_of(findings, isMissing);
}

}  // namespace camgate::evidence
