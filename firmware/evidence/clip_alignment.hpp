// Which unit of a clip is which record of its manifest, also where records were dropped, added, moved or
// damaged beyond recognition. Pure, any thread.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "evidence/clip_report.hpp"
#include "evidence/clip_units.hpp"
#include "evidence/manifest.hpp"

namespace camgate::evidence {

struct ClipAlignment {
    std::vector<std::optional<std::size_t>> unit_of;  ///< by record
    std::vector<ClipFinding> findings;                ///< Missing, Moved, Extra
};

ClipAlignment alignUnits(std::span<const ClipUnit> units, std::span<const ManifestRecord> records);

}  // namespace camgate::evidence
