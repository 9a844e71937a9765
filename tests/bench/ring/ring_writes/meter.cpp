#include "bench/ring/ring_writes/meter.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <fstream>

#include "base/unique_fd.hpp"

namespace camgate::bench {
namespace {

constexpr std::uint64_t kSector_bytes = 512;  ///< of /sys/block, whatever the disk's own
constexpr std::size_t kSectorsWritten = 6;    ///< Documentation/block/stat.rst
constexpr std::size_t kFlushes = 15;

double cpuSeconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

std::uint64_t ownWrittenBytes() {
    std::ifstream file("/proc/self/io");
    std::string name;
    std::uint64_t value = 0;
    while (file >> name >> value) {
        if (name == "wchar:") return value;
    }
    return 0;
}

}  // namespace

MeterReading Meter::read() const {
    MeterReading reading;
    reading.cpu_s = cpuSeconds();
    const UniqueFd folder(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.valid()) ::syncfs(folder.get());
    reading.written_bytes = ownWrittenBytes();
    if (disk_.empty()) return reading;
    std::ifstream file("/sys/block/" + disk_ + "/stat");
    std::array<std::uint64_t, kFlushes + 1> fields{};
    for (auto& field : fields) file >> field;
    reading.device_bytes = fields[kSectorsWritten] * kSector_bytes;
    reading.device_flushes = fields[kFlushes];
    return reading;
}

}  // namespace camgate::bench
