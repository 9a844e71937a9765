// Writes when walkers come and go in the synthetic yard, as JSON lines in wall time:
// {"at":"2026-03-01T22:15:00.000Z","wall_ns":...,"walker":"enters","frame":200}. What latency is measured
// against. One thread.
#pragma once

#include <fstream>
#include <string>

#include "base/clock.hpp"
#include "motion/synthetic_scene.hpp"

namespace camgate::test {

class TruthLog {
  public:
    TruthLog(const std::string& path, motion::SyntheticScene scene, BootTime epoch);

    /// Writes what happened up to now.
    void advance(const Clock& clock);

  private:
    std::ofstream out_;
    motion::SyntheticScene scene_;
    BootTime epoch_;
    std::uint64_t next_frame_ = 0;
    bool present_ = false;
};

}  // namespace camgate::test
