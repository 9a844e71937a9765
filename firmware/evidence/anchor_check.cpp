#include <algorithm>
#include <string>

#include "base/wall_text.hpp"
#include "evidence/checkpoint.hpp"
#include "evidence/clip_evidence.hpp"
#include "evidence/countersignature.hpp"
#include "evidence/merkle.hpp"

namespace camgate::evidence {
namespace {

/// How far the hub's clock and the gateway's may be apart before footage from the future is a contradiction.
constexpr Duration kClockSlack = std::chrono::seconds(60);

struct Anchor {
    VerifiedCheckpoint checkpoint;
    Countersignature countersignature;
};

class AnchorChecker {
  public:
    AnchorChecker(const ClipEvidence& evidence, const Manifest& manifest, const Authorities& authorities)
        : evidence_(evidence), manifest_(manifest), authorities_(authorities) {}

    AnchorReport run() {
        for (std::size_t i = 0; i < evidence_.checkpoints.size(); ++i) {
            auto anchor = anchorOf(evidence_.checkpoints[i]);
            if (!anchor) say("checkpoint " + std::to_string(i) + ": " + anchor.error().context);
            anchors_.push_back(anchor ? std::optional(std::move(*anchor)) : std::nullopt);
        }
        std::vector<bool> held(manifest_.records.size());
        for (std::size_t i = 0; i < evidence_.proofs.size(); ++i) {
            if (auto proven = checkProof(evidence_.proofs[i], held); !proven) {
                say("proof " + std::to_string(i) + ": " + proven.error().context);
            }
        }
        for (std::size_t i = 0; i < held.size(); ++i) {
            if (held[i]) ++report_.anchored_records;
            if (!held[i] && !report_.first_loose) report_.first_loose = i;
        }
        return std::move(report_);
    }

  private:
    Result<Anchor> anchorOf(const AnchoredCheckpoint& anchored) const {
        auto checkpoint = verifyCheckpoint(anchored.checkpoint, authorities_.gateways, authorities_.at);
        if (!checkpoint) return std::unexpected(checkpoint.error());
        const Checkpoint& said = checkpoint->checkpoint;
        if (said.gateway != manifest_.gateway || said.camera != manifest_.camera ||
            said.stream != manifest_.stream) {
            return fail(ErrorKind::InvalidArgument, "it is of another gateway, camera or stream");
        }
        if (anchored.countersignature.empty())
            return fail(ErrorKind::FailedPrecondition, "the hub has not countersigned it");
        auto countersignature =
            verifyCountersignature(anchored.countersignature, authorities_.hubs, authorities_.at);
        if (!countersignature) return std::unexpected(countersignature.error());
        if (countersignature->checkpoint != checkpoint->digest || countersignature->gateway != said.gateway) {
            return fail(ErrorKind::InvalidArgument, "its countersignature is of another checkpoint");
        }
        return Anchor{std::move(*checkpoint), std::move(*countersignature)};
    }

    Status checkProof(const RangeProof& proof, std::vector<bool>& held) {
        const auto& anchor = anchors_[static_cast<std::size_t>(proof.checkpoint)];
        if (!anchor) return {};  // said already
        if (proof.record >= held.size() || proof.records > held.size() - proof.record)
            return fail(ErrorKind::InvalidArgument, "it is of records that the clip does not have");
        const auto first = static_cast<std::size_t>(proof.record);
        const auto count = static_cast<std::size_t>(proof.records);
        std::vector<crypto::Digest> leaves;
        for (std::size_t i = first; i < first + count; ++i) leaves.push_back(manifest_.records[i].leaf);
        const Checkpoint& checkpoint = anchor->checkpoint.checkpoint;
        if (rootOfRange(leaves, proof.leaf, checkpoint.leaves, proof.path) != checkpoint.root)
            return fail(ErrorKind::InvalidArgument, "it does not lead to the checkpoint's root");
        const WallTime received = anchor->countersignature.received;
        if (manifest_.records[first + count - 1].start > received + kClockSlack) {
            return fail(ErrorKind::InvalidArgument, "the hub had it at " + formatWallTime(received) +
                                                        ", before its time in the manifest");
        }
        std::fill_n(held.begin() + static_cast<std::ptrdiff_t>(first), count, true);
        noteTime(anchor->countersignature);
        return {};
    }

    void noteTime(const Countersignature& countersignature) {
        const WallTime at = countersignature.received;
        report_.first = report_.first ? std::min(*report_.first, at) : at;
        report_.last = report_.last ? std::max(*report_.last, at) : at;
        if (std::ranges::find(report_.hubs, countersignature.hub) == report_.hubs.end())
            report_.hubs.push_back(countersignature.hub);
    }

    void say(std::string detail) {
        if (report_.detail.empty()) report_.detail = std::move(detail);
    }

    const ClipEvidence& evidence_;
    const Manifest& manifest_;
    const Authorities& authorities_;
    std::vector<std::optional<Anchor>> anchors_;
    AnchorReport report_;
};

}  // namespace

AnchorReport checkAnchors(const ClipEvidence& evidence, const Manifest& manifest,
                          const Authorities& authorities) {
    return AnchorChecker(evidence, manifest, authorities).run();
}

}  // namespace camgate::evidence
