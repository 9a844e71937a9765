// The bundles of a folder, known by their hash: `*.raucb` files that somebody put there whole. One thread;
// calls block. Implements docs/ref/hub.md (Bundles).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/file_system.hpp"

namespace camgate::hub {

struct ShelvedBundle {
    std::string file;
    std::string sha256;
    std::uint64_t bytes = 0;
};

class BundleShelf {
  public:
    /// For what came meanwhile the folder is looked at no more often.
    static constexpr Duration kLookAgain = std::chrono::seconds(1);

    /// Reads all of it. NotFound: there is no such folder.
    [[nodiscard]] static Result<BundleShelf> open(FileSystem& files, const Clock& clock, std::string folder);

    /// Null only after a look, or within kLookAgain of the last one. Good until the next call.
    const ShelvedBundle* find(const std::string& sha256);
    /// `into.size()` bytes. NotFound: no such bundle; else the file's errors.
    [[nodiscard]] Status read(const std::string& sha256, std::uint64_t offset, std::span<std::uint8_t> into);

  private:
    BundleShelf(FileSystem& files, const Clock& clock, std::string folder)
        : files_(&files), clock_(&clock), folder_(std::move(folder)) {}
    Status look();
    const ShelvedBundle* known(const std::string& sha256) const;
    void add(const std::string& name);

    FileSystem* files_;
    const Clock* clock_;
    std::string folder_;
    BootTime looked_{};
    std::vector<ShelvedBundle> bundles_;
    std::string open_hash_;       // of open_
    std::unique_ptr<File> open_;  // that was read last
};

}  // namespace camgate::hub
