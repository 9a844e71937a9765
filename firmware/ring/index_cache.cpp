#include "ring/index_cache.hpp"

#include "ring/extent_scan.hpp"

namespace camgate::ring {
namespace {

constexpr std::uint32_t kIndexesInMemory = 16;

}  // namespace

Result<const std::vector<RecordInfo>*> IndexCache::of(std::uint32_t number) {
    Extent& extent = extents_[number];
    extent.index_used = ++clock_;
    if (extent.index) return &*extent.index;
    trim();
    ExtentFooter footer;
    footer.extent = number;
    footer.generation = extent.generation;
    footer.records = extent.records;
    footer.index_offset = extent.index_offset;
    footer.index_crc = extent.index_crc;
    Bytes bytes(std::size_t{extent.records} * kIndexEntry_bytes);
    if (auto read = device_.read(number, extent.index_offset, bytes); !read) {
        return passOn(read.error(), "reading an index");
    }
    auto index = decodeIndex(footer, bytes);
    if (!index) {
        // The records themselves say the same.
        auto scanned = scanExtent(device_.file(), {number, device_.offsetOf(number), device_.extentBytes(),
                                                   device_.header().tag(), extent.generation});
        if (!scanned) return std::unexpected(scanned.error());
        index = std::move(scanned->records);
    }
    extent.index = std::move(*index);
    return &*extent.index;
}

void IndexCache::trim() {
    while (true) {
        Extent* oldest = nullptr;
        std::uint32_t loaded = 0;
        for (Extent& extent : extents_) {
            if (extent.state != ExtentState::Closed || !extent.index) continue;
            ++loaded;
            if (!oldest || extent.index_used < oldest->index_used) oldest = &extent;
        }
        if (loaded < kIndexesInMemory) return;
        oldest->index.reset();
    }
}

}  // namespace camgate::ring
