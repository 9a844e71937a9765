// Keeps the history of revisions in two slots that are written in turn: a power cut at any step leaves the
// history before or the one after. One thread. Implements docs/ref/config-store.md.
#pragma once

#include <array>
#include <string>

#include "base/file_system.hpp"
#include "config/history.hpp"

namespace camgate::config {

class RevisionStore {
  public:
    /// An empty history where there is none in `folder`. FailedPrecondition: a newer firmware wrote it, and
    /// it is left as it is. `files` outlives it.
    [[nodiscard]] static Result<RevisionStore> open(FileSystem& files, std::string folder);

    const History& history() const { return history_; }
    /// Empty, or why what was kept here is lost.
    const std::string& damage() const { return damage_; }
    /// Durable when this returns; what was there before stays if it fails.
    [[nodiscard]] Status save(History history);

  private:
    RevisionStore(FileSystem& files, std::string folder) : files_(files), folder_(std::move(folder)) {}
    std::string slotPath(std::size_t slot) const;

    FileSystem& files_;
    std::string folder_;
    History history_;
    std::string damage_;
    std::uint64_t sequence_ = 0;  // of the slot that counts
    std::size_t next_slot_ = 0;
};

}  // namespace camgate::config
