// What an update keeps on `state`: its record, and the bundle as far as it came. One thread; calls block.
// Implements docs/ref/update.md (Files on state).
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/file_system.hpp"
#include "update/update_store.hpp"

namespace camgate::update {

class UpdateFiles {
  public:
    /// A cut leaves all bytes below the last multiple of it that was written.
    static constexpr std::uint64_t kSyncEvery_bytes = 4U << 20U;
    /// Left free for whatever else the gateway keeps there.
    static constexpr std::uint64_t kReserve_bytes = 16U << 20U;

    /// In `data_folder`/update. Errors as UpdateStore's.
    [[nodiscard]] static Result<UpdateFiles> open(FileSystem& files, const std::string& data_folder);

    UpdateStore& store() { return store_; }
    std::string bundlePath() const { return folder_ + "/bundle.raucb"; }

    /// How much of a bundle of that size is here already. NoSpace: there is no room for it.
    [[nodiscard]] Result<std::uint64_t> beginBundle(std::uint64_t size_bytes);
    /// In order; the last byte's return says that all of them are durable.
    [[nodiscard]] Status writeBundle(std::uint64_t offset, ByteView bytes);
    /// Corruption: it is not the one with that hash; what came is removed then.
    [[nodiscard]] Status finishBundle(std::uint64_t size_bytes, const std::string& sha256);
    [[nodiscard]] Status removeBundle();

  private:
    UpdateFiles(FileSystem& files, std::string folder, UpdateStore store)
        : files_(&files), folder_(std::move(folder)), store_(std::move(store)) {}
    std::string partPath() const { return folder_ + "/bundle.part"; }
    Status check(const std::string& path, std::uint64_t size_bytes, const std::string& sha256);

    FileSystem* files_;
    std::string folder_;
    UpdateStore store_;
    std::unique_ptr<File> part_;
    std::uint64_t size_bytes_ = 0;  ///< of what `part_` will be
};

}  // namespace camgate::update
