#include "outbox/schema.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/file_system.hpp"

namespace camgate::outbox {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr std::string_view kFileName = "outbox.db";
constexpr std::array<std::string_view, 3> kParts{"", "-wal", "-journal"};

// AUTOINCREMENT: a position is never given twice, so that a reader's place stays true after removals.
constexpr const char* kTables = R"(
BEGIN IMMEDIATE;
CREATE TABLE rows(position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
  priority INTEGER NOT NULL, topic TEXT NOT NULL, payload BLOB NOT NULL, camera TEXT NOT NULL,
  correlation BLOB NOT NULL, created INTEGER NOT NULL);
CREATE INDEX rows_by_priority ON rows(priority, position);
CREATE TABLE gaps(camera TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL,
  count INTEGER NOT NULL);
CREATE TABLE counters(signer TEXT PRIMARY KEY, highest INTEGER NOT NULL);
CREATE TABLE replies(position INTEGER PRIMARY KEY AUTOINCREMENT, correlation BLOB NOT NULL UNIQUE,
  json TEXT NOT NULL, made INTEGER NOT NULL);
CREATE TABLE clips(position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, plan BLOB NOT NULL,
  event TEXT NOT NULL, correlation BLOB NOT NULL, signer TEXT NOT NULL, created INTEGER NOT NULL);
CREATE TABLE wanted(event TEXT PRIMARY KEY, camera TEXT NOT NULL, wanted_from INTEGER NOT NULL,
  wanted_to INTEGER NOT NULL);
CREATE TABLE events(position INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL UNIQUE,
  camera TEXT NOT NULL, start INTEGER NOT NULL, json TEXT NOT NULL);
CREATE INDEX events_by_start ON events(start);
PRAGMA user_version = 1;
COMMIT;
)";

// Came later than version 1; a firmware that does not know it leaves it alone.
constexpr const char* kLaterTables = R"(
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS ledger(position INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL UNIQUE,
  camera TEXT NOT NULL, stream INTEGER NOT NULL, ring TEXT NOT NULL, first_sequence INTEGER NOT NULL,
  last_session INTEGER NOT NULL, last_sequence INTEGER NOT NULL, last_time INTEGER NOT NULL,
  document TEXT NOT NULL, countersignature TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS ledger_by_record ON ledger(camera, stream, ring, last_sequence);
CREATE TABLE IF NOT EXISTS audit(number INTEGER PRIMARY KEY, hash TEXT NOT NULL, document TEXT NOT NULL);
COMMIT;
)";

// So did these: an older firmware puts rows without them, which is what their defaults say.
struct LaterColumn {
    std::string_view table;
    std::string_view column;
    const char* script;
};
constexpr std::array kLaterColumns{
    LaterColumn{"rows", "expendable",
                "BEGIN IMMEDIATE; ALTER TABLE rows ADD COLUMN expendable INTEGER NOT NULL DEFAULT 0;"
                "CREATE INDEX rows_expendable ON rows(position) WHERE expendable = 1; COMMIT"},
    LaterColumn{"clips", "seed", "ALTER TABLE clips ADD COLUMN seed BLOB NOT NULL DEFAULT x''"},
};

Status checkDirectory(const std::string& directory) {
    struct stat info {};
    if (::stat(directory.c_str(), &info) != 0) return failErrno(errno, "directory " + directory);
    if (!S_ISDIR(info.st_mode)) return failErrno(ENOTDIR, "directory " + directory);
    if (::access(directory.c_str(), R_OK | W_OK | X_OK) != 0)
        return failErrno(errno, "directory " + directory);
    return {};
}

Status checkIntegrity(Database& database) {
    auto check = database.query("PRAGMA quick_check(1)");
    if (!check) return std::unexpected(check.error());
    const auto found = check->step();
    if (!found) return std::unexpected(found.error());
    const std::string word = *found ? check->text(0) : "no answer";
    if (word != "ok") return fail(ErrorKind::Corruption, word);
    return {};
}

Status prepareTables(Database& database, std::int64_t version) {
    if (version == kVersion) {
        const auto tables = database.number(
            "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN "
            "('rows','gaps','counters','replies','clips','wanted','events')");
        if (!tables) return std::unexpected(tables.error());
        if (*tables != 7) return fail(ErrorKind::Corruption, "tables are missing");
    } else if (auto made = database.script(kTables); !made) {
        return made;
    }
    if (auto made = database.script(kLaterTables); !made) return made;
    for (const auto& later : kLaterColumns) {
        const auto known = database.number("SELECT count(*) FROM pragma_table_info(?) WHERE name = ?",
                                           later.table, later.column);
        if (!known) return std::unexpected(known.error());
        if (*known != 0) continue;
        if (auto added = database.script(later.script); !added) return added;
    }
    return {};
}

/// What this firmware may touch.
Status checkVersion(Database& database, std::int64_t version) {
    if (version > kVersion) {
        return fail(ErrorKind::FailedPrecondition, "written by a newer firmware (version " +
                                                       std::to_string(version) + ", known is " +
                                                       std::to_string(kVersion) + ")");
    }
    if (version == kVersion) return {};
    const auto found = database.number("SELECT count(*) FROM sqlite_master");
    if (!found) return std::unexpected(found.error());
    if (*found != 0) return fail(ErrorKind::Corruption, "tables of no known version");
    return {};
}

Result<Database> tryOpen(const std::string& path) {
    auto database = Database::open(path);
    if (!database) return database;
    // Exclusive: a second daemon is refused, and WAL needs no shared-memory file.
    if (auto done = database->script("PRAGMA locking_mode = EXCLUSIVE"); !done)
        return std::unexpected(done.error());
    const auto version = database->number("PRAGMA user_version");
    if (!version) return std::unexpected(version.error());
    if (auto known = checkVersion(*database, *version); !known) return std::unexpected(known.error());
    if (auto done = database->script("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                                     "PRAGMA journal_size_limit = 4194304; PRAGMA temp_store = MEMORY");
        !done) {
        return std::unexpected(done.error());
    }
    if (auto sound = checkIntegrity(*database); !sound) return std::unexpected(sound.error());
    if (auto ready = prepareTables(*database, *version); !ready) return std::unexpected(ready.error());
    return database;
}

Result<std::string> moveAside(const std::string& directory, const std::string& path) {
    RealFileSystem files;
    std::string aside;
    for (int number = 1; aside.empty() || files.exists(aside); ++number) {
        aside = path + ".corrupt-" + std::to_string(number);
    }
    for (const std::string_view part : kParts) {
        const std::string from = path + std::string(part);
        if (!files.exists(from)) continue;
        if (auto moved = files.rename(from, aside + std::string(part)); !moved)
            return std::unexpected(moved.error());
    }
    if (auto synced = files.syncDirectory(directory); !synced) return std::unexpected(synced.error());
    return aside;
}

}  // namespace

Result<OpenedDatabase> openDatabase(const std::string& directory) {
    if (auto usable = checkDirectory(directory); !usable) return passOn(usable.error(), "opening the outbox");
    const std::string path = directory + "/" + std::string(kFileName);
    const std::string doing = "opening the outbox " + path;
    auto database = tryOpen(path);
    if (database) return OpenedDatabase{std::move(*database), ""};
    if (database.error().kind != ErrorKind::Corruption) return passOn(database.error(), doing);

    auto aside = moveAside(directory, path);
    if (!aside) return passOn(aside.error(), "moving a corrupt outbox aside");
    auto fresh = tryOpen(path);
    if (!fresh) return passOn(fresh.error(), doing);
    return OpenedDatabase{std::move(*fresh), std::move(*aside)};
}

}  // namespace camgate::outbox
