// Whether a new configuration is kept: only if all that worked before works again within a time, and whoever
// asked for it confirmed where that was agreed. Knows nothing of what is tried. Loop thread only. Implements
// docs/design/configuration.md (Trial).
#pragma once

#include <functional>
#include <set>
#include <string>

#include "base/event_loop.hpp"

namespace camgate::config {

/// What works now.
struct Health {
    bool link_up = false;
    std::set<std::string> live_cameras;
    std::set<std::string> paused_cameras = {};  ///< their owner's will: nobody waits for them
};

struct Demands {
    bool link = false;
    std::set<std::string> cameras;
    bool confirmation = false;
};

class Trial {
  public:
    /// Called once per trial, in the end: empty `lacking`: it is to be kept. A trial may begin inside.
    using Ended = std::function<void(const std::string& lacking)>;

    explicit Trial(EventLoop& loop) : loop_(loop) {}

    void begin(Demands demands, Duration within, Ended ended);
    /// Something may work again, or no longer.
    void look(const Health& health);
    void confirm();
    /// Gives up at once, for a reason of the caller's.
    void abandon(const std::string& why) { end(why); }

    bool running() const { return timer_.active(); }
    /// Until it ends by itself.
    Duration left() const;
    bool wantsConfirmation() const { return running() && demands_.confirmation; }

  private:
    std::string lacking() const;
    void endIfMet();
    void end(const std::string& lacking);

    EventLoop& loop_;
    Demands demands_;
    Health health_;
    BootTime due_{};
    Ended ended_;
    LoopHandle timer_;
};

}  // namespace camgate::config
