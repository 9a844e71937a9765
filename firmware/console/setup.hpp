// The guided setting-up of a gateway: PIN, network, time, hub, cameras, a test event, and a summary to read
// out. Each step says what it does; one that was done before is left out; Ctrl-C ends it and nothing is lost.
// One thread. Implements docs/ref/cli.md (setup).
#pragma once

#include <string>
#include <vector>

#include "console/session.hpp"

namespace camgate::console {

class Setup {
  public:
    /// `interface`: where cameras are looked for; empty: everywhere.
    Setup(Session& session, std::string interface) : session_(session), interface_(std::move(interface)) {}

    /// Exit status.
    int run();

  private:
    Status pin();
    Status network();
    Status hub();
    Status cameras();
    Status testEvent();
    Status summary();

    void heading(const std::string& text);
    bool yes(const std::string& question, bool otherwise);
    Status addOne(const std::string& address, const std::string& suggested);
    /// Until the hub's link is up, at most a minute.
    bool awaitLink();
    std::string statusText(const char* part, const char* key);

    Session& session_;
    std::string interface_;
    int step_ = 0;
    std::string user_, password_;  ///< of the camera before
    std::string event_;
};

}  // namespace camgate::console
