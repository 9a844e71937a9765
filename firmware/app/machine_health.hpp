// What the kernel says of the machine's health; what it does not say is absent. Any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace camgate::app {

struct MachineHealth {
    std::optional<std::chrono::seconds> up;
    std::optional<double> load;  ///< of the last minute
    std::optional<std::uint64_t> memory_left_kb;
    std::optional<double> temperature_c;  ///< of the hottest sensor
    std::optional<bool> under_voltage;    ///< since it was asked last, where the board can tell
};

/// `root` stands in front of /proc and /sys.
MachineHealth readMachineHealth(const std::string& root = "");

}  // namespace camgate::app
