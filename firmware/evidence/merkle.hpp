// Merkle tree of RFC 6962, section 2.1, over leaves that are hashed already (leaf.hpp). Any thread.
// Implements docs/ref/evidence.md (Tree).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "crypto/hash.hpp"

namespace camgate::evidence {

using crypto::Digest;

/// Of no leaves: SHA-256 of nothing.
[[nodiscard]] Digest merkleRoot(std::span<const Digest> leaves);

/// What leads from leaves that lie side by side to the root: the hashes of the largest subtrees beside them,
/// from left to right. For one leaf these are its audit path's. InvalidArgument: no such leaves.
[[nodiscard]] Result<std::vector<Digest>> rangeProof(std::span<const Digest> leaves, std::uint64_t first,
                                                     std::uint64_t count);

/// The root over which `range` lies from leaf `first` on, in a tree of `tree_size`; nothing if the proof does
/// not fit. Proofs may come from anyone.
[[nodiscard]] std::optional<Digest> rootOfRange(std::span<const Digest> range, std::uint64_t first,
                                                std::uint64_t tree_size, std::span<const Digest> proof);

}  // namespace camgate::evidence
