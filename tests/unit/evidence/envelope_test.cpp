#include "evidence/envelope.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "support/evidence/envelope_fixture.hpp"

using namespace camgate;
using namespace camgate::evidence;
using namespace camgate::test;

TEST_CASE_METHOD(EnvelopeFixture, "envelope: what the hub seals the gateway opens", "[evidence]") {
    const auto draft = sampleDraft();
    const auto opened = open(sealed(draft));
    REQUIRE(opened.has_value());
    CHECK(opened->command == "clip.request");
    CHECK(opened->signer == goldenCertificate("hub-command").fingerprint());
    CHECK(opened->signer_name == "hub-1");
    CHECK(opened->counter == 17);
    CHECK(opened->issued == draft.issued);
    CHECK(opened->expires == draft.expires);
    CHECK(opened->payload == draft.payload);
    CHECK(counters.counters.at(opened->signer) == 17);
}

TEST_CASE_METHOD(EnvelopeFixture, "envelope: its JSON and the signed bytes are those of the reference page",
                 "[evidence]") {
    const auto document = nlohmann::json::parse(sealed(sampleDraft()));
    const std::string key = goldenCertificate("hub-command").fingerprint();
    const std::string payload = R"({"camera":"gate","from":"2030-01-01T00:00:00Z"})";
    CHECK(document.at("v") == 1);
    CHECK(document.at("command") == "clip.request");
    CHECK(document.at("gateway") == "cg-1");
    CHECK(document.at("key") == key);
    CHECK(document.at("counter") == 17);
    CHECK(document.at("issued") == "2030-01-01T12:00:00.000Z");
    CHECK(document.at("expires") == "2030-01-01T12:05:00.000Z");
    CHECK(document.at("payload") == toBase64(asBytes(payload)));
    CHECK(document.size() == 9);
    const std::string signed_text = "camgate-envelope-v1\nclip.request\ncg-1\n" + key +
                                    "\n17\n2030-01-01T12:00:00.000Z\n2030-01-01T12:05:00.000Z\n" + payload;
    const auto signature = fromBase64(document.at("sig").get<std::string>()).value();
    CHECK(goldenCertificate("hub-command").verifySignature(asBytes(signed_text), signature).has_value());
}

TEST_CASE_METHOD(EnvelopeFixture, "envelope: for another gateway or under another topic it is refused",
                 "[evidence]") {
    const std::string text = sealed(sampleDraft());
    gateway = "cg-2";
    CHECK(outcome(text) == "wrong-gateway");
    gateway = "cg-1";
    command = "snapshot.request";
    CHECK(outcome(text) == "wrong-command");
    CHECK(counters.counters.empty());
}

TEST_CASE_METHOD(EnvelopeFixture, "envelope: only trusted signers with the purpose command are heard",
                 "[evidence]") {
    CHECK(outcome(sealed(sampleDraft(), "stranger")) == "unknown-key");
    // Even when listed, a certificate that another authority made is not trusted.
    signers.push_back(goldenCertificate("stranger"));
    CHECK(outcome(sealed(sampleDraft(), "stranger")) == "unknown-key");
    signers.push_back(goldenCertificate("evidence"));
    CHECK(outcome(sealed(sampleDraft(), "evidence")) == "wrong-purpose");
    signers.clear();
    CHECK(outcome(sealed(sampleDraft())) == "unknown-key");
    CHECK(counters.counters.empty());
}

TEST_CASE_METHOD(EnvelopeFixture, "envelope: a signer whose certificate has run out is not heard",
                 "[evidence]") {
    auto draft = sampleDraft();
    draft.issued = wall("2100-01-01T00:00:00Z");
    draft.expires = wall("2100-01-01T00:05:00Z");
    now.time = wall("2100-01-01T00:01:00Z");
    CHECK(outcome(sealed(draft)) == "unknown-key");
}

TEST_CASE_METHOD(EnvelopeFixture, "envelope: whichever field is changed, the signature shows it",
                 "[evidence]") {
    const auto original = nlohmann::json::parse(sealed(sampleDraft()));
    const std::vector<std::pair<std::string, nlohmann::json>> changes{
        {"counter", 18},
        {"issued", "2030-01-01T12:00:00.001Z"},
        {"issued", "2030-01-01T12:00:00Z"},
        {"expires", "2030-01-01T12:06:00.000Z"},
        {"payload", toBase64(asBytes("{}"))},
        {"payload", ""},
        {"sig", ""},
        {"sig", toBase64(asBytes("rubbish"))},
        {"key", goldenCertificate("hub-other").fingerprint()}};
    for (const auto& [field, value] : changes) {
        auto changed = original;
        changed[field] = value;
        INFO(field << " " << value);
        CHECK(outcome(changed.dump()) == "bad-signature");
    }
    CHECK(counters.counters.empty());
}

TEST_CASE_METHOD(EnvelopeFixture, "envelope: an unknown field changes nothing", "[evidence]") {
    auto document = nlohmann::json::parse(sealed(sampleDraft()));
    document["hint"] = {1, 2, 3};
    CHECK(outcome(document.dump()) == "taken");
}

TEST_CASE_METHOD(EnvelopeFixture, "envelope: is taken from issue to expiry, with a tolerance ahead",
                 "[evidence]") {
    const auto draft = sampleDraft();
    const std::string text = sealed(draft);
    // Earliest: issued less the tolerance of 60 s and the clock's error bound of 10 ms.
    const auto earliest = draft.issued - std::chrono::seconds(60) - std::chrono::milliseconds(10);
    now.time = earliest - std::chrono::milliseconds(1);
    CHECK(outcome(text) == "not-yet-valid");
    now.time = draft.expires;
    CHECK(outcome(text) == "expired");
    CHECK(counters.counters.empty());
    now.time = earliest;
    CHECK(outcome(text) == "taken");
    counters.counters.clear();
    now.time = draft.expires - std::chrono::milliseconds(1);
    CHECK(outcome(text) == "taken");
}

TEST_CASE_METHOD(EnvelopeFixture, "envelope: while the time is unsynced nothing is taken", "[evidence]") {
    now.quality = WallQuality::Unsynced;
    CHECK(outcome(sealed(sampleDraft())) == "time-unsynced");
    // A bad signature is named before that: nobody learns the clock's state without a key.
    auto document = nlohmann::json::parse(sealed(sampleDraft()));
    document["counter"] = 99;
    CHECK(outcome(document.dump()) == "bad-signature");
    now.quality = WallQuality::Rtc;
    CHECK(outcome(sealed(sampleDraft())) == "taken");
}

TEST_CASE_METHOD(EnvelopeFixture, "envelope: a counter serves once, and per signer", "[evidence]") {
    auto draft = sampleDraft();
    const std::string first = sealed(draft);
    CHECK(outcome(first) == "taken");
    CHECK(outcome(first) == "old-counter");
    draft.counter = 16;
    CHECK(outcome(sealed(draft)) == "old-counter");
    CHECK(outcome(sealed(draft, "hub-other")) == "taken");
    draft.counter = 18;
    CHECK(outcome(sealed(draft)) == "taken");
}

TEST_CASE_METHOD(EnvelopeFixture, "envelope: without its counter kept it is not acted on", "[evidence]") {
    const std::string text = sealed(sampleDraft());
    counters.fail_reads = true;
    CHECK(outcome(text) == "storage");
    counters.fail_reads = false;
    counters.fail_writes = true;
    CHECK(outcome(text) == "storage");
    counters.fail_writes = false;
    CHECK(outcome(text) == "taken");
}

TEST_CASE("envelope: a draft that no gateway would take is not sealed", "[evidence]") {
    const auto hub = goldenIdentity("hub-command");
    const auto refused = [&](auto change) {
        auto draft = sampleDraft();
        change(draft);
        const auto text = sealEnvelope(draft, hub);
        return !text && text.error().kind == ErrorKind::InvalidArgument;
    };
    CHECK(refused([](EnvelopeDraft& draft) { draft.gateway = "cg-1\nkey"; }));
    CHECK(refused([](EnvelopeDraft& draft) { draft.gateway = "cg-\xFF"; }));
    CHECK(refused([](EnvelopeDraft& draft) { draft.command = ""; }));
    CHECK(refused([](EnvelopeDraft& draft) { draft.counter = 0; }));
    CHECK(refused([](EnvelopeDraft& draft) { draft.counter = std::uint64_t{1} << 53U; }));
    CHECK(refused([](EnvelopeDraft& draft) { draft.expires = draft.issued; }));
    CHECK(refused([](EnvelopeDraft& draft) { draft.payload.resize(kMaxEnvelope_bytes); }));
}

TEST_CASE("envelope: every refusal has a name of its own", "[evidence]") {
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < kEnvelopeRefusals; ++i)
        names.insert(toString(static_cast<EnvelopeRefusal>(i)));
    CHECK(names.size() == kEnvelopeRefusals);
    CHECK(toString(EnvelopeRefusal::OldCounter) == "old-counter");
    CHECK(toString(EnvelopeRefusal::Storage) == "storage");
    CHECK_FALSE(provenSigner(EnvelopeRefusal::BadSignature));
    CHECK(provenSigner(EnvelopeRefusal::Expired));
    CHECK(kindOf(EnvelopeRefusal::Malformed) == ErrorKind::InvalidArgument);
}
