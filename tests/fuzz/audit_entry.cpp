// An entry of the audit chain, as a hub or the console reads it.
#include "evidence/audit_entry.hpp"

#include "fuzz/fuzz_target.hpp"

namespace camgate::fuzz {

using namespace evidence;

bool readHostile(ByteView input) {
    const auto entry = parseAuditEntry(asText(input));
    if (!entry) return false;
    require(entry->previous.has_value() == (entry->number > 1), "each but the first names the one before");
    const std::string text = canonicalText(*entry);
    const auto again = parseAuditEntry(text);
    require(again.has_value() && canonicalText(*again) == text,
            "what was read can be written and read again");
    return true;
}

std::vector<Bytes> seeds() {
    AuditEntry entry;
    entry.actor = "console";
    entry.action = "clip.export";
    entry.outcome = "given";
    entry.detail_json = R"({"camera":"gate","from":"2030-01-01T12:00:00.000Z"})";
    const std::string first = canonicalText(entry);
    entry.number = 2;
    entry.previous = auditHash(first);
    const std::string second = canonicalText(entry);
    return {Bytes(first.begin(), first.end()), Bytes(second.begin(), second.end())};
}

}  // namespace camgate::fuzz
