#include "outbox/outbox.hpp"

#include <limits>
#include <utility>

#include "outbox/schema.hpp"

namespace camgate::outbox {
namespace {

std::int64_t stored(WallTime time) {
    return time.time_since_epoch().count();
}

WallTime wallTime(std::int64_t stored_ns) {
    return WallTime(Duration(stored_ns));
}

std::uint64_t weight(std::uint64_t payload_bytes) {
    return payload_bytes + kRowOverhead_bytes;
}

/// The higher, the sooner it goes when there is no room.
std::int64_t dropRank(std::int64_t priority, bool expendable) {
    constexpr auto kBulk = static_cast<std::int64_t>(Priority::Bulk);
    if (priority == kBulk) return kBulk + 1;
    return expendable ? kBulk : priority;
}

/// Calls `read` for each row of the answer.
template <class Read>
Status forEach(Result<Statement> statement, Read read) {
    if (!statement) return std::unexpected(statement.error());
    for (;;) {
        const auto found = statement->step();
        if (!found) return std::unexpected(found.error());
        if (!*found) return {};
        if (!read(*statement)) return {};
    }
}

Row readRow(const Statement& from) {
    Row row;
    row.position = from.number(0);
    row.id = from.text(1);
    row.priority = static_cast<Priority>(from.number(2));
    row.topic = from.text(3);
    row.payload = from.blob(4);
    row.camera = from.text(5);
    row.correlation = from.blob(6);
    row.created = wallTime(from.number(7));
    row.expendable = from.number(8) != 0;
    return row;
}

}  // namespace

Result<std::unique_ptr<Outbox>> Outbox::open(const std::string& directory, const OutboxLimits& limits) {
    auto opened = openDatabase(directory);
    if (!opened) return std::unexpected(opened.error());
    std::unique_ptr<Outbox> outbox(
        new Outbox(std::move(opened->database), std::move(opened->moved_aside), limits));
    if (auto loaded = outbox->loadFigures(); !loaded) return passOn(loaded.error(), "opening the outbox");
    return outbox;
}

Status Outbox::loadFigures() {
    const auto rows = database_.number("SELECT count(*) FROM rows");
    const auto bytes = database_.number("SELECT coalesce(sum(length(payload)), 0) FROM rows");
    const auto dropped = database_.number("SELECT coalesce(sum(count), 0) FROM gaps");
    for (const auto* figure : {&rows, &bytes, &dropped}) {
        if (!*figure) return std::unexpected(figure->error());
    }
    figures_.rows = static_cast<std::uint64_t>(*rows);
    figures_.bytes = static_cast<std::uint64_t>(*bytes) + figures_.rows * kRowOverhead_bytes;
    figures_.dropped = static_cast<std::uint64_t>(*dropped);
    return {};
}

Result<Applied> Outbox::apply(const Changes& changes) {
    const Figures before = figures_;
    Applied applied;
    const auto work = [&]() -> Status {
        auto transaction = Transaction::begin(database_);
        if (!transaction) return std::unexpected(transaction.error());
        for (const auto& id : changes.remove_rows) {
            if (auto done = removeRow(id); !done) return done;
        }
        for (const auto& row : changes.rows) {
            const auto position = putRow(row);
            if (!position) return std::unexpected(position.error());
            applied.positions.push_back(*position);
        }
        for (const auto& entry : changes.events) {
            if (auto done = putEvent(entry); !done) return done;
        }
        for (const auto& reply : changes.replies) {
            if (auto done = putReply(reply); !done) return done;
        }
        if (auto done = putClips(changes); !done) return done;
        if (auto done = putLedger(changes); !done) return done;
        if (auto done = putAudits(changes, applied); !done) return done;
        return transaction->commit();
    };
    if (auto done = work(); !done) {
        figures_ = before;
        return passOn(done.error(), "writing to the outbox");
    }
    applied.figures = figures_;
    return applied;
}

Result<std::int64_t> Outbox::putRow(const Row& row) {
    const auto there = database_.number("SELECT position FROM rows WHERE id = ?", row.id);
    if (!there || *there != 0) return there;
    const auto room = makeRoom(row);
    if (!room) return std::unexpected(room.error());
    if (!*room) {
        if (auto done = recordGap(row.camera, stored(row.created)); !done)
            return std::unexpected(done.error());
        return 0;
    }
    if (auto done =
            database_.run("INSERT INTO rows(id, priority, topic, payload, camera, correlation, created,"
                          " expendable) VALUES(?,?,?,?,?,?,?,?)",
                          row.id, static_cast<int>(row.priority), row.topic, row.payload, row.camera,
                          row.correlation, stored(row.created), row.expendable ? 1 : 0);
        !done) {
        return std::unexpected(done.error());
    }
    ++figures_.rows;
    figures_.bytes += weight(row.payload.size());
    return database_.lastPosition();
}

Result<bool> Outbox::makeRoom(const Row& row) {
    const std::uint64_t need_bytes = weight(row.payload.size());
    while (figures_.rows + 1 > limits_.rows || figures_.bytes + need_bytes > limits_.bytes) {
        auto least = leastRow();
        if (!least) return std::unexpected(least.error());
        const auto found = least->step();
        if (!found) return found;
        const std::int64_t mine = dropRank(static_cast<std::int64_t>(row.priority), row.expendable);
        if (!*found || dropRank(least->number(1), least->number(5) != 0) < mine) return false;
        if (auto done = recordGap(least->text(2), least->number(3)); !done)
            return std::unexpected(done.error());
        if (auto done = database_.run("DELETE FROM rows WHERE position = ?", least->number(0)); !done)
            return std::unexpected(done.error());
        --figures_.rows;
        figures_.bytes -= weight(static_cast<std::uint64_t>(least->number(4)));
    }
    return true;
}

/// The oldest of the highest dropRank(). Three looks into an index each: a full outbox stays quick.
Result<Statement> Outbox::leastRow() {
    return database_.query(
        "SELECT position, priority, camera, created, length(payload), expendable FROM rows"
        " WHERE position = coalesce("
        "(SELECT position FROM rows WHERE priority = ?1 ORDER BY position LIMIT 1),"
        "(SELECT position FROM rows WHERE expendable = 1 ORDER BY position LIMIT 1),"
        "(SELECT position FROM rows WHERE priority = (SELECT max(priority) FROM rows)"
        " ORDER BY position LIMIT 1))",
        static_cast<int>(Priority::Bulk));
}

Status Outbox::recordGap(std::string_view camera, std::int64_t created) {
    ++figures_.dropped;
    return database_.run(
        "INSERT INTO gaps(camera, first, last, count) VALUES(?1, ?2, ?2, 1)"
        " ON CONFLICT(camera) DO UPDATE SET first = min(first, excluded.first),"
        " last = max(last, excluded.last), count = count + 1",
        camera, created);
}

Status Outbox::removeRow(const std::string& id) {
    return forEach(database_.query("DELETE FROM rows WHERE id = ? RETURNING length(payload)", id),
                   [&](const Statement& row) {
                       --figures_.rows;
                       figures_.bytes -= weight(static_cast<std::uint64_t>(row.number(0)));
                       return true;
                   });
}

Status Outbox::putReply(const CachedReply& reply) {
    if (auto done = database_.run("INSERT OR REPLACE INTO replies(correlation, json, made) VALUES(?,?,?)",
                                  reply.correlation, reply.json, stored(reply.made));
        !done) {
        return done;
    }
    if (auto done = database_.run("DELETE FROM replies WHERE position IN (SELECT position FROM replies"
                                  " ORDER BY position DESC LIMIT -1 OFFSET ?)",
                                  limits_.replies);
        !done) {
        return done;
    }
    return database_.run(
        "DELETE FROM replies WHERE position IN (SELECT position FROM (SELECT position,"
        " sum(length(json)) OVER (ORDER BY position DESC) AS total FROM replies) WHERE total > ?)",
        limits_.reply_bytes);
}

Status Outbox::putEvent(const EventEntry& entry) {
    if (auto done = database_.run("INSERT INTO events(event, camera, start, json) VALUES(?,?,?,?)"
                                  " ON CONFLICT(event) DO UPDATE SET json = excluded.json",
                                  entry.event, entry.camera, stored(entry.start), entry.json);
        !done) {
        return done;
    }
    return database_.run(
        "DELETE FROM events WHERE position IN (SELECT position FROM events"
        " ORDER BY position DESC LIMIT -1 OFFSET ?)",
        limits_.events);
}

Status Outbox::putClips(const Changes& changes) {
    for (const auto& clip : changes.want_clips) {
        if (auto done = database_.run("INSERT OR REPLACE INTO wanted VALUES(?,?,?,?)", clip.event,
                                      clip.camera, stored(clip.from), stored(clip.to));
            !done) {
            return done;
        }
    }
    for (const auto& event : changes.unwant_clips) {
        if (auto done = database_.run("DELETE FROM wanted WHERE event = ?", event); !done) return done;
    }
    for (const auto& id : changes.close_clips) {
        if (auto done = database_.run("DELETE FROM clips WHERE id = ?", id); !done) return done;
    }
    for (const auto& clip : changes.open_clips) {
        if (auto done =
                database_.run("INSERT INTO clips(id, plan, event, correlation, signer, created, seed)"
                              " VALUES(?,?,?,?,?,?,?)"
                              " ON CONFLICT(id) DO UPDATE SET plan = excluded.plan, event = excluded.event,"
                              " correlation = excluded.correlation, signer = excluded.signer",
                              clip.id, clip.plan, clip.event, clip.correlation, clip.signer,
                              stored(clip.created), clip.seed);
            !done) {
            return done;
        }
    }
    return {};
}

Result<Page> Outbox::page(Priority priority, std::int64_t after, std::size_t limit_rows,
                          std::size_t limit_bytes) {
    Page page;
    std::size_t bytes = 0;
    auto statement = database_.query(
        "SELECT position, id, priority, topic, payload, camera, correlation, created, expendable FROM rows"
        " WHERE priority = ? AND position > ? ORDER BY position LIMIT ?",
        static_cast<int>(priority), after, limit_rows + 1);
    const auto done = forEach(std::move(statement), [&](const Statement& row) {
        page.more = page.rows.size() == limit_rows || (!page.rows.empty() && bytes >= limit_bytes);
        if (page.more) return false;
        page.rows.push_back(readRow(row));
        bytes += page.rows.back().payload.size();
        return true;
    });
    if (!done) return passOn(done.error(), "reading the outbox");
    return page;
}

Result<std::vector<Gap>> Outbox::gaps() {
    std::vector<Gap> gaps;
    const auto done =
        forEach(database_.query("SELECT camera, first, last, count FROM gaps ORDER BY camera"),
                [&](const Statement& row) {
                    gaps.push_back({row.text(0), wallTime(row.number(1)), wallTime(row.number(2)),
                                    static_cast<std::uint64_t>(row.number(3))});
                    return true;
                });
    if (!done) return passOn(done.error(), "reading the outbox's gaps");
    return gaps;
}

Result<std::uint64_t> Outbox::highestCounter(std::string_view signer) {
    const auto highest = database_.number("SELECT highest FROM counters WHERE signer = ?", signer);
    if (!highest) return passOn(highest.error(), "reading a signer's counter");
    return static_cast<std::uint64_t>(*highest);
}

Status Outbox::storeCounter(std::string_view signer, std::uint64_t counter) {
    if (auto done =
            database_.run("INSERT INTO counters(signer, highest) VALUES(?,?)"
                          " ON CONFLICT(signer) DO UPDATE SET highest = max(highest, excluded.highest)",
                          signer, counter);
        !done) {
        return passOn(done.error(), "keeping a signer's counter");
    }
    return {};
}

Result<std::optional<CachedReply>> Outbox::findReply(ByteView correlation, WallTime now) {
    std::optional<CachedReply> reply;
    auto statement =
        database_.query("SELECT correlation, json, made FROM replies WHERE correlation = ?", correlation);
    const auto done = forEach(std::move(statement), [&](const Statement& row) {
        reply = CachedReply{row.blob(0), row.text(1), wallTime(row.number(2))};
        return false;
    });
    if (!done) return passOn(done.error(), "looking for a reply");
    if (reply && now - reply->made > limits_.reply_age) reply.reset();
    return reply;
}

Result<std::vector<OpenClip>> Outbox::openClips() {
    std::vector<OpenClip> clips;
    auto statement = database_.query(
        "SELECT id, plan, event, correlation, signer, created, seed FROM clips ORDER BY position");
    const auto done = forEach(std::move(statement), [&](const Statement& row) {
        clips.push_back({row.text(0), row.blob(1), row.text(2), row.blob(3), row.text(4),
                         wallTime(row.number(5)), row.blob(6)});
        return true;
    });
    if (!done) return passOn(done.error(), "reading the clips under way");
    return clips;
}

Result<std::vector<WantedClip>> Outbox::wantedClips() {
    std::vector<WantedClip> clips;
    auto statement =
        database_.query("SELECT event, camera, wanted_from, wanted_to FROM wanted ORDER BY rowid");
    const auto done = forEach(std::move(statement), [&](const Statement& row) {
        clips.push_back({row.text(0), row.text(1), wallTime(row.number(2)), wallTime(row.number(3))});
        return true;
    });
    if (!done) return passOn(done.error(), "reading the wanted clips");
    return clips;
}

Result<std::vector<EventEntry>> Outbox::events(const EventQuery& query) {
    std::vector<EventEntry> events;
    constexpr auto kEver = std::numeric_limits<std::int64_t>::max();
    auto statement = database_.query(
        "SELECT event, camera, start, json, position FROM events WHERE (?1 OR camera = ?2) AND start >= ?3"
        " AND start < ?4 AND (start, position) < (?6, ?7) ORDER BY start DESC, position DESC LIMIT ?5",
        query.camera ? 0 : 1, query.camera.value_or(""), query.from ? stored(*query.from) : -kEver,
        query.to ? stored(*query.to) : kEver, query.limit, query.behind ? stored(query.behind->start) : kEver,
        query.behind ? query.behind->position : kEver);
    const auto done = forEach(std::move(statement), [&](const Statement& row) {
        events.push_back({row.text(0), row.text(1), wallTime(row.number(2)), row.text(3), row.number(4)});
        return true;
    });
    if (!done) return passOn(done.error(), "reading the events");
    return events;
}

}  // namespace camgate::outbox
