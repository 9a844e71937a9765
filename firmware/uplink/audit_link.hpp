// What happened, as an entry of the audit chain and as the hub's message of it. Implements
// docs/ref/evidence.md (Audit chain) and docs/ref/mqtt.md (audit). Any thread.
#pragma once

#include <string>

#include "evidence/audit_entry.hpp"
#include "outbox/row.hpp"

namespace camgate::uplink {

struct AuditRecord {
    WallTime at;
    std::string actor;
    std::string action;
    std::string outcome;
    std::string detail_json = "{}";  ///< a JSON object
};

/// Makes the entry once its place in the chain is known; put into outbox::Changes::audits.
outbox::AuditLink auditLink(AuditRecord record);

}  // namespace camgate::uplink
