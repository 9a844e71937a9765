#include <fcntl.h>
#include <sqlite3.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <map>

#include "base/unique_fd.hpp"
#include "bench/ring/ring_writes/store.hpp"

namespace camgate::bench {
namespace {

constexpr Duration kFile = std::chrono::seconds(10);

[[noreturn]] void give(const char* what) {
    std::perror(what);
    std::exit(1);
}

class AppendStore : public Store {
  public:
    explicit AppendStore(std::string folder) : folder_(std::move(folder)) {}

    void add(std::span<const ring::RecordDraft> round) override {
        for (const ring::RecordDraft& draft : round) append(draft);
        for (auto& [key, stream] : streams_) {
            if (!stream.dirty) continue;
            if (::fdatasync(stream.file.get()) != 0) give("fdatasync");
            stream.dirty = false;
            ++syncs_;
        }
    }
    std::uint64_t syncs() const override { return syncs_; }

  protected:
    struct Stream {
        UniqueFd file;
        std::string path;
        BootTime began;
        std::uint64_t size_bytes = 0;
        bool dirty = false;
    };
    Stream& streamOf(const ring::RecordHeader& header) {
        return streams_[{header.camera_tag, header.stream}];
    }
    const std::string& folder() const { return folder_; }
    std::uint64_t syncs_ = 0;

  private:
    void append(const ring::RecordDraft& draft) {
        Stream& stream = streamOf(draft.header);
        if (!stream.file.valid() || draft.header.first_decode - stream.began >= kFile)
            begin(stream, draft.header);
        std::vector<iovec> parts;
        for (const Bytes& unit : draft.units)
            parts.push_back({const_cast<std::uint8_t*>(unit.data()), unit.size()});
        const auto written = ::writev(stream.file.get(), parts.data(), static_cast<int>(parts.size()));
        if (written != static_cast<ssize_t>(draft.header.payload_bytes)) give("writev");
        stream.size_bytes += draft.header.payload_bytes;
        stream.dirty = true;
    }

    void begin(Stream& stream, const ring::RecordHeader& header) {
        stream.path = folder_ + "/" + std::to_string(header.camera_tag) + "-" +
                      std::to_string(static_cast<int>(header.stream)) + "-" + std::to_string(header.sequence);
        stream.file.reset(::open(stream.path.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600));
        if (!stream.file.valid()) give("open");
        stream.began = header.first_decode;
        stream.size_bytes = 0;
    }

    std::string folder_;
    std::map<std::pair<std::uint64_t, media::StreamKind>, Stream> streams_;
};

class SqliteStore final : public AppendStore {
  public:
    explicit SqliteStore(const std::string& folder) : AppendStore(folder) {
        if (sqlite3_open((folder + "/rows.db").c_str(), &database_) != SQLITE_OK) give("sqlite3_open");
        run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE piece(id INTEGER PRIMARY KEY, path TEXT, begins INTEGER, ends INTEGER, size "
            "INTEGER);"
            "CREATE INDEX by_time ON piece(path, begins);");
    }
    ~SqliteStore() override { sqlite3_close(database_); }
    SqliteStore(const SqliteStore&) = delete;
    SqliteStore& operator=(const SqliteStore&) = delete;

    void add(std::span<const ring::RecordDraft> round) override {
        AppendStore::add(round);
        std::string rows = "BEGIN;";
        for (const ring::RecordDraft& draft : round) {
            const ring::RecordHeader& header = draft.header;
            rows += "INSERT INTO piece(path,begins,ends,size) VALUES('" + streamOf(header).path + "'," +
                    std::to_string(header.first_decode.time_since_epoch().count()) + "," +
                    std::to_string(header.last_decode.time_since_epoch().count()) + "," +
                    std::to_string(header.payload_bytes) + ");";
        }
        run(rows + "COMMIT;");
        ++syncs_;
    }

  private:
    void run(const std::string& statements) {
        if (sqlite3_exec(database_, statements.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return;
        std::fprintf(stderr, "%s\n", sqlite3_errmsg(database_));
        std::exit(1);
    }
    sqlite3* database_ = nullptr;
};

}  // namespace

std::unique_ptr<Store> makeAppendStore(const std::string& folder) {
    return std::make_unique<AppendStore>(folder);
}

std::unique_ptr<Store> makeSqliteStore(const std::string& folder) {
    return std::make_unique<SqliteStore>(folder);
}

}  // namespace camgate::bench
