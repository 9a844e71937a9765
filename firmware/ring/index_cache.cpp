#include "ring/index_cache.hpp"

#include "ring/extent_scan.hpp"
#include "ring/index_codec.hpp"

namespace camgate::ring {
namespace {

constexpr std::uint32_t kIndexesInMemory = 16;

}  // namespace

const std::vector<RecordInfo>& IndexCache::of(std::uint32_t number) {
    Extent& extent = extents_[number];
    extent.index_used = ++clock_;
    if (extent.index) return *extent.index;
    trim();
    auto index = read(number);
    if (index) return extent.index.emplace(std::move(*index));
    // The records themselves say the same.
    ScannedExtent scanned = scanExtent(
        device_.file(),
        {number, device_.offsetOf(number), device_.extentBytes(), device_.header().tag(), extent.generation},
        keys_);
    extent.unreadable = scanned.unreadable;
    return extent.index.emplace(std::move(scanned.records));
}

Result<std::vector<RecordInfo>> IndexCache::read(std::uint32_t number) {
    const Extent& extent = extents_[number];
    ExtentFooter footer;
    footer.extent = number;
    footer.generation = extent.generation;
    footer.records = extent.records;
    footer.index_offset = extent.index_offset;
    footer.index_crc = extent.index_crc;
    Bytes bytes(std::size_t{extent.records} * kIndexEntry_bytes);
    if (auto got = device_.read(number, extent.index_offset, bytes); !got)
        return std::unexpected(got.error());
    return decodeIndex(footer, bytes, keys_);
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
