#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "support/base/temp_directory.hpp"
#include "support/crypto/golden_pki.hpp"
#include "support/evidence/samples.hpp"
#include "tools/verify/file_clip.hpp"
#include "tools/verify/verdict.hpp"

using namespace camgate;
using namespace camgate::verify;
using namespace camgate::test;
using nlohmann::json;

namespace {

/// A manifest whose records are not in the clip: the clip's own checks have their tests in clip/.
struct Case {
    evidence::Manifest manifest = sampleManifest();
    crypto::Certificate gateways = goldenCertificate("ca");
    crypto::Certificate hubs = goldenCertificate("hub-ca");
    std::string sha256 = toHex(crypto::sha256(asBytes("clip")));

    std::string signedManifest() const {
        return evidence::signManifest(manifest, sha256, goldenIdentity("evidence")).value();
    }
    evidence::Authorities authorities() const { return {gateways, hubs, wall("2030-06-01T00:00:00Z")}; }
    Findings judged(const std::string& text,
                    std::optional<std::string_view> checkpoints = std::nullopt) const {
        evidence::MemoryClip clip(asBytes("clip"));
        return judge(clip, {text, checkpoints}, authorities()).value();
    }
};

}  // namespace

TEST_CASE("verify: every verdict has a name and an exit status of its own", "[verify]") {
    CHECK(exitStatusOf(Verdict::Anchored) == 0);
    CHECK(exitStatusOf(Verdict::Unchanged) == 10);
    CHECK(exitStatusOf(Verdict::NotAnchored) == 11);
    CHECK(exitStatusOf(Verdict::Incomplete) == 20);
    CHECK(exitStatusOf(Verdict::Altered) == 21);
    CHECK(exitStatusOf(Verdict::NotAuthentic) == 22);
    CHECK(toString(Verdict::NotAnchored) == "not-anchored");
}

TEST_CASE("verify: a manifest that the gateway did not sign settles it, and records are still looked for",
          "[verify]") {
    const Case with;
    auto document = json::parse(with.signedManifest());
    document["sha256"] = std::string(64, '0');
    const auto findings = with.judged(document.dump());
    CHECK(findings.verdict == Verdict::NotAuthentic);
    CHECK(findings.clip.missing_records == 2);
    const auto said = json::parse(toJsonText(findings));
    CHECK(said["status"] == 22);
    CHECK(said["signature"]["state"] == "bad");
    CHECK_THAT(toText(findings), Catch::StartsWith("NOT AUTHENTIC"));
}

TEST_CASE("verify: pieces that are not there make a clip incomplete, and the first one is named",
          "[verify]") {
    const Case with;
    const auto findings = with.judged(with.signedManifest());
    CHECK(findings.verdict == Verdict::Incomplete);
    const auto said = json::parse(toJsonText(findings));
    CHECK(said["verdict"] == "incomplete");
    CHECK(said["missing_records"] == 2);
    CHECK(said["findings"][0]["record"] == 0);
    CHECK(said["findings"][0]["session"] == "0123456789abcdef");
    CHECK(said["findings"][0]["sequence"] == 41);
    CHECK(said["findings"][0]["fault"] == "missing");
    CHECK(said["anchors"]["state"] == "not-given");
    CHECK_THAT(toText(findings),
               Catch::Contains("2 of 2 records are missing") && Catch::Contains("record 0 (number 41"));
}

TEST_CASE("verify: what is no manifest is an error, and bad evidence is told", "[verify]") {
    const Case with;
    evidence::MemoryClip clip(asBytes("clip"));
    CHECK(judge(clip, {"{}", std::nullopt}, with.authorities()).error().kind == ErrorKind::InvalidArgument);
    const auto findings = with.judged(with.signedManifest(), "{\"v\":1}");
    CHECK_THAT(findings.evidence_fault, Catch::Contains("/clip"));
    const evidence::ClipEvidence other{std::string(64, 'b'), {}, {}};
    CHECK_THAT(with.judged(with.signedManifest(), toJsonText(other)).evidence_fault,
               Catch::Contains("another clip"));
}

TEST_CASE("verify: a clip in several files is read as one", "[verify]") {
    TempDirectory directory;
    RealFileSystem files;
    std::vector<std::string> paths;
    for (const std::string content : {"one", "", "two!"}) {
        paths.push_back(directory.path() + "/" + std::to_string(paths.size()));
        REQUIRE(replaceFile(files, paths.back(), content));
    }
    auto clip = FileClip::open(files, paths).value();
    CHECK(clip.size() == 7);
    CHECK(asText(clip.read(0, 7).value()) == "onetwo!");
    CHECK(asText(clip.read(2, 2).value()) == "et");
    CHECK(asText(clip.read(7, 0).value()).empty());
    CHECK_FALSE(clip.read(5, 3));
    paths.push_back(directory.path() + "/none");
    CHECK(FileClip::open(files, paths).error().kind == ErrorKind::NotFound);
}
