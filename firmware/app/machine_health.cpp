#include "app/machine_health.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>

namespace camgate::app {
namespace {

constexpr int kMostSensors = 16;

template <class T>
std::optional<T> firstOf(const std::string& path) {
    std::ifstream file(path);
    T value{};
    if (!(file >> value)) return std::nullopt;
    return value;
}

std::optional<std::uint64_t> memoryLeft(const std::string& path) {
    std::ifstream file(path);
    for (std::string key, value; file >> key >> value; file.ignore(80, '\n')) {
        if (key == "MemAvailable:") return std::strtoull(value.c_str(), nullptr, 10);
    }
    return std::nullopt;
}

std::optional<double> temperature(const std::string& zones) {
    std::optional<double> hottest;
    for (int i = 0; i < kMostSensors; ++i) {
        const auto raw = firstOf<std::int64_t>(zones + std::to_string(i) + "/temp");
        if (!raw) continue;
        const double celsius = static_cast<double>(*raw) / 1000;
        hottest = std::max(hottest.value_or(celsius), celsius);
    }
    return hottest;
}

/// The Raspberry Pi's driver has an alarm of its own name.
std::optional<bool> underVoltage(const std::string& monitors) {
    for (int i = 0; i < kMostSensors; ++i) {
        const std::string monitor = monitors + std::to_string(i);
        if (firstOf<std::string>(monitor + "/name") != "rpi_volt") continue;
        const auto alarm = firstOf<int>(monitor + "/in0_lcrit_alarm");
        if (alarm) return *alarm != 0;
    }
    return std::nullopt;
}

}  // namespace

MachineHealth readMachineHealth(const std::string& root) {
    MachineHealth out;
    if (const auto up = firstOf<double>(root + "/proc/uptime"))
        out.up = std::chrono::seconds(static_cast<std::int64_t>(*up));
    out.load = firstOf<double>(root + "/proc/loadavg");
    out.memory_left_kb = memoryLeft(root + "/proc/meminfo");
    out.temperature_c = temperature(root + "/sys/class/thermal/thermal_zone");
    out.under_voltage = underVoltage(root + "/sys/class/hwmon/hwmon");
    return out;
}

}  // namespace camgate::app
