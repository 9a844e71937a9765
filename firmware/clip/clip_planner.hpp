// Resolves a request against the ring, out of its indexes and a few sample tables: where a clip starts and
// ends, what is missing in between, where a new file begins. Storage thread only.
// Implements docs/ref/clip.md (Planning).
#pragma once

#include "clip/clip_plan.hpp"
#include "ring/ring.hpp"

namespace camgate::clip {

/// NotFound: nothing recorded there, and what there is. InvalidArgument: a range that is no range, or over an
/// hour. Corruption or what the medium answers, if an index cannot be read.
[[nodiscard]] Result<ClipPlan> makePlan(ring::Ring& ring, const ClipRequest& request);

}  // namespace camgate::clip
