// Which process of a hub receives which clip, with nothing shared but the broker: the one to which the broker
// hands the first announcement takes it, and its receipt names it. The others hear that receipt and leave the
// clip to it; one that is announced again and not answered by its owner is taken over. Pure over the clock
// given. One thread. Implements docs/ref/hub.md (Several processes).
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace camgate::hub {

/// How a message came.
enum class Source {
    Shared,  ///< to this process alone of all
    Own,     ///< to all
};

class Claims {
  public:
    static constexpr Duration kOwnersTurn = std::chrono::seconds(3);
    static constexpr std::size_t kMost = 4096;

    /// Another process has answered for the clip; `last`: there is no more to it.
    void heard(const std::string& clip, bool last, BootTime now);
    /// Another process is known to have answered for it.
    bool others(const std::string& clip) const { return owned_.contains(clip); }
    /// It was announced here and is another's: if that one does not answer within its turn, it is due.
    void announced(const std::string& clip, BootTime now);
    /// Clips whose owner did not answer; they are nobody's from now on.
    std::vector<std::string> takeDue(BootTime now);

  private:
    struct Other {
        BootTime heard;
        bool waiting = false;
        BootTime announced = {};
    };
    std::map<std::string, Other> owned_;
};

}  // namespace camgate::hub
