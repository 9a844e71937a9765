// What must still reach the hub, and what goes with it: plain values. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"

namespace camgate::outbox {

/// The lower the number, the sooner it is sent and the later it is dropped.
enum class Priority : std::uint8_t { Alarm = 0, Reply = 1, Event = 2, Checkpoint = 3, Bulk = 4 };
inline constexpr std::size_t kPriorities = 5;

/// One message to the hub. Its order is kept among the rows of one camera and priority.
struct Row {
    std::string id;  ///< 16 random bytes in hex, also inside the payload
    Priority priority = Priority::Event;
    std::string topic;  ///< below `camgate/v1/<gateway>/`
    Bytes payload;
    std::string camera;  ///< empty: the gateway itself
    Bytes correlation;   ///< MQTT correlation data; empty: none
    WallTime created;
    bool expendable = false;    ///< goes before all but bulk when the outbox is full: an event's still
    std::int64_t position = 0;  ///< given by the outbox, grows; 0: not stored
};

/// Rows of one camera that had to go before the hub had them. A row that was under way then may have arrived.
struct Gap {
    std::string camera;
    WallTime first;
    WallTime last;
    std::uint64_t count = 0;
};

/// A clip that the hub has not verified yet.
struct OpenClip {
    std::string id;
    Bytes plan;
    std::string event;   ///< empty: asked for by a command
    Bytes correlation;   ///< of that command
    std::string signer;  ///< of that command, fingerprint
    WallTime created;
    Bytes seed;  ///< of the keys its chunks are sealed with; stays as it was when the clip is put again
};

/// An event's clip that is not planned yet.
struct WantedClip {
    std::string event;
    std::string camera;
    WallTime from;
    WallTime to;
};

/// The reply to a command, kept for the command's repeats.
struct CachedReply {
    Bytes correlation;
    std::string json;  ///< without the row's id
    WallTime made;
};

/// An event as the gateway remembers it: its newest state.
struct EventEntry {
    std::string event;
    std::string camera;
    WallTime start;
    std::string json;
    std::int64_t position = 0;  ///< given by the outbox: the order among events of one start
};

/// A place in the list of events, which goes from the newest to the oldest.
struct EventPlace {
    WallTime start;
    std::int64_t position = 0;
};

struct EventQuery {
    std::optional<std::string> camera;
    std::optional<WallTime> from;  ///< start, inclusive
    std::optional<WallTime> to;    ///< exclusive
    std::size_t limit = 100;
    std::optional<EventPlace> behind = {};  ///< where the page before ended
};

/// A checkpoint that was made, for those that follow and for proofs of clips.
struct LedgerEntry {
    std::string digest;  ///< of the checkpoint's bytes, hex
    std::string camera;
    std::uint8_t stream = 0;
    std::string ring;  ///< id
    std::uint64_t first_sequence = 0;
    std::uint64_t last_session = 0;
    std::uint64_t last_sequence = 0;
    WallTime to;                   ///< end of its last record, as known then
    std::string document;          ///< the signed checkpoint
    std::string countersignature;  ///< the hub's, signed; empty: none yet
};

/// Entries of one stream in one ring.
struct LedgerQuery {
    std::string camera;
    std::uint8_t stream = 0;
    std::string ring;
};

struct Countersigned {
    std::string digest;  ///< of which checkpoint
    std::string document;
};

/// The newest entry of the audit chain; number 0: there is none yet.
struct AuditHead {
    std::uint64_t number = 0;
    std::string hash;  ///< hex
};

/// An entry as it stands in the chain behind a head.
struct ChainedAudit {
    std::string document;
    std::string hash;  ///< hex
    Row row;           ///< for the hub
};

/// Makes an entry when its place in the chain is known: on the state thread, inside the transaction.
using AuditLink = std::function<ChainedAudit(const AuditHead& before)>;

struct KeptAudit {
    std::uint64_t number = 0;
    std::string hash;
    std::string document;
};

/// What is made durable together: all of it or nothing.
struct Changes {
    std::vector<Row> rows;
    std::vector<std::string> remove_rows;
    std::vector<EventEntry> events;
    std::vector<WantedClip> want_clips;
    std::vector<std::string> unwant_clips;  ///< by event
    std::vector<OpenClip> open_clips;       ///< one that is open already is replaced
    std::vector<std::string> close_clips;
    std::vector<CachedReply> replies;
    std::vector<LedgerEntry> ledger;
    std::vector<Countersigned> countersigned;
    std::vector<AuditLink> audits;
};

struct Figures {
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;
    std::uint64_t dropped = 0;  ///< rows ever dropped by this database
};

struct Applied {
    std::vector<std::int64_t> positions;  ///< of `rows`, in order; 0: dropped, the outbox holds better
    std::vector<Row> audit_rows;          ///< those of `audits`, with their positions
    Figures figures;
};

struct Page {
    std::vector<Row> rows;
    bool more = false;
};

}  // namespace camgate::outbox
