#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "evidence/checkpoint.hpp"
#include "evidence/clip_evidence.hpp"
#include "evidence/countersignature.hpp"
#include "evidence/merkle.hpp"
#include "support/crypto/golden_pki.hpp"
#include "support/evidence/samples.hpp"

using namespace camgate;
using namespace camgate::evidence;
using namespace camgate::test;

namespace {

const WallTime kCheckedAt = wall("2030-06-01T00:00:00Z");
const WallTime kReceived = wall("2030-01-01T12:10:05Z");

/// A ledger of 40 records in two checkpoints of 20; the clip holds records 12 to 27 of it.
struct Ledger {
    std::vector<crypto::Digest> leaves;
    Manifest manifest = sampleManifest();
    ClipEvidence evidence;
    crypto::Certificate gateways = goldenCertificate("ca");
    crypto::Certificate hubs = goldenCertificate("hub-ca");

    Ledger() {
        for (int i = 0; i < 40; ++i) leaves.push_back(crypto::sha256(asBytes(std::to_string(i))));
        manifest.records.clear();
        for (std::uint64_t i = 12; i < 28; ++i) {
            manifest.records.push_back(
                {{1, i}, leaves[static_cast<std::size_t>(i)], 10, 100, wall("2030-01-01T12:05:00Z")});
        }
        evidence.clip = manifest.clip;
        for (const std::size_t begin : {0U, 20U}) {
            evidence.checkpoints.push_back(anchored(begin));
        }
        evidence.proofs = {proof(0, 0, 8, 12), proof(1, 8, 8, 0)};
    }
    std::span<const crypto::Digest> tree(std::size_t begin) const {
        return std::span(leaves).subspan(begin, 20);
    }
    Checkpoint checkpoint(std::size_t begin) const {
        Checkpoint made = sampleCheckpoint();
        made.stream = manifest.stream;
        made.leaves = 20;
        made.root = merkleRoot(tree(begin));
        return made;
    }
    AnchoredCheckpoint anchored(std::size_t begin) const { return anchored(checkpoint(begin)); }
    static AnchoredCheckpoint anchored(const Checkpoint& made, const std::string& key = "hub-countersign") {
        const Countersignature word{"hub-1", made.gateway, digestOf(made), kReceived};
        return {signCheckpoint(made, goldenIdentity("evidence")).value(),
                signCountersignature(word, goldenIdentity(key)).value()};
    }
    RangeProof proof(std::uint64_t number, std::uint64_t record, std::uint64_t count,
                     std::uint64_t leaf) const {
        return {number, record, count, leaf,
                rangeProof(tree(static_cast<std::size_t>(number * 20)), leaf, count).value()};
    }
    AnchorReport check() const { return checkAnchors(evidence, manifest, {gateways, hubs, kCheckedAt}); }
};

}  // namespace

TEST_CASE("countersignature: what the hub signs verifies under its authority, with its purpose only",
          "[evidence]") {
    const Countersignature word{"hub-1", "cg-1", crypto::sha256({}), kReceived};
    const auto text = signCountersignature(word, goldenIdentity("hub-countersign")).value();
    CHECK(verifyCountersignature(text, goldenCertificate("hub-ca"), kCheckedAt) == word);
    CHECK(verifyCountersignature(text, goldenCertificate("ca"), kCheckedAt).error().kind ==
          ErrorKind::PermissionDenied);
    // The same name and a true chain, another purpose.
    const auto command = signCountersignature(word, goldenIdentity("hub-command")).value();
    CHECK_THAT(verifyCountersignature(command, goldenCertificate("ca"), kCheckedAt).error().context,
               Catch::Contains("countersign"));
    CHECK(signCountersignature({"hub-2", "cg-1", {}, kReceived}, goldenIdentity("hub-countersign"))
              .error()
              .kind == ErrorKind::FailedPrecondition);
    CHECK_FALSE(verifyCheckpoint(text, goldenCertificate("hub-ca"), kCheckedAt));
}

TEST_CASE("clip evidence: goes to JSON and back whole, and a fault is named", "[evidence]") {
    const Ledger ledger;
    const auto text = toJsonText(ledger.evidence);
    const auto back = parseClipEvidence(text);
    REQUIRE(back);
    CHECK(toJsonText(*back) == text);
    CHECK(back->proofs[1].path == ledger.evidence.proofs[1].path);
    const auto good = nlohmann::json::parse(text);
    const std::vector<std::pair<std::string, nlohmann::json>> changes{
        {"/clip", "x"},
        {"/checkpoints/1/checkpoint", 7},
        {"/checkpoints/0/countersignature", "x"},
        {"/proofs/0/path/0", "x"},
        {"/proofs/1/checkpoint", 2},
        {"/proofs/1/records", 0}};
    for (const auto& [pointer, value] : changes) {
        auto bad = good;
        bad[nlohmann::json::json_pointer(pointer)] = value;
        const auto parsed = parseClipEvidence(bad.dump());
        INFO(pointer);
        REQUIRE_FALSE(parsed);
        const std::string named = pointer == "/proofs/0/path/0" ? "/proofs/0/path" : pointer;
        CHECK_THAT(parsed.error().context, Catch::StartsWith("clip evidence: " + named + ": expected "));
    }
}

TEST_CASE("anchors: records under countersigned roots are anchored at the hub's times", "[evidence]") {
    Ledger ledger;
    const auto report = ledger.check();
    CHECK(report.detail.empty());
    CHECK(report.anchored_records == 16);
    CHECK_FALSE(report.first_loose);
    CHECK(report.first == kReceived);
    CHECK(report.last == kReceived);
    CHECK(report.hubs == std::vector<std::string>{"hub-1"});
}

TEST_CASE("anchors: what does not lead to a countersigned root leaves its records loose", "[evidence]") {
    Ledger ledger;
    std::size_t loose = 8;
    SECTION("no countersignature") {
        ledger.evidence.checkpoints[1].countersignature.clear();
    }
    SECTION("a countersignature of another checkpoint") {
        ledger.evidence.checkpoints[1].countersignature = ledger.evidence.checkpoints[0].countersignature;
    }
    SECTION("a countersignature by a key of another purpose") {
        ledger.evidence.checkpoints[1] = Ledger::anchored(ledger.checkpoint(20), "hub-command");
    }
    SECTION("a checkpoint of another camera") {
        auto other = ledger.checkpoint(20);
        other.camera = "yard";
        ledger.evidence.checkpoints[1] = Ledger::anchored(other);
    }
    SECTION("a checkpoint of the other stream") {
        auto other = ledger.checkpoint(20);
        other.stream = media::StreamKind::Main;
        ledger.evidence.checkpoints[1] = Ledger::anchored(other);
    }
    SECTION("a leaf that is not in it") {
        ledger.manifest.records[15].leaf[0] ^= 1U;
    }
    SECTION("another place") {
        ledger.evidence.proofs[1].leaf = 1;
    }
    SECTION("a path that is cut") {
        ledger.evidence.proofs[1].path.pop_back();
    }
    SECTION("records that the clip does not have") {
        ledger.evidence.proofs[1].records = 9;
    }
    SECTION("records that claim a time after the hub had them") {
        ledger.manifest.records[15].start = kReceived + std::chrono::minutes(2);
    }
    SECTION("no proof at all") {
        ledger.evidence.proofs.clear();
        loose = 0;
    }
    const auto report = ledger.check();
    CHECK(report.first_loose == loose);
    CHECK(report.anchored_records == loose);
    CHECK(report.detail.empty() == ledger.evidence.proofs.empty());
}
