// Keeps the history of revisions in two slots that are written in turn: a power cut at any step leaves the
// history before or the one after. One thread. Implements docs/ref/config-store.md.
#pragma once

#include <string>

#include "base/two_slots.hpp"
#include "config/history.hpp"

namespace camgate::config {

class RevisionStore {
  public:
    /// An empty history where there is none in `folder`. FailedPrecondition: a newer firmware wrote it, and
    /// it is left as it is. `files` outlives it.
    [[nodiscard]] static Result<RevisionStore> open(FileSystem& files, std::string folder);

    const History& history() const { return history_; }
    /// Empty, or why what was kept here is lost.
    const std::string& damage() const { return slots_.damage(); }
    /// Durable when this returns; what was there before stays if it fails.
    [[nodiscard]] Status save(History history);

  private:
    RevisionStore(TwoSlots slots, History history) : slots_(std::move(slots)), history_(std::move(history)) {}

    TwoSlots slots_;
    History history_;
};

}  // namespace camgate::config
