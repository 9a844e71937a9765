#include "bench/ring/ring_writes/meter.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <fstream>

#include "base/unique_fd.hpp"
#include "bench/ring/process_usage.hpp"

namespace camgate::bench {
namespace {

constexpr std::uint64_t kSector_bytes = 512;  ///< of /sys/block, whatever the disk's own
constexpr std::size_t kSectorsWritten = 6;    ///< Documentation/block/stat.rst
constexpr std::size_t kFlushes = 15;

}  // namespace

MeterReading Meter::read() const {
    MeterReading reading;
    reading.cpu_s = cpuSeconds();
    const UniqueFd folder(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.valid()) ::syncfs(folder.get());
    reading.written_bytes = ioBytes("wchar");
    if (disk_.empty()) return reading;
    std::ifstream file("/sys/block/" + disk_ + "/stat");
    std::array<std::uint64_t, kFlushes + 1> fields{};
    for (auto& field : fields) file >> field;
    reading.device_bytes = fields[kSectorsWritten] * kSector_bytes;
    reading.device_flushes = fields[kFlushes];
    return reading;
}

}  // namespace camgate::bench
