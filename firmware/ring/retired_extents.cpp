#include "ring/retired_extents.hpp"

namespace camgate::ring {
namespace {

/// The last block of each half of the ring's front.
constexpr std::array<std::uint64_t, 2> kPlaces{kHeaderCopy_bytes - kBlock_bytes, kFront_bytes - kBlock_bytes};

}  // namespace

void RetiredExtents::load() {
    for (const std::uint64_t place : kPlaces) {
        Bytes block(kBlock_bytes);
        if (!device_.file().readAt(place, block)) continue;
        auto table = decodeRetired(block, device_.header().tag());
        if (!table || table->sequence <= sequence_) continue;
        sequence_ = table->sequence;
        extents_ = std::move(table->extents);
    }
    std::erase_if(extents_, [this](std::uint32_t extent) { return extent >= device_.header().extent_count; });
}

Status RetiredExtents::add(std::uint32_t extent) {
    std::set<std::uint32_t> extents = extents_;
    extents.insert(extent);
    unsure_ = true;
    // One copy after the other: a cut between leaves the other one whole.
    if (auto done = write(extents, true); !done) return done;
    unsure_ = false;
    extents_ = std::move(extents);
    return {};
}

void RetiredExtents::mend() {
    if (unsure_ && write(extents_, false)) unsure_ = false;
}

Status RetiredExtents::write(const std::set<std::uint32_t>& extents, bool sync_each) {
    const Bytes block = encodeRetired({++sequence_, extents}, device_.header().tag());
    for (const std::uint64_t place : kPlaces) {
        if (auto done = device_.writeFront(place, block); !done) return done;
        if (!sync_each) continue;
        if (auto done = device_.sync(); !done) return done;
    }
    return {};
}

}  // namespace camgate::ring
