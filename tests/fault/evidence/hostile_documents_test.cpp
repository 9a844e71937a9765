// What anyone may send: each document cut short and changed at every byte, and JSON made to hurt a parser.
#include <catch2/catch.hpp>
#include <functional>
#include <nlohmann/json.hpp>

#include "evidence/bounded_json.hpp"
#include "support/evidence/envelope_fixture.hpp"

using namespace camgate;
using namespace camgate::evidence;
using namespace camgate::test;

namespace {

const WallTime kNow = wall("2030-01-01T12:11:00Z");

std::string repeated(std::string_view part, std::size_t count) {
    std::string text;
    text.reserve(part.size() * count);
    for (std::size_t i = 0; i < count; ++i) text += part;
    return text;
}

const std::vector<std::string>& hostileTexts() {
    static const std::vector<std::string> texts{
        "",
        " ",
        "{",
        "}",
        "[]",
        "null",
        "1",
        "\"x\"",
        std::string(1, '\0'),
        "{}garbage",
        "{\"v\":1,}",
        "\xEF\xBB\xBF{}",
        "{\"v\":\"\xFF\xFE\"}",
        "{\"v\":\"\\ud800\"}",
        "{\"v\":1e999}",
        "{\"v\":-1}",
        "{\"v\":99999999999999999999999999}",
        R"({"v":1,"command":{},"gateway":[],"key":1,"counter":"1","issued":null,"expires":true,"payload":[],"sig":{}})",
        R"({"manifest":[],"cert":{},"sig":1,"checkpoint":null})",
        repeated("[", 60000),
        repeated("{\"a\":", 10000),
        "{\"a\":" + repeated("[", 31) + repeated("]", 31) + "}",
        "{\"a\":" + repeated("[", 32) + repeated("]", 32) + "}",
        "{\"a\":\"" + repeated("[", 60000) + "\"}",
        "{\"a\":\"" + repeated("\\", 60000),
        "{\"a\":[" + repeated("0,", 30000) + "0]}",
        "{" + repeated("\"a\":1,", 10000) + "\"a\":1}",
        repeated("x", kMaxEnvelope_bytes + 1),
    };
    return texts;
}

void cutAndFlip(const std::string& good, const std::function<void(const std::string&)>& check) {
    for (std::size_t i = 0; i < good.size(); ++i) {
        check(good.substr(0, i));
        for (const unsigned mask : {0x01U, 0x20U, 0x80U}) {
            std::string changed = good;
            changed[i] = static_cast<char>(static_cast<unsigned char>(changed[i]) ^ mask);
            check(changed);
        }
    }
}

}  // namespace

TEST_CASE_METHOD(EnvelopeFixture,
                 "envelope: cut or changed at any byte it is never taken for more than was signed",
                 "[evidence][fault]") {
    const std::string good = sealed(sampleDraft());
    const auto original = open(good);
    REQUIRE(original.has_value());
    cutAndFlip(good, [&](const std::string& text) {
        counters.counters.clear();
        const auto opened = open(text);
        if (!opened) {
            REQUIRE(opened.error().detail.size() < 1000);
            return;
        }
        // Bits of base64 padding and the like carry nothing; what was signed must be what is taken.
        REQUIRE(opened->payload == original->payload);
        REQUIRE(opened->counter == original->counter);
        REQUIRE(opened->expires == original->expires);
        REQUIRE(opened->signer == original->signer);
    });
}

TEST_CASE_METHOD(EnvelopeFixture, "envelope: hostile JSON is malformed and costs no counter",
                 "[evidence][fault]") {
    for (const auto& text : hostileTexts()) CHECK(outcome(text) == "malformed");
    CHECK(counters.counters.empty());
}

TEST_CASE_METHOD(EnvelopeFixture,
                 "envelope: dates at the ends of the calendar are refused, not computed with",
                 "[evidence][fault]") {
    const std::string good = sealed(sampleDraft());
    for (const auto* date : {"9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "2262-04-12T00:00:00Z",
                             "1677-09-21T00:00:00Z", "2030-01-01T12:05:00.000000000000000000000Z"}) {
        for (const std::string field : {"issued", "expires"}) {
            const auto at = good.find("\"" + field + "\":\"") + field.size() + 4;
            std::string text = good;
            text.replace(at, 24, date);
            const std::string said = outcome(text);
            CHECK((said == "malformed" || said == "bad-signature"));
        }
    }
}

TEST_CASE("manifest: cut or changed at any byte it parses or is refused with a reason", "[evidence][fault]") {
    cutAndFlip(toJsonText(sampleManifest()), [](const std::string& text) {
        const auto parsed = parseManifest(text);
        if (!parsed) REQUIRE_FALSE(parsed.error().context.empty());
    });
    for (const auto& text : hostileTexts()) CHECK_FALSE(parseManifest(text).has_value());
}

TEST_CASE("checkpoint: cut or changed at any byte it parses or is refused with a reason",
          "[evidence][fault]") {
    cutAndFlip(canonicalText(sampleCheckpoint()), [](const std::string& text) {
        const auto parsed = parseCheckpoint(text);
        if (!parsed) REQUIRE_FALSE(parsed.error().context.empty());
    });
    for (const auto& text : hostileTexts()) CHECK_FALSE(parseCheckpoint(text).has_value());
}

TEST_CASE("signed documents: cut or changed at any byte nothing but the signed content verifies",
          "[evidence][fault]") {
    const auto ca = goldenCertificate("ca");
    const auto gateway = goldenIdentity("evidence");
    cutAndFlip(signCheckpoint(sampleCheckpoint(), gateway).value(), [&](const std::string& text) {
        const auto verified = verifyCheckpoint(text, ca, kNow);
        if (verified) REQUIRE(verified->digest == digestOf(sampleCheckpoint()));
    });
    for (const auto& text : hostileTexts()) {
        CHECK_FALSE(verifyCheckpoint(text, ca, kNow).has_value());
        CHECK_FALSE(verifyManifest(text, ca, kNow).has_value());
    }
}

TEST_CASE("bounded JSON: nesting counts outside of strings only", "[evidence][fault]") {
    CHECK(parseBoundedObject("{\"a\":\"" + repeated("[", 100) + "\\\"[\"}", 1000).has_value());
    CHECK(parseBoundedObject("{\"a\":" + repeated("[", 31) + repeated("]", 31) + "}", 1000).has_value());
    CHECK_FALSE(
        parseBoundedObject("{\"a\":" + repeated("[", 32) + repeated("]", 32) + "}", 1000).has_value());
    CHECK(parseBoundedObject("{}", 2).has_value());
    CHECK_FALSE(parseBoundedObject("{ }", 2).has_value());
}
