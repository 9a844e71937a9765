#include "support/base/faulty_file_system.hpp"

#include <cerrno>
#include <utility>

namespace camgate::test {

class FaultyFileSystem::FaultyFile final : public File {
  public:
    FaultyFile(FaultyFileSystem& owner, std::unique_ptr<File> below)
        : owner_(owner), below_(std::move(below)) {}

    Status readAt(std::uint64_t offset, std::span<std::uint8_t> into) override {
        return below_->readAt(offset, into);
    }
    Status writeAt(std::uint64_t offset, std::span<const std::uint8_t> bytes) override {
        Faults& faults = owner_.faults;
        if (faults.read_only) return failErrno(EROFS, "writing");
        if (offset < faults.bad_to && offset + bytes.size() > faults.bad_from)
            return failErrno(EIO, "writing");
        if (faults.fail_after_bytes == UINT64_MAX) return below_->writeAt(offset, bytes);
        if (bytes.size() <= faults.fail_after_bytes) {
            faults.fail_after_bytes -= bytes.size();
            return below_->writeAt(offset, bytes);
        }
        // What came before the fault is there: a short write.
        const auto part = bytes.first(static_cast<std::size_t>(std::exchange(faults.fail_after_bytes, 0)));
        if (!part.empty()) (void)below_->writeAt(offset, part);
        return failErrno(EIO, "writing");
    }
    Status sync() override {
        Faults& faults = owner_.faults;
        if (faults.stall) faults.stall();
        if (faults.error_on_sync > 0) {
            --faults.error_on_sync;
            return failErrno(EIO, "syncing");
        }
        return below_->sync();
    }
    Result<std::uint64_t> size() override { return below_->size(); }
    Status resize(std::uint64_t size_bytes) override {
        if (owner_.faults.no_space) return failErrno(ENOSPC, "reserving");
        if (owner_.faults.read_only) return failErrno(EROFS, "resizing");
        return below_->resize(size_bytes);
    }
    Status lock() override { return below_->lock(); }

  private:
    FaultyFileSystem& owner_;
    std::unique_ptr<File> below_;
};

Result<std::unique_ptr<File>> FaultyFileSystem::open(const std::string& path, OpenMode mode) {
    if (faults.read_only && mode != OpenMode::ReadOnly) return failErrno(EROFS, "opening " + path);
    auto file = below_.open(path, mode);
    if (!file) return std::unexpected(file.error());
    return std::make_unique<FaultyFile>(*this, std::move(*file));
}

Status FaultyFileSystem::makeDirectory(const std::string& path) {
    if (faults.read_only) return failErrno(EROFS, "creating directory " + path);
    return below_.makeDirectory(path);
}

}  // namespace camgate::test
