#include <catch2/catch.hpp>

#include "evidence/audit_entry.hpp"
#include "support/evidence/samples.hpp"

using namespace camgate;
using namespace camgate::evidence;

namespace {

AuditEntry sample() {
    AuditEntry entry;
    entry.at = test::wall("2030-01-01T12:00:00Z");
    entry.actor = "console";
    entry.action = "clip.export";
    entry.outcome = "given";
    entry.detail_json = R"({"camera":"gate"})";
    return entry;
}

}  // namespace

TEST_CASE("audit entry: it reads back as it was, and the hash is over its exact text", "[evidence]") {
    AuditEntry entry = sample();
    const std::string text = canonicalText(entry);
    CHECK(
        text ==
        R"({"action":"clip.export","actor":"console","at":"2030-01-01T12:00:00.000Z","detail":{"camera":"gate"},"number":1,"outcome":"given","v":1})");
    // printf 'camgate-audit-v1\n<text>' | sha256sum
    CHECK(auditHash(text) == crypto::sha256(asBytes("camgate-audit-v1\n" + text)));
    const auto read = parseAuditEntry(text);
    REQUIRE(read.has_value());
    CHECK(canonicalText(*read) == text);
    entry.number = 2;
    entry.previous = auditHash(text);
    CHECK(canonicalText(parseAuditEntry(canonicalText(entry)).value()) == canonicalText(entry));
}

TEST_CASE("audit entry: what is no entry is refused, what cannot be said is mended", "[evidence][hostile]") {
    AuditEntry entry = sample();
    entry.detail_json = "not json";
    CHECK(parseAuditEntry(canonicalText(entry)).value().detail_json == "{}");
    entry.actor = "\xFF";
    CHECK(parseAuditEntry(canonicalText(entry)).has_value());
    // The first has none before it, each other has one.
    entry = sample();
    entry.previous = crypto::Digest{};
    CHECK(parseAuditEntry(canonicalText(entry)).error().context.find("/previous") != std::string::npos);
    entry = sample();
    entry.number = 2;
    CHECK_FALSE(parseAuditEntry(canonicalText(entry)).has_value());
    for (const char* bad : {"", "[]", "{}", R"({"v":2})"}) CHECK_FALSE(parseAuditEntry(bad).has_value());
    CHECK_FALSE(parseAuditEntry(std::string(20000, ' ')).has_value());
}
