#include "tools/hub/audit_check.hpp"

#include <catch2/catch.hpp>

using namespace camgate;
using namespace camgate::hub;

namespace {

/// A gateway's chain of so many entries.
std::vector<std::string> chainOf(std::uint64_t length, const std::string& action = "clip.request") {
    std::vector<std::string> texts;
    for (std::uint64_t number = 1; number <= length; ++number) {
        evidence::AuditEntry entry;
        entry.number = number;
        if (!texts.empty()) entry.previous = evidence::auditHash(texts.back());
        entry.actor = "f1f2";
        entry.action = action;
        entry.outcome = "done";
        texts.push_back(evidence::canonicalText(entry));
    }
    return texts;
}

std::vector<std::string> faultsOf(const AuditCheck& check) {
    return check.chains().at("cg-1").faults;
}

}  // namespace

TEST_CASE("audit check: a chain that came in any order, doubly and from two processes, holds", "[hub]") {
    const auto texts = chainOf(5);
    AuditCheck check;
    for (const std::size_t at : {4U, 0U, 2U, 1U, 3U, 2U}) check.addEntry("cg-1", texts[at]);
    check.addHead("cg-1", {3, evidence::auditHash(texts[2])});
    check.addHead("cg-1", {4, evidence::auditHash(texts[3])});
    const auto chain = check.chains().at("cg-1");
    CHECK(chain.faults.empty());
    CHECK(chain.entries.size() == 5);
    CHECK(chain.signed_to == 4);
}

TEST_CASE("audit check: what was left out, at the beginning, within and at the end, is named", "[hub]") {
    const auto texts = chainOf(7);
    AuditCheck check;
    for (const std::size_t at : {1U, 2U, 5U}) check.addEntry("cg-1", texts[at]);
    check.addHead("cg-1", {7, evidence::auditHash(texts[6])});
    CHECK(faultsOf(check) == std::vector<std::string>{"entry 1 missing", "entries 4 to 5 missing",
                                                      "entry 7 missing, though signed for"});
}

TEST_CASE("audit check: an entry that was changed is found by what follows and by what was signed", "[hub]") {
    const auto texts = chainOf(3);
    const auto changed = chainOf(3, "rebirth");
    AuditCheck check;
    check.addEntry("cg-1", texts[0]);
    check.addEntry("cg-1", changed[1]);
    check.addEntry("cg-1", texts[2]);
    check.addHead("cg-1", {2, evidence::auditHash(texts[1])});
    CHECK(faultsOf(check) == std::vector<std::string>{"entry 2 does not follow the one before",
                                                      "entry 3 does not follow the one before",
                                                      "a checkpoint signs another entry 2"});
}

TEST_CASE("audit check: a gateway that begins anew, and one that signs in two ways", "[hub]") {
    const auto texts = chainOf(2);
    const auto anew = chainOf(1, "rebirth");
    AuditCheck check;
    for (const auto& text : texts) check.addEntry("cg-1", text);
    check.addEntry("cg-1", anew[0]);
    check.addEntry("cg-1", "no entry");
    check.addHead("cg-1", {1, evidence::auditHash(texts[0])});
    check.addHead("cg-1", {1, evidence::auditHash(anew[0])});
    const auto faults = faultsOf(check);
    REQUIRE(faults.size() == 3);
    CHECK(faults[0] == "entry 1 was said in two ways: another chain began there");
    CHECK(faults[1].starts_with("an entry that is none: "));
    CHECK(faults[2] == "two checkpoints sign entry 1 in two ways");
}
