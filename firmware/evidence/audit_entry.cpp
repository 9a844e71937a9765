#include "evidence/audit_entry.hpp"

#include <nlohmann/json.hpp>

#include "base/wall_text.hpp"
#include "evidence/bounded_json.hpp"
#include "evidence/object_reader.hpp"

namespace camgate::evidence {
namespace {

using nlohmann::json;

constexpr std::string_view kDomain = "camgate-audit-v1\n";
constexpr std::size_t kMaxWord_bytes = 64;
constexpr std::size_t kMaxActor_bytes = 128;

}  // namespace

std::string canonicalText(const AuditEntry& entry) {
    json document{{"v", 1},
                  {"number", entry.number},
                  {"at", formatWallTime(entry.at)},
                  {"actor", entry.actor},
                  {"action", entry.action},
                  {"outcome", entry.outcome}};
    if (entry.previous) document["previous"] = toHex(*entry.previous);
    json detail = json::parse(entry.detail_json, nullptr, false);
    document["detail"] = detail.is_object() ? std::move(detail) : json::object();
    return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

crypto::Digest auditHash(std::string_view canonical_text) {
    return crypto::sha256(asBytes(std::string(kDomain).append(canonical_text)));
}

Result<AuditEntry> parseAuditEntry(std::string_view text) {
    const auto document = parseBoundedObject(text, kMaxAuditEntry_bytes);
    if (!document) return passOn(document.error(), "audit entry");
    ObjectReader in(*document);
    in.number("v", 1, 1);
    AuditEntry entry;
    entry.number = in.number("number", 1);
    if (in.has("previous")) entry.previous = in.digest("previous");
    if (entry.previous.has_value() == (entry.number == 1))
        in.setFault("previous", "the hash of the entry before");
    entry.at = in.time("at");
    entry.actor = in.text("actor", kMaxActor_bytes);
    entry.action = in.word("action", kMaxWord_bytes);
    entry.outcome = in.text("outcome", kMaxWord_bytes);
    entry.detail_json = in.nested("detail");
    if (auto status = in.status(); !status) return passOn(status.error(), "audit entry");
    return entry;
}

}  // namespace camgate::evidence
