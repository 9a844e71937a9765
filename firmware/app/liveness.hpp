// Does the gateway do its work, or say why not? Every camera that claims to deliver sends frames, and what is
// recorded reaches the card, unless the card's state says otherwise. Pure; boot time in, a verdict out.
// Implements docs/design/processes.md (Watchdog).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace camgate::app {

struct Work {
    struct Camera {
        std::string id;
        bool delivers = false;  ///< says so; else its state is a declared fault
        bool recorded = false;
        std::uint64_t frames = 0;
        std::uint64_t stored_records = 0;
    };
    std::vector<Camera> cameras;
    bool card_works = false;  ///< says so; else its state is a declared one
};

class Liveness {
  public:
    /// So long a counter may stand while its owner says that all is well.
    static constexpr Duration kStandstill = std::chrono::seconds(30);

    /// Empty: all is well or declared. Else who stands still.
    std::string look(const Work& work, BootTime now);

  private:
    struct Progress {
        std::uint64_t count = 0;
        BootTime since{};
    };
    bool stands(const std::string& what, bool claims, std::uint64_t count, BootTime now);

    std::map<std::string, Progress> progress_;
};

}  // namespace camgate::app
