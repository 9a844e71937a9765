// What proves when a clip's records existed: checkpoints with the hub's countersignatures, and for each
// stretch of records the hashes that lead from their leaves to a checkpoint's root. A document beside clip
// and manifest; itself unsigned, all in it is. Values; checking: one thread. Implements docs/ref/evidence.md
// (Clip evidence).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/certificate.hpp"
#include "evidence/manifest.hpp"

namespace camgate::evidence {

struct AnchoredCheckpoint {
    std::string checkpoint;        ///< signed document, JSON text
    std::string countersignature;  ///< signed document, JSON text; empty: none yet
};

struct RangeProof {
    std::uint64_t checkpoint = 0;  ///< which of them
    std::uint64_t record = 0;      ///< first one, in the manifest
    std::uint64_t records = 0;     ///< side by side in manifest and ledger
    std::uint64_t leaf = 0;        ///< its place in the checkpoint's tree
    std::vector<crypto::Digest> path;
};

struct ClipEvidence {
    std::string clip;  ///< id
    std::vector<AnchoredCheckpoint> checkpoints;
    std::vector<RangeProof> proofs;
};

constexpr std::size_t kMaxClipEvidence_bytes = 4U << 20U;

std::string toJsonText(const ClipEvidence& evidence);
/// InvalidArgument names the JSON pointer and what was expected there.
[[nodiscard]] Result<ClipEvidence> parseClipEvidence(std::string_view text);

struct AnchorReport {
    std::size_t anchored_records = 0;
    std::optional<std::size_t> first_loose;  ///< first record that no countersigned root covers
    std::optional<WallTime> first;           ///< when the hub had the earliest of the checkpoints
    std::optional<WallTime> last;            ///< and the latest
    std::vector<std::string> hubs;
    std::string detail;  ///< the first thing that does not hold; empty: all does
};

struct Authorities {
    const crypto::Certificate& gateways;
    const crypto::Certificate& hubs;
    WallTime at;  ///< when certificates must be valid
};

/// The clip itself is not looked at: its leaves are those of the manifest.
[[nodiscard]] AnchorReport checkAnchors(const ClipEvidence& evidence, const Manifest& manifest,
                                        const Authorities& authorities);

}  // namespace camgate::evidence
