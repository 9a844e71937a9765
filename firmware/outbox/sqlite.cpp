#include "outbox/sqlite.hpp"

#include <sqlite3.h>

#include <array>
#include <utility>

namespace camgate::outbox {
namespace {

struct CodeKind {
    int code;
    ErrorKind kind;
};

constexpr std::array kCodeKinds{
    CodeKind{SQLITE_CORRUPT, ErrorKind::Corruption},
    CodeKind{SQLITE_NOTADB, ErrorKind::Corruption},
    CodeKind{SQLITE_FULL, ErrorKind::NoSpace},
    CodeKind{SQLITE_BUSY, ErrorKind::FailedPrecondition},
    CodeKind{SQLITE_LOCKED, ErrorKind::FailedPrecondition},
    CodeKind{SQLITE_READONLY, ErrorKind::PermissionDenied},
    CodeKind{SQLITE_PERM, ErrorKind::PermissionDenied},
    CodeKind{SQLITE_AUTH, ErrorKind::PermissionDenied},
    CodeKind{SQLITE_CANTOPEN, ErrorKind::Unavailable},
    CodeKind{SQLITE_IOERR, ErrorKind::Unavailable},
    CodeKind{SQLITE_TOOBIG, ErrorKind::InvalidArgument},
    CodeKind{SQLITE_CONSTRAINT, ErrorKind::InvalidArgument},
};

constexpr int kPrimaryCode = 0xFF;

std::string explain(int code, sqlite3* database) {
    const int primary = code & kPrimaryCode;
    if (primary == SQLITE_BUSY) return "in use by another process";
    return database == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(database);
}

Error errorOf(int code, sqlite3* database) {
    const int primary = code & kPrimaryCode;
    // The system's own word is better than "disk I/O error".
    const bool has_errno = primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN;
    const int sys_errno = has_errno && database != nullptr ? sqlite3_system_errno(database) : 0;
    Error error{ErrorKind::Internal, sys_errno, explain(code, database)};
    for (const auto& row : kCodeKinds) {
        if (row.code == primary) error.kind = row.kind;
    }
    if (sys_errno != 0) {
        const ErrorKind kind = kindOfErrno(sys_errno);
        if (kind != ErrorKind::Internal) error.kind = kind;
    }
    return error;
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

void Statement::bind(int index, std::int64_t value) {
    if (const int code = sqlite3_bind_int64(handle_.get(), index, value); code != SQLITE_OK)
        bind_fault_ = code;
}

void Statement::bind(int index, std::string_view value) {
    // An empty view may have no data, which SQLite would take for NULL.
    const char* data = value.data() == nullptr ? "" : value.data();
    if (const int code =
            sqlite3_bind_text64(handle_.get(), index, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
        code != SQLITE_OK) {
        bind_fault_ = code;
    }
}

void Statement::bind(int index, ByteView value) {
    const int code = value.empty() ? sqlite3_bind_zeroblob(handle_.get(), index, 0)
                                   : sqlite3_bind_blob64(handle_.get(), index, value.data(), value.size(),
                                                         SQLITE_TRANSIENT);
    if (code != SQLITE_OK) bind_fault_ = code;
}

Result<bool> Statement::step() {
    if (bind_fault_ != 0) return std::unexpected(errorOf(bind_fault_, database_));
    const int code = sqlite3_step(handle_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return std::unexpected(errorOf(code, database_));
}

Status Statement::run() {
    for (;;) {
        const auto more = step();
        if (!more) return std::unexpected(more.error());
        if (!*more) return {};
    }
}

std::int64_t Statement::number(int column) const {
    return sqlite3_column_int64(handle_.get(), column);
}

std::string Statement::text(int column) const {
    return std::string(asText(blob(column)));
}

Bytes Statement::blob(int column) const {
    const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle_.get(), column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column));
    return data == nullptr ? Bytes{} : Bytes(data, data + size);
}

void Database::Close::operator()(sqlite3* database) const {
    sqlite3_close_v2(database);
}

Result<Database> Database::open(const std::string& path) {
    sqlite3* handle = nullptr;
    const int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
    Database database(handle);
    if (code != SQLITE_OK) return std::unexpected(errorOf(code, handle));
    return database;
}

Result<Statement> Database::prepare(std::string_view sql) {
    sqlite3_stmt* statement = nullptr;
    const int code =
        sqlite3_prepare_v2(handle_.get(), sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    if (code != SQLITE_OK) return std::unexpected(errorOf(code, handle_.get()));
    return Statement(handle_.get(), statement);
}

Status Database::script(const std::string& sql) {
    const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return std::unexpected(errorOf(code, handle_.get()));
    return {};
}

std::int64_t Database::changed() const {
    return sqlite3_changes64(handle_.get());
}

std::int64_t Database::lastPosition() const {
    return sqlite3_last_insert_rowid(handle_.get());
}

Result<Transaction> Transaction::begin(Database& database) {
    if (auto begun = database.script("BEGIN IMMEDIATE"); !begun) return std::unexpected(begun.error());
    return Transaction(database);
}

Transaction::~Transaction() {
    // Fails only where SQLite has rolled back by itself.
    if (database_ != nullptr) static_cast<void>(database_->script("ROLLBACK"));
}

Status Transaction::commit() {
    if (auto done = database_->script("COMMIT"); !done) return done;
    database_ = nullptr;
    return {};
}

}  // namespace camgate::outbox
