// A disk in memory that knows what was synced. It keeps a journal of writes, syncs, renames and removals;
// powerCut() gives the disk as it may look after a cut behind any step: what was synced is there, and each
// 512-byte sector that was not is written, dropped or garbled, by seed. Several files, one thread.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/file_system.hpp"

namespace camgate::test {

constexpr std::size_t kSector_bytes = 512;

class MemoryFileSystem final : public FileSystem {
  public:
    explicit MemoryFileSystem(std::uint64_t capacity_bytes = 1ULL << 40U);
    ~MemoryFileSystem() override;

    Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override;
    bool exists(const std::string& path) override;
    Status makeDirectory(const std::string& path) override;
    Status rename(const std::string& from, const std::string& to) override;
    Status remove(const std::string& path) override;
    Status syncDirectory(const std::string& path) override;
    Result<std::vector<std::string>> list(const std::string& path) override;
    Result<std::uint64_t> freeBytes(const std::string& path) override;
    /// The path's first folder: "/card/ring" lies on "/card".
    Result<std::string> mediumOf(const std::string& path) override;

    /// Steps in the journal so far: each write, resize, sync, rename, remove and directory sync is one.
    std::size_t steps() const;
    /// The disk after a cut behind the first `steps` steps. Names follow directory syncs.
    std::unique_ptr<MemoryFileSystem> powerCut(std::size_t steps, std::uint64_t seed) const;
    /// Forgets the journal: what is there now counts as synced, and cuts begin here, at step 0.
    void settle();
    /// Forgets the first `steps` steps if all of them were synced, so that later cuts are cheap; else false.
    /// The numbers of steps stay as they are.
    bool settleUpTo(std::size_t steps);
    /// What was asked for so far.
    std::uint64_t readBytes() const { return read_bytes_; }
    /// Read and changed behind everybody's back.
    Bytes contentOf(const std::string& path) const;
    void overwrite(const std::string& path, std::uint64_t offset, std::span<const std::uint8_t> bytes);

  private:
    class OpenFile;
    struct Node;
    struct Step;
    using Names = std::map<std::string, std::shared_ptr<Node>>;

    std::uint64_t usedBytes() const;
    void record(Step step);

    std::uint64_t capacity_bytes_;
    std::uint64_t read_bytes_ = 0;
    Names names_;
    std::map<std::string, bool> directories_;
    Names settled_names_;
    std::vector<Step> journal_;
    std::size_t forgotten_steps_ = 0;
};

}  // namespace camgate::test
