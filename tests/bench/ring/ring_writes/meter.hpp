// What a stretch of work cost: bytes and flushes that reached the disk, syncs, CPU.
#pragma once

#include <cstdint>
#include <string>

namespace camgate::bench {

struct MeterReading {
    std::uint64_t written_bytes = 0;  ///< by this process' own calls
    std::uint64_t device_bytes = 0;   ///< 0 where the disk is not known, as the flushes
    std::uint64_t device_flushes = 0;
    double cpu_s = 0;
};

/// `disk`: its statistics below /sys/block. Without one what the file system itself writes is not known: what
/// the kernel says of a process counts pages that it made dirty, on newer ones nearly twice the bytes.
class Meter {
  public:
    Meter(std::string folder, std::string disk) : folder_(std::move(folder)), disk_(std::move(disk)) {}
    /// Writes out first what the folder's file system still holds in memory.
    MeterReading read() const;

  private:
    std::string folder_;
    std::string disk_;
};

}  // namespace camgate::bench
