// The indexes of closed extents, read when they are asked for; a few stay in memory. Storage thread only.
#pragma once

#include "ring/extent_table.hpp"
#include "ring/ring_device.hpp"
#include "ring/ring_keys.hpp"

namespace camgate::ring {

class IndexCache {
  public:
    IndexCache(RingDevice& device, ExtentTable& extents, const RingKeys& keys)
        : device_(device), extents_(extents), keys_(keys) {}

    /// Every record of the extent that can be read and whose key is there, by place. Valid until the next
    /// call.
    const std::vector<RecordInfo>& of(std::uint32_t extent);

  private:
    [[nodiscard]] Result<std::vector<RecordInfo>> read(std::uint32_t extent);
    void trim();

    RingDevice& device_;
    ExtentTable& extents_;
    const RingKeys& keys_;
    std::uint64_t clock_ = 0;
};

}  // namespace camgate::ring
