// The seam to the disk: what the ring and other durable state write through. RealFileSystem is POSIX;
// tests use MemoryFileSystem (knows what was synced, can cut the power) and FaultyFileSystem (tests/support).
// Calls block; a File belongs to one thread at a time, a FileSystem to any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace camgate {

enum class OpenMode { ReadOnly, ReadWrite, CreateNew, CreateOrOpen };

class File {
  public:
    virtual ~File() = default;
    /// Reads exactly `into.size()` bytes; Corruption when the file ends before.
    [[nodiscard]] virtual Status readAt(std::uint64_t offset, std::span<std::uint8_t> into) = 0;
    /// Writes all of `bytes`; NoSpace when the medium is full.
    [[nodiscard]] virtual Status writeAt(std::uint64_t offset, std::span<const std::uint8_t> bytes) = 0;
    /// fdatasync: what was written before survives a power cut after.
    [[nodiscard]] virtual Status sync() = 0;
    [[nodiscard]] virtual Result<std::uint64_t> size() = 0;
    /// Grows or cuts; grown bytes read as zero, space is reserved where the file system can.
    [[nodiscard]] virtual Status resize(std::uint64_t size_bytes) = 0;
    /// Exclusive advisory lock; FailedPrecondition if another process holds it.
    [[nodiscard]] virtual Status lock() = 0;
    /// Only what is asked for is read from now on, nothing ahead.
    virtual void expectScatteredReads() {}
};

class FileSystem {
  public:
    virtual ~FileSystem() = default;
    [[nodiscard]] virtual Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) = 0;
    [[nodiscard]] virtual bool exists(const std::string& path) = 0;
    [[nodiscard]] virtual Status makeDirectory(const std::string& path) = 0;  ///< fine if it exists
    [[nodiscard]] virtual Status rename(const std::string& from, const std::string& to) = 0;
    [[nodiscard]] virtual Status remove(const std::string& path) = 0;
    [[nodiscard]] virtual Status syncDirectory(const std::string& path) = 0;
    [[nodiscard]] virtual Result<std::vector<std::string>> list(const std::string& path) = 0;
    [[nodiscard]] virtual Result<std::uint64_t> freeBytes(const std::string& path) = 0;
    /// The disk that carries it, or its folder if it is not there; partitions of one disk are one medium.
    [[nodiscard]] virtual Result<std::string> mediumOf(const std::string& path) = 0;
};

class RealFileSystem final : public FileSystem {
  public:
    Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override;
    bool exists(const std::string& path) override;
    Status makeDirectory(const std::string& path) override;
    Status rename(const std::string& from, const std::string& to) override;
    Status remove(const std::string& path) override;
    Status syncDirectory(const std::string& path) override;
    Result<std::vector<std::string>> list(const std::string& path) override;
    Result<std::uint64_t> freeBytes(const std::string& path) override;
    Result<std::string> mediumOf(const std::string& path) override;
};

/// The folder of a file: what stands before the last slash, "." if none does.
std::string directoryOf(const std::string& path);
/// Whole small files (configuration, certificates). `limit_bytes` guards against a wrong path.
[[nodiscard]] Result<std::string> readTextFile(FileSystem& files, const std::string& path,
                                               std::size_t limit_bytes = 1U << 20U);
/// Writes beside, syncs, renames, syncs the directory: the old or the new content, never a mix.
[[nodiscard]] Status replaceFile(FileSystem& files, const std::string& path, std::string_view content);

}  // namespace camgate
