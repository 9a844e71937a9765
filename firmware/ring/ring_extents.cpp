// Opening, closing and zeroing extents. The order of writes and syncs is that of docs/design/ring.md.
#include <algorithm>

#include "base/log.hpp"
#include "ring/ring.hpp"

namespace camgate::ring {
namespace {

constexpr std::uint32_t kClosingTries = 5;
constexpr std::size_t kManyBoots = 1024;
constexpr std::uint64_t kZeroStep_bytes = 1U << 20U;

}  // namespace

Result<std::uint32_t> Ring::oldestFree() {
    std::optional<std::uint32_t> oldest;
    bool any_failing = false;
    for (std::uint32_t number = 0; number < extents_.size(); ++number) {
        const Extent& extent = extents_[number];
        any_failing = any_failing || extent.failing;
        if (extent.state == ExtentState::Open || extent.failing || isPinned(number)) continue;
        if (!oldest || extent.generation < extents_[*oldest].generation) oldest = number;
    }
    if (oldest) return *oldest;
    if (any_failing) {
        for (Extent& extent : extents_) extent.failing = false;
        return fail(ErrorKind::Unavailable, "no extent can be written");
    }
    return fail(ErrorKind::Unavailable, "every extent is held by a clip");
}

Result<Ring::Opened> Ring::writeOpening() {
    const auto extent = oldestFree();
    if (!extent) return std::unexpected(extent.error());
    ExtentFooter footer;
    footer.extent = *extent;
    footer.state = ExtentState::Open;
    footer.generation = next_generation_++;
    footer.last_counter = next_counter_;
    footer.bytes_ever = stats_.written_ever_bytes + stats_.written_bytes;
    const std::uint64_t at = offsetOf(*extent) + header_.extent_bytes - kBlock_bytes;
    if (auto done = write(at, encodeFooter(footer, header_.tag())); !done) {
        extents_[*extent].failing = true;
        return std::unexpected(done.error());
    }
    return Opened{*extent, footer.generation};
}

void Ring::adoptOpened(const Opened& opened) {
    Extent& extent = extents_[opened.extent];
    const bool never_used = extent.generation == 0 && extent.zeroed_bytes == 0;
    extent = Extent{};
    extent.state = ExtentState::Open;
    extent.generation = opened.generation;
    extent.zeroed_bytes = never_used ? 0 : header_.extent_bytes;
    extent.index.emplace();
    prepared_.push_back(opened.extent);
    if (boot_maps_.size() <= kManyBoots) return;
    std::set<std::uint64_t> boots;
    for (const Extent& other : extents_) {
        for (const StreamSummary& summary : other.summaries) boots.insert(summary.boot_session);
    }
    std::erase_if(boot_maps_, [&boots](const auto& entry) { return !boots.contains(entry.first); });
}

Result<std::uint32_t> Ring::openNow() {
    const auto opened = writeOpening();
    if (!opened) return std::unexpected(opened.error());
    // Records of the new generation may follow only when the old one is gone for good.
    if (auto done = sync(); !done) {
        extents_[opened->extent].failing = true;
        return std::unexpected(done.error());
    }
    adoptOpened(*opened);
    return opened->extent;
}

Status Ring::writeClosing(std::uint32_t number) {
    Extent& extent = extents_[number];
    const Bytes index = encodeIndex(*extent.index);
    ExtentFooter footer;
    footer.extent = number;
    footer.state = ExtentState::Closed;
    footer.generation = extent.generation;
    footer.last_counter = extent.last_counter;
    footer.bytes_ever = stats_.written_ever_bytes + stats_.written_bytes;
    footer.records = static_cast<std::uint32_t>(extent.index->size());
    const std::uint64_t span = indexSpan(footer.records);
    footer.index_offset = static_cast<std::uint32_t>(header_.extent_bytes - span);
    footer.index_crc = crc32c(index);
    footer.summaries_complete = extent.summaries_complete && extent.summaries.size() <= kMaxSummaries;
    footer.summaries = extent.summaries;
    Bytes bytes = index;
    bytes.resize(static_cast<std::size_t>(span - kBlock_bytes));
    const Bytes block = encodeFooter(footer, header_.tag());
    bytes.insert(bytes.end(), block.begin(), block.end());
    extent.records = footer.records;
    extent.index_offset = footer.index_offset;
    extent.index_crc = footer.index_crc;
    return write(offsetOf(number) + footer.index_offset, bytes);
}

void Ring::writeClosings() {
    for (Finished& finished : finished_) {
        const auto done = writeClosing(finished.extent);
        finished.written = done.has_value();
        ++finished.tries;
        if (!done) {
            logEvent(LogLevel::Warning, "ring", "extent-not-closed",
                     {{"extent", finished.extent}, {"error", done.error()}});
        }
    }
}

void Ring::adoptClosings() {
    for (const Finished& finished : finished_) {
        if (finished.written) extents_[finished.extent].state = ExtentState::Closed;
    }
    // One that cannot be closed stays as it is until the next start scans it.
    std::erase_if(finished_, [](const Finished& finished) {
        return finished.written || finished.tries >= kClosingTries;
    });
}

void Ring::zeroAhead(std::uint32_t number, std::uint64_t from, std::uint64_t budget_bytes) {
    Extent& extent = extents_[number];
    const std::uint64_t limit = header_.extent_bytes - kBlock_bytes;
    extent.zeroed_bytes = std::max(extent.zeroed_bytes, from);
    const Bytes zeros(kZeroStep_bytes);
    while (extent.zeroed_bytes < limit && budget_bytes > 0) {
        const std::uint64_t step =
            std::min({limit - extent.zeroed_bytes, budget_bytes, std::uint64_t{kZeroStep_bytes}});
        // A failure here is met again, and counted, when the records come.
        if (!write(offsetOf(number) + extent.zeroed_bytes,
                   ByteView(zeros).first(static_cast<std::size_t>(step))))
            return;
        extent.zeroed_bytes += step;
        budget_bytes -= step;
        stats_.zeroed_bytes += step;
    }
}

Status Ring::write(std::uint64_t offset, ByteView bytes) {
    stats_.written_bytes += bytes.size();
    return file_->writeAt(offset, bytes);
}

Status Ring::sync() {
    ++stats_.syncs;
    return file_->sync();
}

}  // namespace camgate::ring
