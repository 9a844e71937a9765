#include "evidence/merkle.hpp"

#include <array>
#include <bit>
#include <string>

namespace camgate::evidence {
namespace {

Digest nodeHash(const Digest& left, const Digest& right) {
    static constexpr std::array<std::uint8_t, 1> kNodePrefix{0x01};
    crypto::Sha256 hash;
    hash.update(kNodePrefix);
    hash.update(left);
    hash.update(right);
    return hash.finish();
}

/// Where a tree of `size` > 1 leaves divides: the largest power of two below it.
std::size_t splitOf(std::size_t size) {
    return std::bit_floor(size - 1);
}

}  // namespace

Digest merkleRoot(std::span<const Digest> leaves) {
    if (leaves.empty()) return crypto::sha256({});
    if (leaves.size() == 1) return leaves.front();
    const std::size_t split = splitOf(leaves.size());
    return nodeHash(merkleRoot(leaves.first(split)), merkleRoot(leaves.subspan(split)));
}

Result<std::vector<Digest>> inclusionProof(std::span<const Digest> leaves, std::uint64_t index) {
    if (index >= leaves.size()) {
        return fail(ErrorKind::InvalidArgument,
                    "leaf " + std::to_string(index) + " of " + std::to_string(leaves.size()));
    }
    std::vector<Digest> downwards;
    while (leaves.size() > 1) {
        const std::size_t split = splitOf(leaves.size());
        const bool in_left = index < split;
        downwards.push_back(merkleRoot(in_left ? leaves.subspan(split) : leaves.first(split)));
        leaves = in_left ? leaves.first(split) : leaves.subspan(split);
        if (!in_left) index -= split;
    }
    return std::vector<Digest>(downwards.rbegin(), downwards.rend());
}

bool verifyInclusion(const Digest& leaf, std::uint64_t index, std::uint64_t tree_size,
                     std::span<const Digest> proof, const Digest& root) {
    if (index >= tree_size) return false;
    // RFC 9162, 2.1.3.2: the same tree, its verification written out.
    std::uint64_t node = index;
    std::uint64_t last = tree_size - 1;
    Digest hash = leaf;
    for (const Digest& sibling : proof) {
        if (last == 0) return false;
        if ((node & 1U) != 0 || node == last) {
            hash = nodeHash(sibling, hash);
            while ((node & 1U) == 0 && node != 0) {
                node >>= 1U;
                last >>= 1U;
            }
        } else {
            hash = nodeHash(hash, sibling);
        }
        node >>= 1U;
        last >>= 1U;
    }
    return last == 0 && hash == root;
}

}  // namespace camgate::evidence
