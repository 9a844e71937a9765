// The real disk, for rings that are larger than it: files are as long as asked for and take room only where
// they are written. What is read is counted.
#pragma once

#include "base/file_system.hpp"

namespace camgate::bench {

class CountingFiles final : public FileSystem {
  public:
    Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override;
    bool exists(const std::string& path) override { return disk_.exists(path); }
    Status makeDirectory(const std::string& path) override { return disk_.makeDirectory(path); }
    Status rename(const std::string& from, const std::string& to) override { return disk_.rename(from, to); }
    Status remove(const std::string& path) override { return disk_.remove(path); }
    Status syncDirectory(const std::string& path) override { return disk_.syncDirectory(path); }
    Result<std::vector<std::string>> list(const std::string& path) override { return disk_.list(path); }
    Result<std::uint64_t> freeBytes(const std::string&) override { return UINT64_MAX; }
    Result<std::string> mediumOf(const std::string& path) override { return disk_.mediumOf(path); }

    std::uint64_t readBytes() const { return read_bytes_; }
    std::uint64_t reads() const { return reads_; }

  private:
    class CountingFile;
    RealFileSystem disk_;
    std::uint64_t read_bytes_ = 0;
    std::uint64_t reads_ = 0;
};

}  // namespace camgate::bench
