// CPU time and memory of a process, as the kernel counts them. Any thread.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "base/result.hpp"

namespace camgate::app {

struct ProcessStats {
    double cpu_s = 0;
    std::uint64_t rss_kb = 0;
};

/// NotFound: the process has ended.
[[nodiscard]] Result<ProcessStats> readProcessStats(pid_t pid);

}  // namespace camgate::app
