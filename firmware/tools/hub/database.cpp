#include "tools/hub/database.hpp"

#include <array>

#include "outbox/sqlite.hpp"

namespace camgate::hub {
namespace {

using outbox::Database;
using outbox::Transaction;

constexpr std::int64_t kVersion = 1;

/// One process writes; the lock is held as long as it lives, and readers do not need it.
constexpr const char* kPragmas =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 0;";
constexpr const char* kTables = R"(
BEGIN IMMEDIATE;
CREATE TABLE row(kind TEXT NOT NULL, gateway TEXT NOT NULL, id TEXT NOT NULL, subject TEXT NOT NULL,
  at TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY(kind, gateway, id));
CREATE INDEX row_by_time ON row(kind, at);
CREATE INDEX row_by_subject ON row(kind, subject);
CREATE VIEW event AS SELECT gateway, id, subject AS event, at AS start, document FROM row WHERE kind = 'event';
CREATE VIEW audit AS SELECT gateway, id, subject AS action, at, document FROM row WHERE kind = 'audit';
CREATE VIEW reply AS SELECT gateway, id, subject AS correlation, at AS received, document FROM row
  WHERE kind = 'reply';
CREATE TABLE checkpoint(position INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, gateway TEXT NOT NULL,
  camera TEXT NOT NULL, stream TEXT NOT NULL, ring TEXT NOT NULL, chain TEXT NOT NULL,
  received TEXT NOT NULL, document TEXT NOT NULL);
CREATE INDEX checkpoint_by_stream ON checkpoint(gateway, camera, stream, ring, position);
CREATE TABLE gateway(id TEXT PRIMARY KEY, session TEXT NOT NULL DEFAULT '', online INTEGER NOT NULL DEFAULT 0,
  status TEXT NOT NULL DEFAULT '', telemetry TEXT NOT NULL DEFAULT '');
CREATE TABLE clip(clip TEXT PRIMARY KEY, gateway TEXT NOT NULL, received TEXT NOT NULL,
  verified INTEGER NOT NULL, verdict TEXT NOT NULL);
CREATE TABLE bundle(request TEXT PRIMARY KEY, gateway TEXT NOT NULL, made TEXT NOT NULL,
  bundle TEXT NOT NULL);
PRAGMA user_version = 1;
COMMIT;
)";

std::string_view nameOf(RowKind kind) {
    constexpr std::array<std::string_view, 3> kNames{"event", "audit", "reply"};
    return kNames.at(static_cast<std::size_t>(kind));
}

/// Whatever SQLite says of its file: the message was good, it comes again.
std::unexpected<Error> unkept(Error error) {
    error.kind = ErrorKind::Unavailable;
    return passOn(std::move(error), "the hub's database");
}

Status kept(const Status& done) {
    return done ? done : Status(unkept(done.error()));
}

template <class Query>
Result<std::vector<std::string>> textsOf(Query found) {
    if (!found) return unkept(found.error());
    std::vector<std::string> all;
    for (;;) {
        const auto more = found->step();
        if (!more) return unkept(more.error());
        if (!*more) return all;
        all.push_back(found->text(0));
    }
}

}  // namespace

HubDatabase::HubDatabase(std::unique_ptr<Database> database) : database_(std::move(database)) {}
HubDatabase::~HubDatabase() = default;

Result<std::unique_ptr<HubDatabase>> HubDatabase::open(const std::string& path) {
    auto opened = Database::open(path);
    if (!opened) return passOn(opened.error(), "opening " + path);
    std::unique_ptr<HubDatabase> hub(new HubDatabase(std::make_unique<Database>(std::move(*opened))));
    if (auto prepared = hub->prepare(); !prepared) return passOn(prepared.error(), "opening " + path);
    return hub;
}

Status HubDatabase::prepare() {
    if (auto set = database_->script(kPragmas); !set) return set;
    const auto version = database_->number("PRAGMA user_version");
    if (!version) return std::unexpected(version.error());
    if (*version > kVersion)
        return fail(ErrorKind::FailedPrecondition, "made by a newer version of camgate-hub");
    return *version == 0 ? database_->script(kTables) : Status{};
}

Status HubDatabase::begin() {
    if (batch_) return {};
    auto batch = Transaction::begin(*database_);
    if (!batch) return unkept(batch.error());
    batch_ = std::make_unique<Transaction>(std::move(*batch));
    return {};
}

Status HubDatabase::commit() {
    if (!batch_) return {};
    const Status done = batch_->commit();
    batch_.reset();
    return kept(done);
}

Result<bool> HubDatabase::has(RowKind kind, const std::string& gateway, const std::string& id) {
    const auto found = database_->number("SELECT 1 FROM row WHERE kind = ? AND gateway = ? AND id = ?",
                                         nameOf(kind), gateway, id);
    if (!found) return unkept(found.error());
    return *found == 1;
}

Result<bool> HubDatabase::add(RowKind kind, const Row& row) {
    if (auto begun = begin(); !begun) return std::unexpected(begun.error());
    const auto added = database_->run("INSERT OR IGNORE INTO row VALUES(?, ?, ?, ?, ?, ?)", nameOf(kind),
                                      row.gateway, row.id, row.subject, row.at, row.document);
    if (!added) return unkept(added.error());
    return database_->changed() == 1;
}

Result<std::vector<std::string>> HubDatabase::documents(RowKind kind) {
    return textsOf(database_->query("SELECT document FROM row WHERE kind = ? ORDER BY rowid", nameOf(kind)));
}

Result<std::vector<std::string>> HubDatabase::checkpoints() {
    return textsOf(database_->query("SELECT document FROM checkpoint ORDER BY position"));
}

Result<std::optional<StoredCheckpoint>> HubDatabase::checkpoint(const std::string& digest) {
    auto found = database_->query(
        "SELECT gateway, camera, stream, ring, chain, received, document FROM checkpoint WHERE digest = ?",
        digest);
    if (!found) return unkept(found.error());
    const auto there = found->step();
    if (!there) return unkept(there.error());
    if (!*there) return std::nullopt;
    return StoredCheckpoint{digest,         found->text(0), found->text(1), found->text(2),
                            found->text(3), found->text(4), found->text(5), found->text(6)};
}

Result<std::optional<std::string>> HubDatabase::newestCheckpoint(const StoredCheckpoint& of) {
    auto found = database_->query(
        "SELECT digest FROM checkpoint WHERE gateway = ? AND camera = ? AND stream = ? AND ring = ? "
        "ORDER BY position DESC LIMIT 1",
        of.gateway, of.camera, of.stream, of.ring);
    if (!found) return unkept(found.error());
    const auto there = found->step();
    if (!there) return unkept(there.error());
    if (!*there) return std::nullopt;
    return found->text(0);
}

Status HubDatabase::add(const StoredCheckpoint& one) {
    if (auto begun = begin(); !begun) return begun;
    return kept(database_->run(
        "INSERT INTO checkpoint(digest, gateway, camera, stream, ring, chain, received, document) "
        "VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
        one.digest, one.gateway, one.camera, one.stream, one.ring, one.chain, one.received, one.document));
}

Result<GatewayState> HubDatabase::gateway(const std::string& id) {
    auto found = database_->query("SELECT session, online FROM gateway WHERE id = ?", id);
    if (!found) return unkept(found.error());
    const auto there = found->step();
    if (!there) return unkept(there.error());
    if (!*there) return GatewayState{};
    return GatewayState{found->text(0), found->number(1) != 0};
}

Status HubDatabase::keepStatus(const std::string& id, const GatewayState& state,
                               const std::string& document) {
    if (auto begun = begin(); !begun) return begun;
    return kept(database_->run(
        "INSERT INTO gateway(id, session, online, status) VALUES(?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET "
        "session = excluded.session, online = excluded.online, status = excluded.status",
        id, state.session, state.online ? 1 : 0, document));
}

Status HubDatabase::keepTelemetry(const std::string& id, const std::string& document) {
    if (auto begun = begin(); !begun) return begun;
    return kept(
        database_->run("INSERT INTO gateway(id, telemetry) VALUES(?, ?) ON CONFLICT(id) DO UPDATE SET "
                       "telemetry = excluded.telemetry",
                       id, document));
}

Result<std::string> HubDatabase::telemetry(const std::string& id) {
    auto found = database_->query("SELECT telemetry FROM gateway WHERE id = ?", id);
    if (!found) return unkept(found.error());
    const auto there = found->step();
    if (!there) return unkept(there.error());
    return *there ? found->text(0) : std::string();
}

Result<std::optional<std::string>> HubDatabase::clipGateway(const std::string& clip) {
    auto found = database_->query("SELECT gateway FROM clip WHERE clip = ?", clip);
    if (!found) return unkept(found.error());
    const auto there = found->step();
    if (!there) return unkept(there.error());
    if (!*there) return std::nullopt;
    return found->text(0);
}

Status HubDatabase::add(const StoredClip& clip) {
    if (auto begun = begin(); !begun) return begun;
    return kept(database_->run("INSERT OR REPLACE INTO clip VALUES(?, ?, ?, ?, ?)", clip.clip, clip.gateway,
                               clip.received, clip.verified ? 1 : 0, clip.verdict));
}

Result<std::vector<StoredClip>> HubDatabase::clips() {
    auto found =
        database_->query("SELECT clip, gateway, received, verdict, verified FROM clip ORDER BY received");
    if (!found) return unkept(found.error());
    std::vector<StoredClip> all;
    for (;;) {
        const auto more = found->step();
        if (!more) return unkept(more.error());
        if (!*more) return all;
        all.push_back(
            {found->text(0), found->text(1), found->text(2), found->text(3), found->number(4) != 0});
    }
}

Result<std::string> HubDatabase::bundle(const std::string& request) {
    auto found = database_->query("SELECT bundle FROM bundle WHERE request = ?", request);
    if (!found) return unkept(found.error());
    const auto there = found->step();
    if (!there) return unkept(there.error());
    return *there ? found->text(0) : std::string();
}

Result<std::int64_t> HubDatabase::bundlesSince(const std::string& gateway, const std::string& when) {
    const auto count =
        database_->number("SELECT COUNT(*) FROM bundle WHERE gateway = ? AND made > ?", gateway, when);
    if (!count) return unkept(count.error());
    return *count;
}

Status HubDatabase::addBundle(const std::string& request, const std::string& gateway, const std::string& when,
                              const std::string& text) {
    if (auto begun = begin(); !begun) return begun;
    return kept(database_->run("INSERT INTO bundle VALUES(?, ?, ?, ?)", request, gateway, when, text));
}

}  // namespace camgate::hub
