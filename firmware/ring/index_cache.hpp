// The indexes of closed extents, read when they are asked for; a few stay in memory. Storage thread only.
#pragma once

#include "ring/extent_table.hpp"
#include "ring/ring_device.hpp"

namespace camgate::ring {

class IndexCache {
  public:
    IndexCache(RingDevice& device, ExtentTable& extents) : device_(device), extents_(extents) {}

    /// Every record of the extent that can be read, by place. Valid until the next call.
    const std::vector<RecordInfo>& of(std::uint32_t extent);

  private:
    [[nodiscard]] Result<std::vector<RecordInfo>> read(std::uint32_t extent);
    void trim();

    RingDevice& device_;
    ExtentTable& extents_;
    std::uint64_t clock_ = 0;
};

}  // namespace camgate::ring
