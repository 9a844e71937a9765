// Holds the first moments of a stream back until it is known how its times lie against the clock. A server
// that catches up at the start sends its first frames late; anchored on those, all later frames would seem to
// come before they were made, and their distances would have to be bent. Loop thread.
#pragma once

#include <vector>

#include "camera/unit_queue.hpp"

namespace camgate::camera {

class StartHold {
  public:
    static constexpr Duration kHold = std::chrono::milliseconds(700);
    static constexpr std::size_t kMostUnits = 64;

    /// The units that may go on now: none at first, then all that were held, their arrival moved to where the
    /// least delayed of them would have it, then each as it comes.
    std::vector<ReceivedUnit> take(ReceivedUnit unit);

  private:
    void align();

    std::vector<ReceivedUnit> held_;
    bool over_ = false;
};

}  // namespace camgate::camera
