// Rows out of the outbox to the hub, within the control connection's window. A row is handed over while it
// commits, again after 30 s without the hub's receipt and after every reconnect, and leaves with the receipt
// only. What the broker took while no hub listened goes again after 2 s, doubling, and as soon as one is
// heard. Rows wait for the line's cap, chunks behind them; alarms overtake and do not wait. Within one camera
// and priority the order is kept. At most kOutstanding rows are in
// memory, the rest is read from the outbox in pages. Loop thread only.
// Implements docs/design/uplink.md (Rows).
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/event_loop.hpp"
#include "base/lifeline.hpp"
#include "outbox/async_outbox.hpp"
#include "uplink/channel.hpp"
#include "uplink/received_rows.hpp"

namespace camgate::uplink {

class OutboxSender {
  public:
    using Committed = std::function<void(Status)>;
    static constexpr Duration kResendAfter = std::chrono::seconds(30);
    static constexpr std::size_t kOutstanding = 64;  ///< without a receipt; replies and alarms a few more
    static constexpr std::size_t kOutstanding_bytes = 1U << 20U;

    OutboxSender(EventLoop& loop, Channel& control, outbox::AsyncOutbox& store);

    /// The rows are sent at once, while they commit; if that fails they are kept in memory, up to a bound.
    /// Audit entries are sent when they are durable.
    void commit(outbox::Changes changes, Committed committed = {});
    /// The rows are sent after they are durable, and not at all if that fails.
    void commitFirst(outbox::Changes changes, Committed committed);
    /// A row that lives as long as this connection: sent until its receipt. False: not up, or too many.
    bool sendVolatile(outbox::Row row);
    /// A volatile row that nobody needs any more.
    void forget(const std::string& id);
    /// Said once and not repeated, unless something of this row's kind still waits before it.
    bool sayOnce(const outbox::Row& row);

    void onUp();
    void onDown();
    void onReceipt(const std::vector<std::string>& ids);
    /// The hub wants no rows but alarms and replies for so long from now, whatever it wanted before.
    void delay(Duration longest);
    void pump();

    std::uint64_t unstoredLost() const { return unstored_lost_; }
    std::size_t outstanding() const { return outstanding_.size(); }

  private:
    enum class Home { Stored, Unstored, Volatile };
    struct Entry {
        outbox::Row row;
        Home home = Home::Stored;
        bool wants_send = true;
        bool in_flight = false;
        BootTime sent{};
        unsigned unheard = 0;  ///< how often on end nobody listened
    };
    using Key = std::pair<outbox::Priority, std::uint64_t>;  // order of sending
    struct Lane {
        std::deque<outbox::Row> waiting;
        std::int64_t cursor = 0;     // positions up to here have been taken from the outbox
        bool more = true;            // the outbox may hold rows behind the cursor
        std::uint64_t deferred = 0;  // how often a row was left to the outbox
        bool loading = false;
    };
    struct Offered {
        std::vector<outbox::Row> rows;
        std::vector<bool> taken;
    };

    Lane& lane(outbox::Priority priority) { return lanes_[static_cast<std::size_t>(priority)]; }
    bool offer(const outbox::Row& row);
    void offerStored(const std::vector<outbox::Row>& rows);
    void keepAudits(const std::vector<outbox::AuditLink>& audits);
    void settle(const Offered& offered, const Result<outbox::Applied>& applied);
    void keepUnstored(const outbox::Row& row);
    bool mayAdd(outbox::Priority priority) const;
    bool hasRoom(outbox::Priority priority) const;
    bool lineTakes(const outbox::Row& row);
    bool hubWaits(outbox::Priority priority);
    const Key& add(outbox::Row row, Home home);
    void drop(std::map<Key, Entry>::iterator entry);
    bool sendDue(outbox::Priority priority);
    bool sendWaiting(outbox::Priority priority);
    bool send(const Key& key, Entry& entry);
    void load(outbox::Priority priority);
    void onPage(outbox::Priority priority, std::uint64_t deferred_then, const Result<outbox::Page>& page);
    static Duration patience(const Entry& entry);
    void onSent(const Key& key, Fate fate);
    void sendUnheard();
    void markOverdue();

    EventLoop& loop_;
    Channel& control_;
    outbox::AsyncOutbox& store_;
    std::array<Lane, outbox::kPriorities> lanes_;
    std::map<Key, Entry> outstanding_;
    std::unordered_map<std::string, Key> keys_;
    std::unordered_set<std::string> unstored_;  // waiting or outstanding rows that are not in the outbox
    std::size_t outstanding_bytes_ = 0;
    std::uint64_t next_sequence_ = 1;
    std::uint64_t unstored_lost_ = 0;
    BootTime delayed_until_{};
    ReceivedRows received_;
    std::vector<outbox::AuditLink> unkept_audits_;
    LoopHandle resend_, retry_, line_free_, audit_retry_;
    Lifeline lifeline_;
};

}  // namespace camgate::uplink
