#include "clip/clip_prover.hpp"

#include <algorithm>

#include "evidence/checkpoint.hpp"
#include "evidence/merkle.hpp"
#include "ring/camera_tag.hpp"

namespace camgate::clip {
namespace {

/// Wall times may have been corrected by so much since the checkpoint and still be looked for by them.
constexpr Duration kSearchSlack = std::chrono::hours(1);

std::vector<std::uint64_t> sequencesOf(const ClipPlan& plan) {
    std::vector<std::uint64_t> sequences;
    for (const PlannedFile& file : plan.files) {
        for (const PlannedRecord& record : file.records) sequences.push_back(record.sequence);
    }
    return sequences;
}

/// The leaves that the checkpoint is over, as the ring has them now.
struct Tree {
    std::vector<std::uint64_t> sequences;
    std::vector<crypto::Digest> leaves;
};

class Prover {
  public:
    Prover(ring::Ring& ring, const ClipPlan& plan)
        : ring_(ring),
          plan_(plan),
          tag_(ring::cameraTag(plan.gateway, plan.request.camera)),
          sequences_(sequencesOf(plan)) {}

    Status add(const evidence::AnchoredCheckpoint& anchored) {
        const auto checkpoint = evidence::readSignedCheckpoint(anchored.checkpoint);
        if (!checkpoint) return {};  // of no use to anybody
        const auto tree = treeOf(*checkpoint);
        if (!tree) return std::unexpected(tree.error());
        if (evidence::merkleRoot(tree->leaves) != checkpoint->root) return {};
        const std::uint64_t number = evidence_.checkpoints.size();
        evidence_.checkpoints.push_back(anchored);
        return addProofs(*tree, number);
    }
    evidence::ClipEvidence take() { return std::move(evidence_); }

  private:
    Result<Tree> treeOf(const evidence::Checkpoint& checkpoint) {
        auto found = findIn(checkpoint, checkpoint.from - kSearchSlack, checkpoint.to + kSearchSlack);
        if (!found || found->leaves.size() == checkpoint.leaves) return found;
        const auto span = ring_.coverage(tag_, plan_.stream);
        return span ? findIn(checkpoint, span->from, span->to) : found;
    }

    Result<Tree> findIn(const evidence::Checkpoint& checkpoint, WallTime from, WallTime to) {
        const auto records = ring_.find(tag_, plan_.stream, from, to);
        if (!records) return std::unexpected(records.error());
        Tree tree;
        for (const ring::RecordInfo& record : *records) {
            const std::uint64_t sequence = record.header.sequence;
            if (sequence < checkpoint.first.sequence || sequence > checkpoint.last.sequence) continue;
            tree.sequences.push_back(sequence);
            tree.leaves.push_back(record.leaf);
        }
        return tree;
    }

    Status addProofs(const Tree& tree, std::uint64_t checkpoint) {
        for (std::size_t record = 0; record < sequences_.size();) {
            const auto at = std::ranges::lower_bound(tree.sequences, sequences_[record]);
            if (at == tree.sequences.end() || *at != sequences_[record]) {
                ++record;
                continue;
            }
            const auto leaf = static_cast<std::size_t>(at - tree.sequences.begin());
            const std::size_t count = stretch(tree, leaf, record);
            auto path = evidence::rangeProof(tree.leaves, leaf, count);
            if (!path) return std::unexpected(path.error());
            evidence_.proofs.push_back({checkpoint, record, count, leaf, std::move(*path)});
            record += count;
        }
        return {};
    }

    /// How many lie side by side in both.
    std::size_t stretch(const Tree& tree, std::size_t leaf, std::size_t record) const {
        std::size_t count = 0;
        while (leaf + count < tree.sequences.size() && record + count < sequences_.size() &&
               tree.sequences[leaf + count] == sequences_[record + count]) {
            ++count;
        }
        return count;
    }

    ring::Ring& ring_;
    const ClipPlan& plan_;
    std::uint64_t tag_;
    std::vector<std::uint64_t> sequences_;
    evidence::ClipEvidence evidence_;
};

}  // namespace

CheckpointQuery checkpointQuery(const ClipPlan& plan, const ring::RingFileHeader& ring) {
    const auto sequences = sequencesOf(plan);
    const auto [first, last] = std::ranges::minmax(sequences);
    return {plan.request.camera, plan.stream, toHex(ring.id), first, last};
}

Result<evidence::ClipEvidence> proveClip(ring::Ring& ring, const ClipPlan& plan,
                                         const std::vector<evidence::AnchoredCheckpoint>& checkpoints) {
    Prover prover(ring, plan);
    for (const auto& anchored : checkpoints) {
        if (auto added = prover.add(anchored); !added) return std::unexpected(added.error());
    }
    return prover.take();
}

}  // namespace camgate::clip
