// The guided setting-up of a gateway: PIN, network, time zone, hub, cameras, a test event, and a summary to
// read out. Each step says what it does; one that was done before is left out; Ctrl-C ends it and nothing is
// lost. One thread. Implements docs/ref/cli.md (setup).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "console/network_check.hpp"
#include "console/session.hpp"

namespace camgate::console {

class Setup {
  public:
    struct Options {
        std::string interface;                    ///< where cameras are looked for; empty: everywhere
        std::optional<std::uint64_t> enrol_port;  ///< none: the default
    };
    Setup(Session& session, Options options) : session_(session), options_(std::move(options)) {}

    /// Exit status.
    int run();

  private:
    Status pin();
    Status network();
    Status timeZone();
    Status goodEnough(const std::vector<NetworkStep>& steps);
    Status reachHub();
    Status hub();
    Status cameras();
    Status testEvent();
    Status summary();

    void heading(const std::string& text);
    Status addOne(const std::string& address, const std::string& suggested);
    /// Until the hub's link is up, at most a minute.
    bool awaitLink();
    std::string statusText(const char* part, const char* key);

    Session& session_;
    Options options_;
    int step_ = 0;
    std::string user_, password_;  ///< of the camera before
    std::string event_;
};

}  // namespace camgate::console
