// Cameras of a household as the ring meets them: each a main stream of 2 Mbit/s and a sub-stream of 256
// kbit/s, both 15 fps with a key picture every 2 s, in rounds as the daemon forms them. Time is the
// household's own.
#pragma once

#include <functional>
#include <span>

#include "ring/batcher.hpp"
#include "support/base/fake_clock.hpp"

namespace camgate::bench {

class Household {
  public:
    using Store = std::function<void(std::span<const ring::RecordDraft>)>;

    /// `paced`: time passes as fast as outside, else as fast as the rounds are stored.
    explicit Household(std::size_t cameras);

    void run(std::chrono::seconds duration, bool paced, const Store& store);
    const Clock& clock() const { return clock_; }

  private:
    void sendPictures();
    Bytes picture(std::size_t size);

    test::FakeClock clock_;
    ring::Batcher batcher_;
    std::size_t cameras_;
    std::uint64_t pictures_ = 0;
    Bytes noise_;
    std::size_t noise_at_ = 0;
};

}  // namespace camgate::bench
