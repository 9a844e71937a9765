// Feeds the service manager's watchdog while the gateway does its work or says why not. Once it starves it,
// the manager ends the daemon and starts it anew. Loop thread only: a loop that hangs feeds nothing.
// Implements docs/design/processes.md (Watchdog).
#pragma once

#include <functional>

#include "app/liveness.hpp"
#include "base/event_loop.hpp"
#include "base/service_manager.hpp"

namespace camgate::app {

class Watchdog {
  public:
    /// `starving` is told once who stands still. `manager` outlives it.
    Watchdog(EventLoop& loop, const ServiceManager& manager, std::function<Work()> work,
             std::function<void(const std::string& why)> starving);

  private:
    void feed();

    EventLoop& loop_;
    const ServiceManager& manager_;
    std::function<Work()> work_;
    std::function<void(const std::string& why)> starving_;
    Liveness liveness_;
    bool starved_ = false;
    LoopHandle tick_;
};

}  // namespace camgate::app
