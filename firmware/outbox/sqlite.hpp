// A narrow wrapper of SQLite: errors as values, bound parameters, no statement that outlives its database.
// One thread at a time.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace camgate::outbox {

class Statement {
  public:
    /// True: a row is there to be read.
    [[nodiscard]] Result<bool> step();
    /// Steps to the end.
    [[nodiscard]] Status run();

    std::int64_t number(int column) const;
    std::string text(int column) const;
    Bytes blob(int column) const;

  private:
    friend class Database;
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    Statement(sqlite3* database, sqlite3_stmt* handle) : database_(database), handle_(handle) {}
    void bind(int index, std::int64_t value);
    void bind(int index, std::string_view value);
    void bind(int index, ByteView value);

    sqlite3* database_;
    std::unique_ptr<sqlite3_stmt, Finalize> handle_;
    int bind_fault_ = 0;
};

class Database {
  public:
    /// Creates the file if it is not there.
    [[nodiscard]] static Result<Database> open(const std::string& path);

    /// Parameters are copied: integers, text (anything a string_view takes), ByteView.
    template <class... Values>
    [[nodiscard]] Result<Statement> query(std::string_view sql, const Values&... values) {
        auto statement = prepare(sql);
        if (!statement) return statement;
        int index = 0;
        (bindValue(*statement, ++index, values), ...);
        return statement;
    }
    template <class... Values>
    [[nodiscard]] Status run(std::string_view sql, const Values&... values) {
        auto statement = query(sql, values...);
        if (!statement) return std::unexpected(statement.error());
        return statement->run();
    }
    /// The first column of the first row; 0 if there is none.
    template <class... Values>
    [[nodiscard]] Result<std::int64_t> number(std::string_view sql, const Values&... values) {
        auto statement = query(sql, values...);
        if (!statement) return std::unexpected(statement.error());
        const auto found = statement->step();
        if (!found) return std::unexpected(found.error());
        return *found ? statement->number(0) : 0;
    }
    /// Several statements, none with parameters.
    [[nodiscard]] Status script(const std::string& sql);
    /// How many rows the newest statement changed.
    std::int64_t changed() const;
    std::int64_t lastPosition() const;

  private:
    struct Close {
        void operator()(sqlite3* database) const;
    };
    explicit Database(sqlite3* handle) : handle_(handle) {}
    Result<Statement> prepare(std::string_view sql);
    template <std::integral T>
    static void bindValue(Statement& statement, int index, T value) {
        statement.bind(index, static_cast<std::int64_t>(value));
    }
    static void bindValue(Statement& statement, int index, std::string_view value) {
        statement.bind(index, value);
    }
    static void bindValue(Statement& statement, int index, ByteView value) { statement.bind(index, value); }
    static void bindValue(Statement& statement, int index, const Bytes& value) {
        statement.bind(index, ByteView(value));
    }

    std::unique_ptr<sqlite3, Close> handle_;
};

/// Rolled back unless committed.
class Transaction {
  public:
    [[nodiscard]] static Result<Transaction> begin(Database& database);
    Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    [[nodiscard]] Status commit();

  private:
    explicit Transaction(Database& database) : database_(&database) {}
    Database* database_;
};

}  // namespace camgate::outbox
