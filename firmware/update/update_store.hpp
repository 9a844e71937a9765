// The record of updates on the card. One thread; calls block. Implements docs/ref/update.md (Files on state).
#pragma once

#include <string>

#include "base/two_slots.hpp"
#include "update/update_record.hpp"

namespace camgate::update {

class UpdateStore {
  public:
    /// Makes `folder` if it is not there; an empty record where there is none. FailedPrecondition: a newer
    /// firmware wrote it. `files` outlives it.
    [[nodiscard]] static Result<UpdateStore> open(FileSystem& files, const std::string& folder);

    const UpdateRecord& record() const { return record_; }
    const std::string& damage() const { return slots_.damage(); }
    /// Durable when this returns.
    [[nodiscard]] Status save(UpdateRecord record);

  private:
    UpdateStore(TwoSlots slots, UpdateRecord record) : slots_(std::move(slots)), record_(std::move(record)) {}

    TwoSlots slots_;
    UpdateRecord record_;
};

}  // namespace camgate::update
