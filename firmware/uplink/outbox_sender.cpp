#include "uplink/outbox_sender.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace camgate::uplink {
namespace {

using outbox::Priority;
using outbox::Row;

constexpr Duration kResendStep = std::chrono::seconds(1);
constexpr Duration kUnheardAfter = std::chrono::seconds(2);
constexpr unsigned kMostDoublings = 4;
constexpr Duration kLoadRetryAfter = std::chrono::seconds(5);
constexpr std::size_t kPageRows = 16;
constexpr std::size_t kPage_bytes = 256U << 10U;
constexpr std::size_t kMaxUnstored = 64;
constexpr std::size_t kLongestUrgent_bytes = 4096;

struct Share {
    std::size_t extra;    ///< rows outstanding beyond kOutstanding
    std::size_t reserve;  ///< places of the window left to what is more urgent
};
constexpr std::array<Share, outbox::kPriorities> kShares{{{32, 0}, {16, 1}, {0, 2}, {0, 2}, {0, 2}}};

const Share& shareOf(Priority priority) {
    return kShares.at(static_cast<std::size_t>(priority));
}

/// A still is no alarm, even if it belongs to one, and a snapshot is no short reply.
LineBudget::Use useOf(const Row& row) {
    const bool urgent = row.priority <= Priority::Reply && row.payload.size() <= kLongestUrgent_bytes;
    return urgent ? LineBudget::Use::Urgent : LineBudget::Use::Row;
}

HubMessage messageOf(const Row& row) {
    HubMessage message;
    message.topic = row.topic;
    message.payload = row.payload;
    message.content_type = "application/json";
    message.correlation = row.correlation;
    return message;
}

}  // namespace

OutboxSender::OutboxSender(EventLoop& loop, Channel& control, outbox::AsyncOutbox& store)
    : loop_(loop), control_(control), store_(store), received_(loop, store) {}

void OutboxSender::commit(outbox::Changes changes, Committed committed) {
    Offered offered{changes.rows, {}};
    for (const auto& row : changes.rows) offered.taken.push_back(offer(row));
    // Not in the capture: compilers differ in which argument they make first.
    std::vector<outbox::AuditLink> audits = changes.audits;
    store_.apply(std::move(changes),
                 lifeline_.guard([this, offered = std::move(offered), audits = std::move(audits),
                                  committed = std::move(committed)](Result<outbox::Applied> applied) {
                     settle(offered, applied);
                     if (applied) {
                         offerStored(applied->audit_rows);
                     } else {
                         keepAudits(audits);
                     }
                     if (!committed) return;
                     if (applied) {
                         committed({});
                     } else {
                         committed(std::unexpected(applied.error()));
                     }
                 }));
}

void OutboxSender::commitFirst(outbox::Changes changes, Committed committed) {
    std::vector<Row> rows = changes.rows;
    store_.apply(std::move(changes),
                 lifeline_.guard([this, rows = std::move(rows),
                                  committed = std::move(committed)](Result<outbox::Applied> applied) mutable {
                     if (!applied) return committed(std::unexpected(applied.error()));
                     for (std::size_t i = 0; i < rows.size(); ++i) rows[i].position = applied->positions[i];
                     offerStored(rows);
                     offerStored(applied->audit_rows);
                     committed({});
                 }));
}

/// True: this row will be sent from memory. False: it is left to the outbox, to be loaded in its turn.
bool OutboxSender::offer(const Row& row) {
    Lane& lane = this->lane(row.priority);
    if (!control_.up() || lane.more || lane.loading || lane.waiting.size() >= kPageRows) {
        lane.more = true;
        ++lane.deferred;
        return false;
    }
    lane.waiting.push_back(row);
    pump();
    return true;
}

/// Durable already; while rows are left to the outbox, the cursor must not pass them.
void OutboxSender::offerStored(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        Lane& lane = this->lane(row.priority);
        if (offer(row) && !lane.more && !lane.loading) lane.cursor = std::max(lane.cursor, row.position);
    }
    pump();
}

/// An entry has no place in the chain before it is durable: it waits here, and is tried again.
void OutboxSender::keepAudits(const std::vector<outbox::AuditLink>& audits) {
    for (const auto& audit : audits) {
        if (unkept_audits_.size() < kMaxUnstored) {
            unkept_audits_.push_back(audit);
        } else {
            ++unstored_lost_;
        }
    }
    if (unkept_audits_.empty() || audit_retry_.active()) return;
    audit_retry_ = loop_.runAfter(kResendAfter, [this] {
        audit_retry_.cancel();
        outbox::Changes changes;
        changes.audits = std::exchange(unkept_audits_, {});
        commit(std::move(changes));
    });
}

void OutboxSender::settle(const Offered& offered, const Result<outbox::Applied>& applied) {
    for (std::size_t i = 0; i < offered.rows.size(); ++i) {
        const Row& row = offered.rows[i];
        Lane& lane = this->lane(row.priority);
        if (applied) {
            // While rows are left to the outbox, the cursor must not pass them.
            if (offered.taken[i] && !lane.more && !lane.loading)
                lane.cursor = std::max(lane.cursor, applied->positions[i]);
        } else if (offered.taken[i]) {
            unstored_.insert(row.id);
            if (const auto key = keys_.find(row.id); key != keys_.end())
                outstanding_.at(key->second).home = Home::Unstored;
        } else {
            keepUnstored(row);
        }
    }
    if (!applied && !offered.rows.empty()) {
        logEvent(LogLevel::Error, "uplink", "outbox-write-failed", {{"error", applied.error()}});
    }
    pump();
}

void OutboxSender::keepUnstored(const Row& row) {
    if (unstored_.size() >= kMaxUnstored) {
        ++unstored_lost_;
        return;
    }
    unstored_.insert(row.id);
    lane(row.priority).waiting.push_back(row);
}

bool OutboxSender::sendVolatile(Row row) {
    if (!control_.up() || !mayAdd(row.priority)) return false;
    add(std::move(row), Home::Volatile);
    pump();
    return true;
}

void OutboxSender::forget(const std::string& id) {
    const auto key = keys_.find(id);
    if (key != keys_.end()) drop(outstanding_.find(key->second));
}

bool OutboxSender::sayOnce(const Row& row) {
    const Lane& lane = this->lane(row.priority);
    if (lane.more || lane.loading || !lane.waiting.empty() || !hasRoom(row.priority)) return false;
    for (const auto& [key, entry] : outstanding_) {
        if (key.first == row.priority && entry.wants_send) return false;
    }
    return control_.publish(messageOf(row), {});
}

void OutboxSender::onUp() {
    for (auto& [key, entry] : outstanding_) entry.wants_send = true;
    pump();
}

void OutboxSender::onDown() {
    control_.line().setRowsWait(false);
    for (auto entry = outstanding_.begin(); entry != outstanding_.end();) {
        const auto next = std::next(entry);
        if (entry->second.home == Home::Volatile) drop(entry);
        entry = next;
    }
}

void OutboxSender::onReceipt(const std::vector<std::string>& ids) {
    std::vector<std::string> stored;
    for (const auto& id : ids) {
        const auto key = keys_.find(id);
        Home home = Home::Stored;
        if (key != keys_.end()) {
            const auto entry = outstanding_.find(key->second);
            home = entry->second.home;
            drop(entry);
        }
        if (home == Home::Stored) stored.push_back(id);
    }
    received_.add(stored);
    sendUnheard();
    pump();
}

void OutboxSender::delay(Duration longest) {
    delayed_until_ = loop_.clock().bootNow() + longest;
    pump();
}

void OutboxSender::pump() {
    line_free_.cancel();
    control_.line().setRowsWait(false);
    if (!control_.up()) return;
    for (std::size_t i = 0; i < outbox::kPriorities; ++i) {
        const auto priority = static_cast<Priority>(i);
        if (hubWaits(priority)) return;
        if (!sendDue(priority) || !sendWaiting(priority)) return;
        const Lane& lane = this->lane(priority);
        if (lane.waiting.size() <= kPageRows / 2 && lane.more && !lane.loading && !retry_.active() &&
            mayAdd(priority))
            load(priority);
    }
}

/// True: not yet; the pump is called again when it does not any more.
bool OutboxSender::hubWaits(Priority priority) {
    const Duration left = delayed_until_ - loop_.clock().bootNow();
    if (priority <= Priority::Reply || left <= Duration::zero()) return false;
    line_free_ = loop_.runAfter(left, [this] { pump(); });
    return true;
}

/// False: not yet; the pump is called again when it does.
bool OutboxSender::lineTakes(const Row& row) {
    LineBudget& line = control_.line();
    const Duration wait = line.wait(useOf(row), wireBytes(row.payload.size() + row.topic.size()));
    line.setRowsWait(wait > Duration::zero());
    if (wait == Duration::zero()) return true;
    line_free_ = loop_.runAfter(wait, [this] { pump(); });
    return false;
}

/// False: no room in the window, or on the line.
bool OutboxSender::sendDue(Priority priority) {
    const auto end = outstanding_.lower_bound({static_cast<Priority>(static_cast<int>(priority) + 1), 0});
    for (auto entry = outstanding_.lower_bound({priority, 0}); entry != end; ++entry) {
        if (!entry->second.wants_send || entry->second.in_flight) continue;
        if (!hasRoom(priority) || !lineTakes(entry->second.row)) return false;
        if (!send(entry->first, entry->second)) return false;
    }
    return true;
}

bool OutboxSender::sendWaiting(Priority priority) {
    Lane& lane = this->lane(priority);
    while (!lane.waiting.empty() && mayAdd(priority)) {
        if (!hasRoom(priority) || !lineTakes(lane.waiting.front())) return false;
        Row row = std::move(lane.waiting.front());
        lane.waiting.pop_front();
        const Home home = unstored_.contains(row.id) ? Home::Unstored : Home::Stored;
        const Key key = add(std::move(row), home);
        if (!send(key, outstanding_.at(key))) return false;
    }
    return true;
}

bool OutboxSender::send(const Key& key, Entry& entry) {
    const auto done = lifeline_.guard([this, key](Fate fate) { onSent(key, fate); });
    if (!control_.publish(messageOf(entry.row), done)) return false;
    entry.wants_send = false;
    entry.in_flight = true;
    entry.sent = loop_.clock().bootNow();
    if (!resend_.active()) resend_ = loop_.runEvery(kResendStep, [this] { markOverdue(); });
    return true;
}

void OutboxSender::onSent(const Key& key, Fate fate) {
    const auto found = outstanding_.find(key);
    if (found == outstanding_.end()) return;
    Entry& entry = found->second;
    entry.in_flight = false;
    entry.unheard = fate == Fate::Unheard ? entry.unheard + 1 : 0;
}

bool OutboxSender::mayAdd(Priority priority) const {
    return outstanding_.size() < kOutstanding + shareOf(priority).extra &&
           (outstanding_bytes_ < kOutstanding_bytes || priority == Priority::Alarm);
}

bool OutboxSender::hasRoom(Priority priority) const {
    return control_.hasRoom(shareOf(priority).reserve);
}

const OutboxSender::Key& OutboxSender::add(Row row, Home home) {
    outstanding_bytes_ += row.payload.size();
    const Key key{row.priority, next_sequence_++};
    keys_[row.id] = key;
    const auto [entry, added] = outstanding_.emplace(key, Entry{std::move(row), home});
    return entry->first;
}

void OutboxSender::drop(std::map<Key, Entry>::iterator entry) {
    outstanding_bytes_ -= entry->second.row.payload.size();
    keys_.erase(entry->second.row.id);
    unstored_.erase(entry->second.row.id);
    outstanding_.erase(entry);
    if (outstanding_.empty()) resend_.cancel();
}

/// A hub is there again: it gets at once what nobody heard. Not what has only just gone: where rules and not
/// subscribers take what arrives, a broker says so of everything.
void OutboxSender::sendUnheard() {
    const BootTime now = loop_.clock().bootNow();
    for (auto& [key, entry] : outstanding_) {
        if (entry.unheard != 0 && now - entry.sent >= kUnheardAfter) entry.wants_send = true;
    }
}

Duration OutboxSender::patience(const Entry& entry) {
    if (entry.unheard == 0) return kResendAfter;
    return std::min(kResendAfter, kUnheardAfter * (1U << std::min(entry.unheard - 1, kMostDoublings)));
}

/// What the hub has not confirmed in time goes again, and with it what followed it of the same camera, so
/// that the hub sees both in order.
void OutboxSender::markOverdue() {
    const BootTime now = loop_.clock().bootNow();
    std::vector<std::pair<Priority, std::string>> behind;
    for (auto& [key, entry] : outstanding_) {
        const std::pair stream(key.first, entry.row.camera);
        const bool overdue = !entry.in_flight && now - entry.sent >= patience(entry);
        const bool follows = std::ranges::find(behind, stream) != behind.end();
        if (!overdue && !follows) continue;
        entry.wants_send = true;
        if (!follows) behind.push_back(stream);
    }
    pump();
}

void OutboxSender::load(Priority priority) {
    Lane& lane = this->lane(priority);
    lane.loading = true;
    const std::int64_t after = lane.cursor;
    store_.ask<outbox::Page>(
        [priority, after](outbox::Outbox& outbox) {
            return outbox.page(priority, after, kPageRows, kPage_bytes);
        },
        lifeline_.guard([this, priority, then = lane.deferred](Result<outbox::Page> page) {
            onPage(priority, then, page);
        }));
}

void OutboxSender::onPage(Priority priority, std::uint64_t deferred_then, const Result<outbox::Page>& page) {
    Lane& lane = this->lane(priority);
    lane.loading = false;
    if (!page) {
        // Without an outbox there is nothing to load, now or later.
        lane.more = !store_.error();
        retry_ = loop_.runAfter(kLoadRetryAfter, [this] {
            retry_.cancel();
            pump();
        });
        return pump();
    }
    for (const auto& row : page->rows) {
        lane.cursor = std::max(lane.cursor, row.position);
        const bool waits = std::ranges::find(lane.waiting, row.id, &Row::id) != lane.waiting.end();
        if (!keys_.contains(row.id) && !received_.has(row.id) && !waits) lane.waiting.push_back(row);
    }
    lane.more = page->more || lane.deferred != deferred_then;
    pump();
}

}  // namespace camgate::uplink
