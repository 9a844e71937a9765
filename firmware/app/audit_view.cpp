#include "app/audit_view.hpp"

#include <nlohmann/json.hpp>

#include "evidence/audit_entry.hpp"

namespace camgate::app {
namespace {

using nlohmann::json;

constexpr std::size_t kMostAnswer_bytes = 60U << 10U;
constexpr std::size_t kAroundEntry_bytes = 16;

/// `before`: the next older one; null: not known.
bool holds(const outbox::KeptAudit& kept, const outbox::KeptAudit* before) {
    if (toHex(evidence::auditHash(kept.document)) != kept.hash) return false;
    const auto entry = evidence::parseAuditEntry(kept.document);
    if (!entry || entry->number != kept.number) return false;
    if (before == nullptr) return true;
    return before->number + 1 == kept.number && entry->previous && toHex(*entry->previous) == before->hash;
}

}  // namespace

std::string auditJson(const std::vector<outbox::KeptAudit>& entries) {
    json list = json::array();
    json broken = json::array();
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const outbox::KeptAudit& kept = entries[i];
        bytes += kept.document.size() + kept.hash.size() + kAroundEntry_bytes;
        if (i > 0 && bytes > kMostAnswer_bytes) break;
        if (!holds(kept, i + 1 < entries.size() ? &entries[i + 1] : nullptr)) broken.push_back(kept.number);
        json entry = json::parse(kept.document, nullptr, false);
        if (!entry.is_object()) entry = json{{"number", kept.number}};
        entry["hash"] = kept.hash;
        list.push_back(std::move(entry));
    }
    return json{{"entries", std::move(list)}, {"broken", std::move(broken)}}.dump(
        -1, ' ', false, json::error_handler_t::replace);
}

}  // namespace camgate::app
