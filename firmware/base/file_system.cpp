#include "base/file_system.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/unique_fd.hpp"

namespace camgate {
namespace {

static_assert(sizeof(off_t) == 8,
              "a 32-bit target needs _FILE_OFFSET_BITS=64: the ring is larger than 2 GiB");

class RealFile final : public File {
  public:
    RealFile(UniqueFd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

    Status readAt(std::uint64_t offset, std::span<std::uint8_t> into) override {
        while (!into.empty()) {
            const ssize_t got = ::pread(fd_.get(), into.data(), into.size(), static_cast<off_t>(offset));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return failErrno(errno, "reading " + path_);
            if (got == 0)
                return fail(ErrorKind::Corruption, path_ + " ends before byte " + std::to_string(offset));
            into = into.subspan(static_cast<std::size_t>(got));
            offset += static_cast<std::uint64_t>(got);
        }
        return {};
    }
    Status writeAt(std::uint64_t offset, std::span<const std::uint8_t> bytes) override {
        while (!bytes.empty()) {
            const ssize_t put = ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
            if (put < 0 && errno == EINTR) continue;
            if (put < 0) return failErrno(errno, "writing " + path_);
            bytes = bytes.subspan(static_cast<std::size_t>(put));
            offset += static_cast<std::uint64_t>(put);
        }
        return {};
    }
    Status sync() override {
        if (::fdatasync(fd_.get()) != 0) return failErrno(errno, "syncing " + path_);
        return {};
    }
    Result<std::uint64_t> size() override {
        // Not fstat: a partition has a size only for lseek.
        const off_t end = ::lseek(fd_.get(), 0, SEEK_END);
        if (end < 0) return failErrno(errno, "sizing " + path_);
        return static_cast<std::uint64_t>(end);
    }
    Status resize(std::uint64_t size_bytes) override {
        if (::ftruncate(fd_.get(), static_cast<off_t>(size_bytes)) != 0)
            return failErrno(errno, "resizing " + path_);
        if (size_bytes == 0) return {};
        const int error = ::posix_fallocate(fd_.get(), 0, static_cast<off_t>(size_bytes));
        if (error != 0 && error != EOPNOTSUPP && error != EINVAL)
            return failErrno(error, "reserving " + path_);
        return {};
    }
    Status lock() override {
        if (::flock(fd_.get(), LOCK_EX | LOCK_NB) == 0) return {};
        if (errno == EWOULDBLOCK)
            return fail(ErrorKind::FailedPrecondition, path_ + " is in use by another process");
        return failErrno(errno, "locking " + path_);
    }
    void expectScatteredReads() override { (void)::posix_fadvise(fd_.get(), 0, 0, POSIX_FADV_RANDOM); }

  private:
    UniqueFd fd_;
    std::string path_;
};

int openFlags(OpenMode mode) {
    switch (mode) {
        case OpenMode::ReadOnly:
            return O_RDONLY;
        case OpenMode::ReadWrite:
            return O_RDWR;
        case OpenMode::CreateNew:
            return O_RDWR | O_CREAT | O_EXCL;
        case OpenMode::CreateOrOpen:
            return O_RDWR | O_CREAT;
    }
    return O_RDONLY;
}

}  // namespace

Result<std::unique_ptr<File>> RealFileSystem::open(const std::string& path, OpenMode mode) {
    UniqueFd fd(::open(path.c_str(), openFlags(mode) | O_CLOEXEC, 0600));
    if (!fd.valid()) return failErrno(errno, "opening " + path);
    return std::make_unique<RealFile>(std::move(fd), path);
}

bool RealFileSystem::exists(const std::string& path) {
    return ::access(path.c_str(), F_OK) == 0;
}

Status RealFileSystem::makeDirectory(const std::string& path) {
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
        return failErrno(errno, "creating directory " + path);
    return {};
}

Status RealFileSystem::rename(const std::string& from, const std::string& to) {
    if (::rename(from.c_str(), to.c_str()) != 0) return failErrno(errno, "renaming " + from + " to " + to);
    return {};
}

Status RealFileSystem::remove(const std::string& path) {
    if (::unlink(path.c_str()) != 0) return failErrno(errno, "removing " + path);
    return {};
}

Status RealFileSystem::syncDirectory(const std::string& path) {
    const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd.valid()) return failErrno(errno, "opening directory " + path);
    if (::fsync(fd.get()) != 0) return failErrno(errno, "syncing directory " + path);
    return {};
}

Result<std::vector<std::string>> RealFileSystem::list(const std::string& path) {
    std::error_code error;
    std::vector<std::string> names;
    for (std::filesystem::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
        names.push_back(it->path().filename().string());
    }
    if (error) return failErrno(error.value(), "listing " + path);
    return names;
}

Result<std::uint64_t> RealFileSystem::freeBytes(const std::string& path) {
    struct statvfs info {};
    if (::statvfs(path.c_str(), &info) != 0) return failErrno(errno, "asking free space of " + path);
    return std::uint64_t{info.f_bavail} * info.f_frsize;
}

Result<std::string> RealFileSystem::mediumOf(const std::string& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0 && ::stat(directoryOf(path).c_str(), &info) != 0)
        return failErrno(errno, "asking the medium of " + path);
    const dev_t device = S_ISBLK(info.st_mode) ? info.st_rdev : info.st_dev;
    const std::string number = std::to_string(major(device)) + ":" + std::to_string(minor(device));
    std::error_code error;
    const auto node = std::filesystem::canonical("/sys/dev/block/" + number, error);
    // What is no disk, for example memory, has a number only.
    if (error) return number;
    return std::filesystem::exists(node / "partition", error) ? node.parent_path().string() : node.string();
}

std::string directoryOf(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

Result<std::string> readTextFile(FileSystem& files, const std::string& path, std::size_t limit_bytes) {
    auto file = files.open(path, OpenMode::ReadOnly);
    if (!file) return std::unexpected(file.error());
    const auto size = (*file)->size();
    if (!size) return std::unexpected(size.error());
    if (*size > limit_bytes) {
        return fail(ErrorKind::InvalidArgument, path + " has " + std::to_string(*size) + " bytes, at most " +
                                                    std::to_string(limit_bytes) + " expected");
    }
    std::string text(static_cast<std::size_t>(*size), '\0');
    const std::span bytes(reinterpret_cast<std::uint8_t*>(text.data()), text.size());
    if (auto read = (*file)->readAt(0, bytes); !read) return std::unexpected(read.error());
    return text;
}

Status replaceFile(FileSystem& files, const std::string& path, std::string_view content) {
    const std::string beside = path + ".new";
    auto file = files.open(beside, OpenMode::CreateOrOpen);
    if (!file) return std::unexpected(file.error());
    const std::span bytes(reinterpret_cast<const std::uint8_t*>(content.data()), content.size());
    if (auto done = (*file)->resize(0); !done) return done;
    if (auto done = (*file)->writeAt(0, bytes); !done) return done;
    if (auto done = (*file)->sync(); !done) return done;
    if (auto done = files.rename(beside, path); !done) return done;
    return files.syncDirectory(directoryOf(path));
}

}  // namespace camgate
