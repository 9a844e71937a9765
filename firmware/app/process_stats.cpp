#include "app/process_stats.hpp"

#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

namespace camgate::app {
namespace {

constexpr int kFieldsToUtime = 11;  // proc(5): after the command's closing bracket come state, ppid, ...

Result<double> cpuSeconds(const std::string& folder) {
    std::ifstream file(folder + "/stat");
    std::string line;
    if (!std::getline(file, line)) return fail(ErrorKind::NotFound, folder + " is gone");
    std::istringstream fields(line.substr(line.rfind(')') + 1));
    std::string skipped;
    for (int i = 0; i < kFieldsToUtime; ++i) fields >> skipped;
    double user_ticks = 0;
    double system_ticks = 0;
    fields >> user_ticks >> system_ticks;
    if (!fields) return fail(ErrorKind::Corruption, folder + "/stat reads unlike proc(5)");
    return (user_ticks + system_ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

Result<std::uint64_t> residentKb(const std::string& folder) {
    std::ifstream file(folder + "/statm");
    std::uint64_t size_pages = 0;
    std::uint64_t resident_pages = 0;
    if (!(file >> size_pages >> resident_pages)) return fail(ErrorKind::NotFound, folder + " is gone");
    return resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) / 1024;
}

}  // namespace

Result<ProcessStats> readProcessStats(pid_t pid) {
    const std::string folder = "/proc/" + std::to_string(pid);
    const auto cpu = cpuSeconds(folder);
    if (!cpu) return std::unexpected(cpu.error());
    const auto rss = residentKb(folder);
    if (!rss) return std::unexpected(rss.error());
    return ProcessStats{*cpu, *rss};
}

}  // namespace camgate::app
