// The cap on what camgate takes of the family's line. Chunks wait for it; control messages never wait, but
// what they take is taken from the chunks. In any second at most cap x 1 s and one message more. Loop thread
// only.
#pragma once

#include <cstdint>

#include "base/clock.hpp"

namespace camgate::uplink {

class LineBudget {
  public:
    LineBudget(const Clock& clock, std::uint32_t cap_kbps);

    void setCap(std::uint32_t cap_kbps);

    /// Zero: now. How long until the next chunk may go.
    Duration wait() const;
    void charge(std::size_t bytes);
    std::uint64_t bytesPerSecond() const { return bytes_per_s_; }

  private:
    const Clock& clock_;
    std::uint64_t bytes_per_s_ = 0;
    BootTime free_at_{};
};

}  // namespace camgate::uplink
