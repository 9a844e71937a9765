#include "outbox/outbox.hpp"

namespace camgate::outbox {
namespace {

constexpr std::string_view kColumns =
    "SELECT digest, camera, stream, ring, first_sequence, last_session, last_sequence, last_time, document,"
    " countersignature FROM ledger WHERE camera = ? AND stream = ? AND ring = ?";

/// SQLite has no unsigned numbers; sessions use all 64 bits.
std::int64_t asSigned(std::uint64_t number) {
    return static_cast<std::int64_t>(number);
}

LedgerEntry readEntry(const Statement& from) {
    LedgerEntry entry;
    entry.digest = from.text(0);
    entry.camera = from.text(1);
    entry.stream = static_cast<std::uint8_t>(from.number(2));
    entry.ring = from.text(3);
    entry.first_sequence = static_cast<std::uint64_t>(from.number(4));
    entry.last_session = static_cast<std::uint64_t>(from.number(5));
    entry.last_sequence = static_cast<std::uint64_t>(from.number(6));
    entry.to = WallTime(Duration(from.number(7)));
    entry.document = from.text(8);
    entry.countersignature = from.text(9);
    return entry;
}

}  // namespace

Status Outbox::putLedger(const Changes& changes) {
    for (const LedgerEntry& entry : changes.ledger) {
        if (auto done = database_.run(
                "INSERT OR IGNORE INTO ledger(digest, camera, stream, ring, first_sequence, last_session,"
                " last_sequence, last_time, document, countersignature) VALUES(?,?,?,?,?,?,?,?,?,?)",
                entry.digest, entry.camera, entry.stream, entry.ring, asSigned(entry.first_sequence),
                asSigned(entry.last_session), asSigned(entry.last_sequence),
                entry.to.time_since_epoch().count(), entry.document, entry.countersignature);
            !done) {
            return done;
        }
    }
    for (const Countersigned& countersigned : changes.countersigned) {
        if (auto done = database_.run("UPDATE ledger SET countersignature = ? WHERE digest = ?",
                                      countersigned.document, countersigned.digest);
            !done) {
            return done;
        }
    }
    if (changes.ledger.empty()) return {};
    return database_.run(
        "DELETE FROM ledger WHERE position IN (SELECT position FROM ledger"
        " ORDER BY position DESC LIMIT -1 OFFSET ?)",
        limits_.ledger);
}

Result<std::optional<LedgerEntry>> Outbox::newestInLedger(const LedgerQuery& query) {
    auto statement = database_.query(std::string(kColumns) + " ORDER BY last_sequence DESC LIMIT 1",
                                     query.camera, query.stream, query.ring);
    if (!statement) return passOn(statement.error(), "reading the ledger");
    const auto found = statement->step();
    if (!found) return passOn(found.error(), "reading the ledger");
    return *found ? std::optional(readEntry(*statement)) : std::nullopt;
}

Result<std::vector<LedgerEntry>> Outbox::ledgerOf(const LedgerQuery& query, std::uint64_t first_sequence,
                                                  std::uint64_t last_sequence) {
    auto statement = database_.query(
        std::string(kColumns) + " AND last_sequence >= ? AND first_sequence <= ? ORDER BY last_sequence",
        query.camera, query.stream, query.ring, asSigned(first_sequence), asSigned(last_sequence));
    if (!statement) return passOn(statement.error(), "reading the ledger");
    std::vector<LedgerEntry> entries;
    for (;;) {
        const auto found = statement->step();
        if (!found) return passOn(found.error(), "reading the ledger");
        if (!*found) return entries;
        entries.push_back(readEntry(*statement));
    }
}

}  // namespace camgate::outbox
