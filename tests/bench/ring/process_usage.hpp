// What the process has used so far, as the kernel counts it.
#pragma once

#include <sys/resource.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

namespace camgate::bench {

inline double cpuSeconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

/// A line of /proc/self/io, "wchar" for example; 0 where the kernel does not count.
inline std::uint64_t ioBytes(std::string_view counter) {
    std::ifstream file("/proc/self/io");
    std::string name;
    std::uint64_t value = 0;
    while (file >> name >> value) {
        if (name == std::string(counter) + ":") return value;
    }
    return 0;
}

}  // namespace camgate::bench
