// What holding a clip against its manifest brings to light. Values, any thread. Names and meanings:
// docs/ref/verify.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "crypto/hash.hpp"

namespace camgate::evidence {

enum class ClipFault : std::uint8_t {
    Altered,      ///< the record's hash is another one
    Table,        ///< the fragment shows its pictures otherwise than the record has them
    Header,       ///< of a file: what stands in front of its records
    Missing,      ///< the record is not there
    Foreign,      ///< another record lies in its place
    Moved,        ///< another one of this clip lies in its place
    Extra,        ///< bytes that belong to no record
    Time,         ///< the manifest and the record's own clock disagree
    UnlistedGap,  ///< records are missing in front of it and the manifest does not say so
};
inline constexpr std::size_t kClipFaults = 9;
std::string_view toString(ClipFault fault);

struct ClipFinding {
    ClipFault fault = ClipFault::Altered;
    std::optional<std::size_t> record;  ///< in the manifest; none: behind the last one
    std::string detail;
};
inline constexpr std::size_t kMostFindings = 100;

struct ClipReport {
    std::vector<ClipFinding> findings;  ///< by record; at most kMostFindings
    std::size_t more_findings = 0;
    std::size_t missing_records = 0;
    bool hash_right = false;
    crypto::Digest sha256{};
    std::size_t camera_signatures = 0;
    /// The largest difference between a record's wall time as the manifest has it and as it was recorded.
    Duration corrected{0};

    /// There are findings, and they are nothing but pieces that are not there.
    bool onlyMissing() const;
};

}  // namespace camgate::evidence
