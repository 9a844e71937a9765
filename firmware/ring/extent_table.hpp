// What is known of each extent, and which one is overwritten next. Extents belong to at most three retention
// classes; each has a share of the ring, and what is overwritten is the oldest of the classes that are over
// theirs. Memory only, storage thread only. Implements docs/design/ring.md (Recycle).
#pragma once

#include <array>
#include <optional>
#include <set>
#include <vector>

#include "ring/extent_format.hpp"
#include "ring/pin_table.hpp"

namespace camgate::ring {

/// Of the ring, in percent, of the classes behind the first; the first one has the rest. 0: not written.
struct ClassShares {
    std::array<std::uint32_t, kRetentionClasses - 1> percent{};
};

struct Extent {
    ExtentState state = ExtentState::Unused;
    std::uint8_t retention_class = 0;
    std::uint64_t generation = 0;
    std::uint64_t end_bytes = 0;
    std::uint64_t zeroed_bytes = 0;  ///< known to be written so far
    std::uint64_t last_counter = 0;
    std::uint32_t records = 0;
    std::uint32_t index_offset = 0;
    std::uint32_t index_crc = 0;
    std::vector<StreamSummary> summaries;
    bool summaries_complete = true;
    bool chosen = false;         ///< by a class that is opening it; no other one may
    std::uint32_t failures = 0;  ///< writes in a row that the card refused here
    bool retired = false;        ///< not written any more; what it holds is read until its turn comes
    bool unreadable = false;     ///< the card did not read all of it
    bool holes = false;          ///< recovery dropped a record in front of one that it kept
    std::optional<std::vector<RecordInfo>> index;  ///< always there while it is open
    std::uint64_t index_used = 0;
};

class ExtentTable {
  public:
    /// InvalidArgument: the ring has too few extents for so many classes, or shares of over 90 %.
    [[nodiscard]] static Result<ExtentTable> make(std::uint32_t count, const ClassShares& shares);

    Extent& operator[](std::uint32_t number) { return extents_[number]; }
    const Extent& operator[](std::uint32_t number) const { return extents_[number]; }
    std::uint32_t size() const { return static_cast<std::uint32_t>(extents_.size()); }
    auto begin() { return extents_.begin(); }
    auto end() { return extents_.end(); }
    auto begin() const { return extents_.begin(); }
    auto end() const { return extents_.end(); }

    /// A record's place leads to what was written there, not to what came after.
    bool holds(const RecordLocation& at) const;
    bool isWritten(std::uint8_t retention_class) const;
    /// Extents that the class may hold, and those it does.
    std::uint32_t target(std::uint8_t retention_class) const { return targets_.at(retention_class); }
    std::uint32_t retired() const;
    std::uint32_t used(std::uint8_t retention_class) const;
    /// What the class overwrites next. Unavailable: every extent is pinned or retired.
    [[nodiscard]] Result<std::uint32_t> nextFor(std::uint8_t retention_class, const PinTable& pins) const;
    /// The card cannot write it: shares are counted of what is left.
    void retire(std::uint32_t extent);
    /// Retired extents that hold nothing younger than what was overwritten elsewhere are emptied too.
    void forgetOutlived();
    std::set<std::uint64_t> boots() const;

  private:
    ExtentTable(std::uint32_t count, const ClassShares& shares) : extents_(count), shares_(shares) {}
    void shareOut();
    template <class Fits>
    std::optional<std::uint32_t> oldest(const PinTable& pins, Fits fits) const;

    std::vector<Extent> extents_;
    ClassShares shares_;
    std::array<std::uint32_t, kRetentionClasses> targets_{};
};

}  // namespace camgate::ring
