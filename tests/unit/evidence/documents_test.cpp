#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "support/crypto/golden_pki.hpp"
#include "support/evidence/samples.hpp"

using namespace camgate;
using namespace camgate::evidence;
using namespace camgate::test;

namespace {

const WallTime kVerifiedAt = wall("2030-01-01T12:11:00Z");
const std::string kClipHash(64, 'b');

std::string faultOf(const nlohmann::json& document) {
    const auto parsed = parseManifest(document.dump());
    return parsed ? "" : parsed.error().context;
}

}  // namespace

TEST_CASE("manifest: goes to JSON and back whole", "[evidence]") {
    auto manifest = sampleManifest();
    CHECK(parseManifest(toJsonText(manifest)).value() == manifest);
    manifest.error_bound.reset();
    manifest.time_quality = WallQuality::Unsynced;
    manifest.gaps.clear();
    manifest.files.clear();
    manifest.records.clear();
    CHECK(parseManifest(toJsonText(manifest)).value() == manifest);
}

TEST_CASE("manifest: its bytes are those of the golden file", "[evidence]") {
    CHECK(toJsonText(sampleManifest()) + "\n" == goldenText("evidence/manifest.json"));
}

TEST_CASE("manifest: a fault is named by its JSON pointer", "[evidence]") {
    const auto good = nlohmann::json::parse(toJsonText(sampleManifest()));
    REQUIRE(faultOf(good).empty());
    const std::vector<std::pair<std::string, nlohmann::json>> changes{
        {"/v", 2},
        {"/clip", "xyz"},
        {"/gateway", ""},
        {"/stream", "third"},
        {"/quality", 3},
        {"/asked/from", "yesterday"},
        {"/asked", nullptr},
        {"/covered/to", "1999-01-01T00:00:00Z"},
        {"/time/error_ms", -1},
        {"/files", "none"},
        {"/files/1/bytes", 0.5},
        {"/files/1/name", "../x"},
        {"/files/0/name", "a/b"},
        {"/files/0/codec", "mjpeg"},
        {"/records/1", 7},
        {"/records/1/leaf", "00"},
        {"/records/0/id/session", "0123"},
        {"/records/0/id/sequence", 1e30},
        {"/gaps/0/reason", nlohmann::json::array()},
        {"/files/0/records", 2}};
    for (const auto& [pointer, value] : changes) {
        auto bad = good;
        bad[nlohmann::json::json_pointer(pointer)] = value;
        INFO(pointer);
        const std::string named = pointer == "/files/0/records" ? "/records" : pointer;
        CHECK_THAT(faultOf(bad), Catch::StartsWith("manifest: " + named + ": expected "));
    }
}

TEST_CASE("manifest: a missing field is named, an unknown one ignored", "[evidence]") {
    const auto good = nlohmann::json::parse(toJsonText(sampleManifest()));
    for (const auto& [field, value] : good.items()) {
        auto bad = good;
        bad.erase(field);
        CHECK_THAT(faultOf(bad), Catch::Contains("/" + field));
    }
    auto more = good;
    more["later"] = 1;
    CHECK(faultOf(more).empty());
}

TEST_CASE("manifest: a reason that is not UTF-8 is written with replacements", "[evidence]") {
    auto manifest = sampleManifest();
    manifest.reason = "case \xFF";
    CHECK(parseManifest(toJsonText(manifest)).value().reason == "case \xEF\xBF\xBD");
}

TEST_CASE("manifest: what the gateway signs verifies under the authority", "[evidence]") {
    const auto gateway = goldenIdentity("evidence");
    const auto text = signManifest(sampleManifest(), kClipHash, gateway).value();
    const auto verified = verifyManifest(text, goldenCertificate("ca"), kVerifiedAt);
    REQUIRE(verified.has_value());
    CHECK(verified->manifest == sampleManifest());
    CHECK(verified->sha256 == kClipHash);
    CHECK(verified->signer == gateway.certificate().fingerprint());
    CHECK(verifyManifest(text, goldenCertificate("other-ca"), kVerifiedAt).error().kind ==
          ErrorKind::PermissionDenied);
    CHECK_FALSE(verifyManifest(text, goldenCertificate("ca"), wall("2100-01-01T00:00:00Z")).has_value());
}

TEST_CASE("manifest: the signed bytes are those of the reference page", "[evidence]") {
    const auto gateway = goldenIdentity("evidence");
    const auto document = nlohmann::json::parse(signManifest(sampleManifest(), kClipHash, gateway).value());
    CHECK(document.at("manifest") == toBase64(asBytes(toJsonText(sampleManifest()))));
    CHECK(document.at("cert") == goldenText("crypto/evidence.pem"));
    const auto signature = fromBase64(document.at("sig").get<std::string>()).value();
    CHECK(
        gateway.certificate()
            .verifySignature(
                asBytes("camgate-manifest-v2\n" + kClipHash + "\n" + toJsonText(sampleManifest())), signature)
            .has_value());
}

TEST_CASE("manifest: a signature holds for one hash of the clip's bytes", "[evidence]") {
    auto document =
        nlohmann::json::parse(signManifest(sampleManifest(), kClipHash, goldenIdentity("evidence")).value());
    document["sha256"] = std::string(64, 'c');
    CHECK(readSignedManifest(document.dump())->sha256 == std::string(64, 'c'));
    CHECK(verifyManifest(document.dump(), goldenCertificate("ca"), kVerifiedAt).error().kind ==
          ErrorKind::PermissionDenied);
    CHECK(signManifest(sampleManifest(), "b", goldenIdentity("evidence")).error().kind ==
          ErrorKind::InvalidArgument);
}

TEST_CASE("manifest: only the gateway's own evidence key may sign it", "[evidence]") {
    auto foreign = sampleManifest();
    foreign.gateway = "cg-9";
    CHECK(signManifest(foreign, kClipHash, goldenIdentity("evidence")).error().kind ==
          ErrorKind::FailedPrecondition);
    // The transport certificate carries the same name, not the purpose.
    const auto transport = signManifest(sampleManifest(), kClipHash, goldenIdentity("transport")).value();
    CHECK(verifyManifest(transport, goldenCertificate("ca"), kVerifiedAt).error().kind ==
          ErrorKind::PermissionDenied);
    // A true signature of another gateway, put around this gateway's manifest.
    const auto other = goldenIdentity("chained");
    const std::string bytes = toJsonText(sampleManifest());
    const nlohmann::json stolen{
        {"manifest", toBase64(asBytes(bytes))},
        {"sha256", kClipHash},
        {"cert", other.certificate().pem()},
        {"sig",
         toBase64(other.key().sign(asBytes("camgate-manifest-v2\n" + kClipHash + "\n" + bytes)).value())}};
    CHECK(verifyManifest(stolen.dump(), goldenCertificate("ca"), kVerifiedAt).error().kind ==
          ErrorKind::PermissionDenied);
}

TEST_CASE("manifest: a certificate over an intermediate verifies", "[evidence]") {
    auto manifest = sampleManifest();
    manifest.gateway = "cg-2";
    const auto text = signManifest(manifest, kClipHash, goldenIdentity("chained")).value();
    CHECK(verifyManifest(text, goldenCertificate("ca"), kVerifiedAt).has_value());
}

TEST_CASE("checkpoint: goes to its canonical text and back whole", "[evidence]") {
    auto checkpoint = sampleCheckpoint();
    const auto back = parseCheckpoint(canonicalText(checkpoint)).value();
    CHECK(back == checkpoint);
    CHECK(back.time_map.offset.count() == 1'152'921'504'606'846'977);
    CHECK(back.time_map.error_bound.count() == 1500);
    CHECK(back.first.session == 0xF000000000000001);
    CHECK(back.previous == checkpoint.previous);
    checkpoint.previous.reset();
    checkpoint.time_map = {};
    CHECK(parseCheckpoint(canonicalText(checkpoint)).value() == checkpoint);
}

TEST_CASE("checkpoint: its bytes are those of the golden file", "[evidence]") {
    CHECK(canonicalText(sampleCheckpoint()) + "\n" == goldenText("evidence/checkpoint.json"));
}

TEST_CASE("checkpoint: the next one can name the bytes that were signed", "[evidence]") {
    const auto text = signCheckpoint(sampleCheckpoint(), goldenIdentity("evidence")).value();
    const auto verified = verifyCheckpoint(text, goldenCertificate("ca"), kVerifiedAt);
    REQUIRE(verified.has_value());
    CHECK(verified->checkpoint == sampleCheckpoint());
    CHECK(verified->digest == digestOf(sampleCheckpoint()));
    CHECK_FALSE(verifyCheckpoint(text, goldenCertificate("other-ca"), kVerifiedAt).has_value());
}

TEST_CASE("checkpoint: a manifest's signature does not pass for one", "[evidence]") {
    const auto gateway = goldenIdentity("evidence");
    const std::string bytes = canonicalText(sampleCheckpoint());
    const nlohmann::json crossed{
        {"checkpoint", toBase64(asBytes(bytes))},
        {"cert", gateway.certificate().pem()},
        {"sig", toBase64(gateway.key().sign(asBytes("camgate-manifest-v2\n" + bytes)).value())}};
    CHECK(verifyCheckpoint(crossed.dump(), goldenCertificate("ca"), kVerifiedAt).error().kind ==
          ErrorKind::PermissionDenied);
}
