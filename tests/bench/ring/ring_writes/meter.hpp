// What a stretch of work cost: bytes and flushes that reached the disk, syncs, CPU.
#pragma once

#include <cstdint>
#include <string>

namespace camgate::bench {

struct MeterReading {
    std::uint64_t device_bytes = 0;
    std::uint64_t device_flushes = 0;  ///< 0 where the disk is not known
    double cpu_s = 0;
};

/// `disk`: its statistics below /sys/block; empty: the bytes that this process alone sent to a disk, which
/// leaves out the file system's journal.
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
