#include "app/machine_health.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "support/base/temp_directory.hpp"

using namespace camgate;
using namespace camgate::app;

namespace {

void put(const std::string& path, const std::string& text) {
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << text;
}

}  // namespace

TEST_CASE("machine health: what the kernel says, of sensors the hottest", "[app]") {
    const test::TempDirectory root;
    put(root.file("proc/uptime"), "86400.52 1.0\n");
    put(root.file("proc/loadavg"), "0.25 0.1 0.0 1/100 7\n");
    put(root.file("proc/meminfo"), "MemTotal:  1000 kB\nMemAvailable:  512 kB\n");
    put(root.file("sys/class/thermal/thermal_zone0/temp"), "45000\n");
    put(root.file("sys/class/thermal/thermal_zone2/temp"), "61500\n");
    put(root.file("sys/class/hwmon/hwmon1/name"), "rpi_volt\n");
    put(root.file("sys/class/hwmon/hwmon1/in0_lcrit_alarm"), "1\n");
    const MachineHealth health = readMachineHealth(root.file(""));
    CHECK(health.up == std::chrono::seconds(86'400));
    CHECK(health.load == 0.25);
    CHECK(health.memory_left_kb == 512);
    CHECK(health.temperature_c == 61.5);
    CHECK(health.under_voltage == true);
}

TEST_CASE("machine health: what it does not say is absent", "[app]") {
    const test::TempDirectory root;
    const MachineHealth health = readMachineHealth(root.file(""));
    CHECK_FALSE(health.up);
    CHECK_FALSE(health.temperature_c);
    CHECK_FALSE(health.under_voltage);
}
