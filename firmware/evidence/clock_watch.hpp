// Notes when the wall clock is corrected: a start, a step, another quality. What is noted goes into the next
// checkpoint of every stream, so that no footage moves in silence. Pure, one thread. Implements
// docs/design/ledger.md (Clock).
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "evidence/checkpoint.hpp"

namespace camgate::evidence {

class ClockWatch {
  public:
    explicit ClockWatch(std::uint64_t boot_session) : session_(boot_session) {}

    /// True: it was noted.
    bool observe(BootTime now, const TimeMap& map);

    /// So many were noted so far.
    std::uint64_t noted() const { return left_out_ + corrections_.size(); }
    /// Puts what was noted after the first `seen` into a checkpoint.
    void addSince(std::uint64_t seen, Checkpoint& checkpoint) const;

  private:
    std::uint64_t session_;
    std::deque<ClockCorrection> corrections_;  // the newest kMaxCorrections
    std::uint64_t left_out_ = 0;
};

}  // namespace camgate::evidence
