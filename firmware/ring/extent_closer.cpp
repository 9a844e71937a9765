#include "ring/extent_closer.hpp"

#include "base/log.hpp"
#include "crypto/random.hpp"
#include "ring/index_codec.hpp"

namespace camgate::ring {
namespace {

constexpr std::uint32_t kTriesToClose = 5;

}  // namespace

void ExtentCloser::write() {
    for (Finished& finished : finished_) {
        const auto done = writeOne(finished.extent);
        finished.written = done.has_value();
        ++finished.tries;
        if (!done) {
            logEvent(LogLevel::Warning, "ring", "extent-not-closed",
                     {{"extent", finished.extent}, {"error", done.error()}});
        }
    }
}

Status ExtentCloser::writeOne(std::uint32_t number) {
    Extent& extent = extents_[number];
    auto index = encodeIndex(*extent.index, keys_);
    if (!index) return std::unexpected(index.error());
    Bytes bytes = std::move(*index);
    ExtentFooter footer;
    footer.extent = number;
    footer.state = ExtentState::Closed;
    footer.retention_class = extent.retention_class;
    footer.generation = extent.generation;
    footer.last_counter = extent.last_counter;
    footer.bytes_ever = device_.counts.writtenEver();
    footer.records = static_cast<std::uint32_t>(extent.index->size());
    const std::uint64_t span = indexSpan(footer.records);
    footer.index_offset = static_cast<std::uint32_t>(device_.extentBytes() - span);
    footer.index_crc = crc32c(bytes);
    footer.summaries_complete = extent.summaries_complete && extent.summaries.size() <= kMaxSummaries;
    footer.summaries = extent.summaries;
    footer.key_slot = keys_.summarySlot();
    bytes.resize(static_cast<std::size_t>(span - kBlock_bytes));
    const auto block = footerBlock(footer);
    if (!block) return std::unexpected(block.error());
    bytes.insert(bytes.end(), block->begin(), block->end());
    extent.records = footer.records;
    extent.index_offset = footer.index_offset;
    extent.index_crc = footer.index_crc;
    return device_.write(number, footer.index_offset, bytes);
}

Result<Bytes> ExtentCloser::footerBlock(const ExtentFooter& footer) const {
    SummarySeal seal;
    if (footer.key_slot != 0) {
        const auto key = keys_.summaryKey(footer.key_slot);
        if (!key) return std::unexpected(key.error());
        seal.key = *key;
        if (auto filled = crypto::fillRandom(seal.nonce); !filled) return std::unexpected(filled.error());
    }
    return encodeFooter(footer, device_.header().tag(), seal);
}

Status ExtentCloser::closeNow() {
    write();
    if (auto done = device_.sync(); !done) return done;
    adopt();
    return {};
}

void ExtentCloser::adopt() {
    for (const Finished& finished : finished_) {
        // One that cannot be closed is scanned when its index is asked for, and by the next start.
        const bool over = finished.written || finished.tries >= kTriesToClose;
        if (over) extents_[finished.extent].state = ExtentState::Closed;
    }
    std::erase_if(finished_, [](const Finished& finished) {
        return finished.written || finished.tries >= kTriesToClose;
    });
}

}  // namespace camgate::ring
