#include "uplink/audit_link.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "uplink/row_builder.hpp"

namespace camgate::uplink {
namespace {

outbox::ChainedAudit chained(const AuditRecord& record, const outbox::AuditHead& before) {
    evidence::AuditEntry entry;
    entry.number = before.number + 1;
    if (const auto hash = crypto::digestFromHex(before.hash)) entry.previous = *hash;
    entry.at = record.at;
    entry.actor = record.actor;
    entry.action = record.action;
    entry.outcome = record.outcome;
    entry.detail_json = record.detail_json;
    outbox::ChainedAudit made;
    made.document = canonicalText(entry);
    made.hash = toHex(evidence::auditHash(made.document));
    const nlohmann::json message{{"v", 1}, {"hash", made.hash}, {"entry", made.document}};
    made.row = makeRow(outbox::Priority::Reply, topicSuffix(Topic::Audit), message.dump(), record.at);
    return made;
}

}  // namespace

outbox::AuditLink auditLink(AuditRecord record) {
    return [record = std::move(record)](const outbox::AuditHead& before) { return chained(record, before); };
}

}  // namespace camgate::uplink
