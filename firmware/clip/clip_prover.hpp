// Leads a clip's records to the checkpoints that lie over them: makes each checkpoint's tree again out of the
// ring's indexes, and for each stretch of the clip's records in it a range proof. Storage thread only.
// Implements docs/design/ledger.md (Proof of a clip).
#pragma once

#include "clip/clip_plan.hpp"
#include "evidence/clip_evidence.hpp"
#include "ring/ring.hpp"

namespace camgate::clip {

CheckpointQuery checkpointQuery(const ClipPlan& plan, const ring::RingFileHeader& ring);

/// Without the clip's id. A checkpoint whose records are not all there any more is left out, and with it what
/// only it could prove. An error only if the ring's indexes cannot be read.
[[nodiscard]] Result<evidence::ClipEvidence> proveClip(
    ring::Ring& ring, const ClipPlan& plan, const std::vector<evidence::AnchoredCheckpoint>& checkpoints);

}  // namespace camgate::clip
