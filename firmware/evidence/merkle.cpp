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
std::uint64_t splitOf(std::uint64_t size) {
    return std::bit_floor(size - 1);
}

/// Leaves from `first` up to `end`.
struct Range {
    std::uint64_t first = 0;
    std::uint64_t end = 0;
    bool apartFrom(const Range& other) const { return end <= other.first || other.end <= first; }
};

void collectBeside(std::span<const Digest> leaves, const Range& node, const Range& range,
                   std::vector<Digest>& proof) {
    if (node.apartFrom(range)) {
        proof.push_back(merkleRoot(leaves.subspan(static_cast<std::size_t>(node.first),
                                                  static_cast<std::size_t>(node.end - node.first))));
        return;
    }
    if (node.end - node.first == 1) return;
    const std::uint64_t middle = node.first + splitOf(node.end - node.first);
    collectBeside(leaves, {node.first, middle}, range, proof);
    collectBeside(leaves, {middle, node.end}, range, proof);
}

class RootOfRange {
  public:
    RootOfRange(std::span<const Digest> leaves, const Range& range, std::span<const Digest> proof)
        : leaves_(leaves), range_(range), proof_(proof) {}

    std::optional<Digest> run(std::uint64_t tree_size) {
        const Digest root = rootOf({0, tree_size});
        if (short_ || !proof_.empty()) return std::nullopt;
        return root;
    }

  private:
    Digest rootOf(const Range& node) {
        if (node.apartFrom(range_)) return takeProof();
        if (node.end - node.first == 1) return leaves_[static_cast<std::size_t>(node.first - range_.first)];
        const std::uint64_t middle = node.first + splitOf(node.end - node.first);
        const Digest left = rootOf({node.first, middle});
        return nodeHash(left, rootOf({middle, node.end}));
    }
    Digest takeProof() {
        if (proof_.empty()) {
            short_ = true;
            return {};
        }
        const Digest digest = proof_.front();
        proof_ = proof_.subspan(1);
        return digest;
    }

    std::span<const Digest> leaves_;
    Range range_;
    std::span<const Digest> proof_;
    bool short_ = false;
};

}  // namespace

Digest merkleRoot(std::span<const Digest> leaves) {
    if (leaves.empty()) return crypto::sha256({});
    if (leaves.size() == 1) return leaves.front();
    const auto split = static_cast<std::size_t>(splitOf(leaves.size()));
    return nodeHash(merkleRoot(leaves.first(split)), merkleRoot(leaves.subspan(split)));
}

Result<std::vector<Digest>> rangeProof(std::span<const Digest> leaves, std::uint64_t first,
                                       std::uint64_t count) {
    if (count == 0 || first >= leaves.size() || count > leaves.size() - first) {
        return fail(ErrorKind::InvalidArgument, std::to_string(count) + " leaves from " +
                                                    std::to_string(first) + " of " +
                                                    std::to_string(leaves.size()));
    }
    std::vector<Digest> proof;
    collectBeside(leaves, {0, leaves.size()}, {first, first + count}, proof);
    return proof;
}

std::optional<Digest> rootOfRange(std::span<const Digest> range, std::uint64_t first, std::uint64_t tree_size,
                                  std::span<const Digest> proof) {
    if (range.empty() || first >= tree_size || range.size() > tree_size - first) return std::nullopt;
    return RootOfRange(range, {first, first + range.size()}, proof).run(tree_size);
}

}  // namespace camgate::evidence
