// What must still reach the hub, on disk: rows until the hub's receipt, the gaps where rows had to go, the
// highest command counter of each signer, replies for repeated commands, clips under way, checkpoints made,
// the audit chain, and the events the gateway remembers. Bounded in rows and bytes: when full, the oldest of
// what is worth least goes and its loss is recorded. SQLite (WAL, synchronous FULL): what a call returned
// survives a power cut. State thread only; the loop asks through AsyncOutbox. Implements
// docs/design/uplink.md (The database).
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "outbox/row.hpp"
#include "outbox/sqlite.hpp"

namespace camgate::outbox {

struct OutboxLimits {
    std::uint64_t rows = 200'000;
    std::uint64_t bytes = 64U << 20U;  ///< payloads, and kRowOverhead_bytes each
    std::uint64_t events = 1000;
    std::uint64_t replies = 256;
    std::uint64_t reply_bytes = 4U << 20U;
    std::chrono::hours reply_age{24};
    std::uint64_t ledger = 20000;
    std::uint64_t audits = 20000;
};

constexpr std::uint64_t kRowOverhead_bytes = 256;

class Outbox {
  public:
    /// See openDatabase() for errors. One Outbox per directory.
    [[nodiscard]] static Result<std::unique_ptr<Outbox>> open(const std::string& directory,
                                                              const OutboxLimits& limits = {});

    /// One transaction. A row whose id is there already keeps its place.
    [[nodiscard]] Result<Applied> apply(const Changes& changes);

    /// Rows of one priority behind `after`, in order; at least one if there is any.
    [[nodiscard]] Result<Page> page(Priority priority, std::int64_t after, std::size_t limit_rows,
                                    std::size_t limit_bytes);
    [[nodiscard]] Result<std::vector<Gap>> gaps();
    const Figures& figures() const { return figures_; }

    /// 0: none seen yet.
    [[nodiscard]] Result<std::uint64_t> highestCounter(std::string_view signer);
    /// Durable when it returns; never lowers.
    [[nodiscard]] Status storeCounter(std::string_view signer, std::uint64_t counter);

    [[nodiscard]] Result<std::optional<CachedReply>> findReply(ByteView correlation, WallTime now);
    /// Oldest first.
    [[nodiscard]] Result<std::vector<OpenClip>> openClips();
    [[nodiscard]] Result<std::vector<WantedClip>> wantedClips();
    /// Newest first.
    [[nodiscard]] Result<std::vector<EventEntry>> events(const EventQuery& query);

    [[nodiscard]] Result<std::optional<LedgerEntry>> newestInLedger(const LedgerQuery& query);
    /// Those that hold any of these numbers, in order.
    [[nodiscard]] Result<std::vector<LedgerEntry>> ledgerOf(const LedgerQuery& query,
                                                            std::uint64_t first_sequence,
                                                            std::uint64_t last_sequence);

    [[nodiscard]] Result<AuditHead> auditHead();
    /// Newest first, those numbered below `below` (0: all).
    [[nodiscard]] Result<std::vector<KeptAudit>> audits(std::uint64_t below, std::size_t limit);

    /// Where a corrupt database was moved at the start; empty: it was sound.
    const std::string& movedAside() const { return moved_aside_; }

  private:
    Outbox(Database database, std::string moved_aside, const OutboxLimits& limits)
        : database_(std::move(database)), moved_aside_(std::move(moved_aside)), limits_(limits) {}
    Status loadFigures();
    Result<std::int64_t> putRow(const Row& row);
    Result<bool> makeRoom(const Row& row);
    Result<Statement> leastRow();
    Status recordGap(std::string_view camera, std::int64_t created);
    Status removeRow(const std::string& id);
    Status putReply(const CachedReply& reply);
    Status putEvent(const EventEntry& entry);
    Status putClips(const Changes& changes);
    Status putLedger(const Changes& changes);
    Status putAudits(const Changes& changes, Applied& applied);

    Database database_;
    std::string moved_aside_;
    OutboxLimits limits_;
    Figures figures_;
};

}  // namespace camgate::outbox
