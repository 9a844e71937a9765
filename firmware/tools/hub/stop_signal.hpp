// SIGINT and SIGTERM as something to wait for. Make it before any thread starts. One per process; one thread.
#pragma once

#include <chrono>

#include "base/unique_fd.hpp"

namespace camgate::hub {

class StopSignal {
  public:
    StopSignal();
    /// Waits at most `longest`; true once a signal has come.
    bool wait(std::chrono::milliseconds longest);

  private:
    UniqueFd fd_;
    bool came_ = false;
};

}  // namespace camgate::hub
