// Tells the service manager (systemd's notify protocol) how the program is: ready, alive, leaving. Without
// one, as in a shell, nothing is said. Loop thread only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/unique_fd.hpp"

namespace camgate {

class ServiceManager {
  public:
    /// Out of NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID.
    static ServiceManager fromEnvironment();

    /// "READY=1", "WATCHDOG=1", "STATUS=...". A manager that does not listen is not waited for.
    void tell(std::string_view text) const;
    /// It ends the program that has not said WATCHDOG=1 for so long; nothing: it does not watch.
    std::optional<Duration> patience() const { return patience_; }

  private:
    std::string address_;  // of a Unix socket, '@' first for an abstract one; empty: nobody listens
    std::optional<Duration> patience_;
    UniqueFd socket_;
};

}  // namespace camgate
