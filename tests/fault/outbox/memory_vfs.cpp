#include "fault/outbox/memory_vfs.hpp"

#include <algorithm>
#include <cstring>
#include <new>

namespace camgate::test {
namespace {

std::string directoryOf(const std::string& path) {
    return path.substr(0, path.rfind('/'));
}

struct OpenFile {
    sqlite3_file base;  // SQLite sees this
    MemoryFileSystem* disk;
    std::unique_ptr<File> file;
    std::string path;
    bool name_unsynced;
};

OpenFile& of(sqlite3_file* file) {
    return *reinterpret_cast<OpenFile*>(file);
}

MemoryVfs& of(sqlite3_vfs* vfs) {
    return *static_cast<MemoryVfs*>(vfs->pAppData);
}

int closeFile(sqlite3_file* file) {
    of(file).~OpenFile();
    return SQLITE_OK;
}

int readFile(sqlite3_file* file, void* into, int length, sqlite3_int64 offset) {
    const std::span<std::uint8_t> out(static_cast<std::uint8_t*>(into), static_cast<std::size_t>(length));
    const auto at = static_cast<std::uint64_t>(offset);
    const std::uint64_t size = of(file).file->size().value();
    const std::uint64_t there = size > at ? std::min<std::uint64_t>(size - at, out.size()) : 0;
    const auto part = out.first(static_cast<std::size_t>(there));
    if (!of(file).file->readAt(std::min(at, size), part)) return SQLITE_IOERR_READ;
    if (part.size() == out.size()) return SQLITE_OK;
    std::ranges::fill(out.subspan(part.size()), std::uint8_t{0});
    return SQLITE_IOERR_SHORT_READ;
}

int writeFile(sqlite3_file* file, const void* from, int length, sqlite3_int64 offset) {
    const ByteView bytes(static_cast<const std::uint8_t*>(from), static_cast<std::size_t>(length));
    const auto written = of(file).file->writeAt(static_cast<std::uint64_t>(offset), bytes);
    return written ? SQLITE_OK : SQLITE_IOERR_WRITE;
}

int truncateFile(sqlite3_file* file, sqlite3_int64 size) {
    return of(file).file->resize(static_cast<std::uint64_t>(size)) ? SQLITE_OK : SQLITE_IOERR_TRUNCATE;
}

int syncFile(sqlite3_file* file, int) {
    OpenFile& open = of(file);
    if (!open.file->sync()) return SQLITE_IOERR_FSYNC;
    if (open.name_unsynced && !open.disk->syncDirectory(directoryOf(open.path)))
        return SQLITE_IOERR_DIR_FSYNC;
    open.name_unsynced = false;
    return SQLITE_OK;
}

int fileSize(sqlite3_file* file, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(of(file).file->size().value());
    return SQLITE_OK;
}

// The outbox locks its database for itself alone: what a second process sees is tested on real files.
int lockFile(sqlite3_file*, int) {
    return SQLITE_OK;
}
int isReserved(sqlite3_file*, int* reserved) {
    *reserved = 0;
    return SQLITE_OK;
}

int control(sqlite3_file*, int, void*) {
    return SQLITE_NOTFOUND;
}
int sectorSize(sqlite3_file*) {
    return 4096;
}
int characteristics(sqlite3_file*) {
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

// Version 1: without shared memory, as the outbox needs none.
constexpr sqlite3_io_methods kMethods{1,        closeFile,  readFile,        writeFile, truncateFile,
                                      syncFile, fileSize,   lockFile,        lockFile,  isReserved,
                                      control,  sectorSize, characteristics, nullptr,   nullptr,
                                      nullptr,  nullptr,    nullptr,         nullptr};

int openFile(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* flags_out) {
    MemoryFileSystem& disk = of(vfs).disk();
    file->pMethods = nullptr;
    if (name == nullptr) return SQLITE_CANTOPEN;  // temporary files: the outbox keeps its own in memory
    const bool creates = (flags & SQLITE_OPEN_CREATE) != 0 && !disk.exists(name);
    auto opened = disk.open(name, creates ? OpenMode::CreateNew : OpenMode::ReadWrite);
    if (!opened) return SQLITE_CANTOPEN;
    const bool journal = (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0;
    new (file) OpenFile{{&kMethods}, &disk, std::move(*opened), name, journal};
    if (flags_out != nullptr) *flags_out = flags;
    return SQLITE_OK;
}

int deleteFile(sqlite3_vfs* vfs, const char* name, int sync_directory) {
    MemoryFileSystem& disk = of(vfs).disk();
    if (!disk.remove(name)) return SQLITE_IOERR_DELETE_NOENT;
    if (sync_directory != 0 && !disk.syncDirectory(directoryOf(name))) return SQLITE_IOERR_DIR_FSYNC;
    return SQLITE_OK;
}

int accessFile(sqlite3_vfs* vfs, const char* name, int, int* answer) {
    *answer = of(vfs).disk().exists(name) ? 1 : 0;
    return SQLITE_OK;
}

int fullPath(sqlite3_vfs*, const char* name, int room, char* out) {
    return sqlite3_snprintf(room, out, "%s", name) != nullptr ? SQLITE_OK : SQLITE_CANTOPEN;
}

int randomness(sqlite3_vfs*, int length, char* out) {
    std::memset(out, 7, static_cast<std::size_t>(length));  // the same salts in each run: cuts repeat
    return length;
}

int sleepFor(sqlite3_vfs*, int microseconds) {
    return microseconds;
}

int now(sqlite3_vfs*, double* julian_day) {
    *julian_day = 2461101;
    return SQLITE_OK;
}

}  // namespace

MemoryVfs::MemoryVfs(MemoryFileSystem& disk) : disk_(&disk), before_(sqlite3_vfs_find(nullptr)) {
    vfs_.iVersion = 1;
    vfs_.szOsFile = sizeof(OpenFile);
    vfs_.mxPathname = 512;
    vfs_.zName = "camgate-memory";
    vfs_.pAppData = this;
    vfs_.xOpen = openFile;
    vfs_.xDelete = deleteFile;
    vfs_.xAccess = accessFile;
    vfs_.xFullPathname = fullPath;
    vfs_.xRandomness = randomness;
    vfs_.xSleep = sleepFor;
    vfs_.xCurrentTime = now;
    sqlite3_vfs_register(&vfs_, 1);
}

MemoryVfs::~MemoryVfs() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(before_, 1);
}

}  // namespace camgate::test
