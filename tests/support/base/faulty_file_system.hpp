// A file system that fails on demand, over another one. Faults are set while it runs; each says how often it
// strikes. One thread.
#pragma once

#include <cstdint>
#include <functional>

#include "base/file_system.hpp"

namespace camgate::test {

struct Faults {
    std::uint64_t fail_after_bytes = UINT64_MAX;  ///< writes beyond this many bytes, from now on, give EIO
    bool no_space = false;                        ///< growing a file gives ENOSPC
    bool read_only = false;                       ///< creating and writing give EROFS
    std::uint32_t error_on_sync = 0;              ///< so many syncs give EIO
    std::uint64_t bad_from = UINT64_MAX;          ///< writes that touch [bad_from, bad_to) give EIO
    std::uint64_t bad_to = 0;
    std::function<void()> stall;  ///< called in each sync, for example to move a fake clock on
};

class FaultyFileSystem final : public FileSystem {
  public:
    explicit FaultyFileSystem(FileSystem& below) : below_(below) {}

    Faults faults;

    Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override;
    bool exists(const std::string& path) override { return below_.exists(path); }
    Status makeDirectory(const std::string& path) override;
    Status rename(const std::string& from, const std::string& to) override { return below_.rename(from, to); }
    Status remove(const std::string& path) override { return below_.remove(path); }
    Status syncDirectory(const std::string& path) override { return below_.syncDirectory(path); }
    Result<std::vector<std::string>> list(const std::string& path) override { return below_.list(path); }
    Result<std::uint64_t> freeBytes(const std::string& path) override { return below_.freeBytes(path); }
    Result<std::string> mediumOf(const std::string& path) override { return below_.mediumOf(path); }

  private:
    class FaultyFile;
    FileSystem& below_;
};

}  // namespace camgate::test
