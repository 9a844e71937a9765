#include "outbox/outbox.hpp"

namespace camgate::outbox {

/// Each entry is made here, where its place in the chain is certain; its row goes to the hub like any other.
Status Outbox::putAudits(const Changes& changes, Applied& applied) {
    for (const AuditLink& link : changes.audits) {
        const auto before = auditHead();
        if (!before) return std::unexpected(before.error());
        ChainedAudit made = link(*before);
        if (auto done = database_.run("INSERT INTO audit(number, hash, document) VALUES(?,?,?)",
                                      before->number + 1, made.hash, made.document);
            !done) {
            return done;
        }
        const auto position = putRow(made.row);
        if (!position) return std::unexpected(position.error());
        made.row.position = *position;
        applied.audit_rows.push_back(std::move(made.row));
    }
    if (changes.audits.empty()) return {};
    return database_.run("DELETE FROM audit WHERE number <= (SELECT max(number) FROM audit) - ?",
                         limits_.audits);
}

Result<AuditHead> Outbox::auditHead() {
    auto newest = database_.query("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1");
    if (!newest) return passOn(newest.error(), "reading the audit chain");
    const auto found = newest->step();
    if (!found) return passOn(found.error(), "reading the audit chain");
    if (!*found) return AuditHead{};
    return AuditHead{static_cast<std::uint64_t>(newest->number(0)), newest->text(1)};
}

Result<std::vector<KeptAudit>> Outbox::audits(std::uint64_t below, std::size_t limit) {
    std::vector<KeptAudit> audits;
    auto rows = database_.query(
        "SELECT number, hash, document FROM audit WHERE ?1 = 0 OR number < ?1 ORDER BY number DESC LIMIT ?2",
        below, limit);
    if (!rows) return passOn(rows.error(), "reading the audit chain");
    for (;;) {
        const auto found = rows->step();
        if (!found) return passOn(found.error(), "reading the audit chain");
        if (!*found) return audits;
        audits.push_back({static_cast<std::uint64_t>(rows->number(0)), rows->text(1), rows->text(2)});
    }
}

}  // namespace camgate::outbox
