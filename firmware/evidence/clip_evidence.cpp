#include "evidence/clip_evidence.hpp"

#include <nlohmann/json.hpp>

#include "evidence/bounded_json.hpp"
#include "evidence/object_reader.hpp"

namespace camgate::evidence {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxCheckpoints = 4096;
constexpr std::size_t kMaxProofs = 16384;
/// Two to a level of a tree as large as any.
constexpr std::size_t kMaxPath = 128;

json proofJson(const RangeProof& proof) {
    json path = json::array();
    for (const auto& digest : proof.path) path.push_back(toHex(digest));
    return {{"checkpoint", proof.checkpoint},
            {"record", proof.record},
            {"records", proof.records},
            {"leaf", proof.leaf},
            {"path", std::move(path)}};
}

AnchoredCheckpoint readCheckpoint(ObjectReader& in) {
    AnchoredCheckpoint anchored;
    anchored.checkpoint = in.nested("checkpoint");
    if (in.has("countersignature")) anchored.countersignature = in.nested("countersignature");
    return anchored;
}

RangeProof readProof(ObjectReader& in, std::size_t checkpoints) {
    RangeProof proof;
    proof.checkpoint = in.number("checkpoint", 0);
    if (proof.checkpoint >= checkpoints) in.setFault("checkpoint", "one of the checkpoints");
    proof.record = in.number("record", 0, kMaxManifestRecords);
    proof.records = in.number("records", 1, kMaxManifestRecords);
    proof.leaf = in.number("leaf", 0);
    proof.path = in.digests("path", kMaxPath);
    return proof;
}

}  // namespace

std::string toJsonText(const ClipEvidence& evidence) {
    json document{
        {"v", 1}, {"clip", evidence.clip}, {"checkpoints", json::array()}, {"proofs", json::array()}};
    for (const auto& anchored : evidence.checkpoints) {
        json entry{{"checkpoint", json::parse(anchored.checkpoint, nullptr, false)}};
        if (!anchored.countersignature.empty())
            entry["countersignature"] = json::parse(anchored.countersignature, nullptr, false);
        document["checkpoints"].push_back(std::move(entry));
    }
    for (const auto& proof : evidence.proofs) document["proofs"].push_back(proofJson(proof));
    return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<ClipEvidence> parseClipEvidence(std::string_view text) {
    const auto document = parseBoundedObject(text, kMaxClipEvidence_bytes);
    if (!document) return passOn(document.error(), "clip evidence");
    ObjectReader in(*document);
    in.number("v", 1, 1);
    ClipEvidence evidence;
    evidence.clip = toHex(in.digest("clip"));
    in.each("checkpoints", kMaxCheckpoints,
            [&](ObjectReader& entry) { evidence.checkpoints.push_back(readCheckpoint(entry)); });
    in.each("proofs", kMaxProofs, [&](ObjectReader& entry) {
        evidence.proofs.push_back(readProof(entry, evidence.checkpoints.size()));
    });
    if (auto status = in.status(); !status) return passOn(status.error(), "clip evidence");
    return evidence;
}

}  // namespace camgate::evidence
