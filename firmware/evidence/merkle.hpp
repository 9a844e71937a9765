// Merkle tree of RFC 6962, section 2.1, over leaves that are hashed already (leaf.hpp). Any thread.
// Implements docs/ref/evidence.md (Tree).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "crypto/hash.hpp"

namespace camgate::evidence {

using crypto::Digest;

/// Of no leaves: SHA-256 of nothing.
[[nodiscard]] Digest merkleRoot(std::span<const Digest> leaves);

/// The audit path, from the leaf's sibling upwards. InvalidArgument: there is no such leaf.
[[nodiscard]] Result<std::vector<Digest>> inclusionProof(std::span<const Digest> leaves, std::uint64_t index);

/// `leaf` is number `index` of the `tree_size` leaves under `root`. Proofs may come from anyone.
[[nodiscard]] bool verifyInclusion(const Digest& leaf, std::uint64_t index, std::uint64_t tree_size,
                                   std::span<const Digest> proof, const Digest& root);

}  // namespace camgate::evidence
