#include "ring/ring.hpp"

#include <algorithm>

#include "crypto/random.hpp"
#include "ring/index_codec.hpp"
#include "ring/recovery.hpp"

namespace camgate::ring {
namespace {

/// More than a daemon that died can have written behind what recovery still sees.
constexpr std::uint64_t kCounterJump = 1U << 20U;

std::unexpected<Error> overwritten() {
    return fail(ErrorKind::NotFound, "the record has been overwritten");
}

}  // namespace

Result<std::unique_ptr<Ring>> Ring::open(FileSystem& files, const std::string& path,
                                         const RingOptions& options, const Clock& clock) {
    auto file = openRingFile(files, path, options, clock);
    if (!file) return std::unexpected(file.error());
    auto extents = ExtentTable::make(file->header.extent_count, options.shares);
    if (!extents) return std::unexpected(extents.error());
    auto keys = RingKeys::open(*file->file, file->header, options.sealing);
    if (!keys) return passOn(keys.error(), "opening the ring " + path);
    std::unique_ptr<Ring> ring(
        new Ring(std::move(*file), std::move(*extents), std::move(*keys), options, clock));
    if (auto done = crypto::fillRandom(ring->cursor_.session); !done) return std::unexpected(done.error());
    if (auto done = ring->recover(); !done) return passOn(done.error(), "recovering the ring " + path);
    return ring;
}

Ring::Ring(RingFile file, ExtentTable extents, RingKeys keys, const RingOptions& options, const Clock& clock)
    : device_(std::move(file)),
      extents_(std::move(extents)),
      keys_(std::move(keys)),
      pins_(extents_.size(), clock),
      writers_{ClassWriter(0, {device_, extents_, pins_, closer_, retired_, keys_, cursor_}),
               ClassWriter(1, {device_, extents_, pins_, closer_, retired_, keys_, cursor_}),
               ClassWriter(2, {device_, extents_, pins_, closer_, retired_, keys_, cursor_})},
      clock_(clock),
      slow_write_(options.slow_write),
      seal_description_(options.sealing.described) {}

Ring::~Ring() = default;

Status Ring::recover() {
    retired_.load();
    const auto dropped = readExtents(device_, extents_, keys_);
    if (!dropped) return std::unexpected(dropped.error());
    stats_.dropped_at_start = *dropped;
    for (const std::uint32_t extent : retired_.all()) extents_.retire(extent);
    Places places = placeUnclosed(extents_);
    for (std::size_t i = 0; i < writers_.size(); ++i) {
        writers_[i].goOn(places.classes[i].current, std::move(places.classes[i].prepared));
    }
    for (const std::uint32_t extent : places.unfinished) closer_.add(extent);

    if (keys_.slots() != nullptr) {
        for (const auto& [number, slot] : keys_.slots()->slots()) {
            for (const auto stream : {media::StreamKind::Main, media::StreamKind::Sub})
                streams_.noteErased(slot.owner.camera_tag, stream,
                                    slot.last_sequences.at(static_cast<std::size_t>(stream)));
        }
    }
    std::vector<const Extent*> by_age;
    for (const Extent& extent : extents_) by_age.push_back(&extent);
    std::ranges::sort(by_age, {}, &Extent::generation);
    std::uint64_t last_kept = 0;
    for (const Extent* extent : by_age) {
        for (const StreamSummary& summary : extent->summaries) streams_.note(summary);
        cursor_.next_generation = std::max(cursor_.next_generation, extent->generation + 1);
        cursor_.next_counter = std::max(cursor_.next_counter, extent->last_counter + kCounterJump);
        if (extent->index && !extent->index->empty())
            last_kept = std::max(last_kept, extent->index->back().at.counter);
    }
    extents_.forgetOutlived();
    // What a killed daemon left in the page cache was read above but may not be on the card yet.
    if (auto done = device_.sync(); !done) return done;
    cursor_.durable_below = last_kept + 1;
    return {};
}

Result<std::vector<RecordInfo>> Ring::find(std::uint64_t camera_tag, media::StreamKind stream, WallTime from,
                                           WallTime to) {
    if (to < from) return fail(ErrorKind::InvalidArgument, "the range ends before it begins");
    const auto touches = [&](const StreamSummary& summary) {
        const TimeMap map = streams_.mapOf(summary.boot_session, summary.best_map);
        return summary.camera_tag == camera_tag && summary.stream == stream &&
               map.toWall(summary.first_decode) <= to && map.toWall(summary.last_decode) >= from;
    };
    std::vector<RecordInfo> found;
    for (std::uint32_t number = 0; number < extents_.size(); ++number) {
        const Extent& extent = extents_[number];
        if (extent.summaries_complete && std::ranges::none_of(extent.summaries, touches)) continue;
        for (const RecordInfo& record : indexes_.of(number)) {
            if (record.header.camera_tag != camera_tag || record.header.stream != stream) continue;
            RecordInfo info = record;
            info.best_map = streams_.mapOf(info.header.boot_session, info.header.time_map);
            if (info.wallStart() <= to && info.wallEnd() >= from) found.push_back(info);
        }
    }
    // A round that failed may lie there twice: the same records, written again elsewhere.
    std::ranges::stable_sort(found, {}, [](const RecordInfo& info) { return info.header.sequence; });
    const auto doubles =
        std::ranges::unique(found, {}, [](const RecordInfo& info) { return info.header.sequence; });
    found.erase(doubles.begin(), doubles.end());
    return found;
}

std::optional<TimeSpan> Ring::coverage(std::uint64_t camera_tag, media::StreamKind stream) const {
    std::optional<TimeSpan> span;
    for (const Extent& extent : extents_) {
        for (const StreamSummary& summary : extent.summaries) {
            if (summary.camera_tag != camera_tag || summary.stream != stream) continue;
            const TimeMap map = streams_.mapOf(summary.boot_session, summary.best_map);
            const TimeSpan here{map.toWall(summary.first_decode), map.toWall(summary.last_decode)};
            if (!span) span = here;
            span->from = std::min(span->from, here.from);
            span->to = std::max(span->to, here.to);
        }
    }
    return span;
}

std::optional<Watermark> Ring::durableWatermark(std::uint64_t camera_tag, media::StreamKind stream) const {
    return streams_.durable(camera_tag, stream);
}

std::uint64_t Ring::nextSequence(std::uint64_t camera_tag, media::StreamKind stream) const {
    return streams_.lastSequence(camera_tag, stream) + 1;
}

Result<RecordMeta> Ring::readMeta(const RecordLocation& at) {
    if (!extents_.holds(at)) return overwritten();
    return reader_.meta(at);
}

Status Ring::readPayload(const RecordLocation& at, std::uint64_t offset, std::span<std::uint8_t> into) {
    if (!extents_.holds(at)) return overwritten();
    return reader_.payload(at, offset, into);
}

Result<PinId> Ring::pin(std::span<const RecordLocation> records, BootTime until) {
    std::set<std::uint32_t> extents;
    for (const RecordLocation& at : records) {
        if (!extents_.holds(at)) return overwritten();
        extents.insert(at.extent);
    }
    return pins_.pin(std::move(extents), until);
}

void Ring::unpin(PinId pin) {
    pins_.unpin(pin);
}

std::size_t Ring::largestPayload() const {
    const std::size_t front = kPlacement_bytes + kHeader_bytes + kLeaf_bytes + kMaxSamples * kSample_bytes +
                              media::kMaxDecoderConfig_bytes + crypto::kAeadTag_bytes + kTrailer_bytes;
    return static_cast<std::size_t>(device_.extentBytes() - indexSpan(1) - kBlock_bytes) - front;
}

RingStats Ring::stats() const {
    RingStats stats = stats_;
    stats.size_bytes = header().fileBytes();
    stats.extents = extents_.size();
    stats.extents_retired = extents_.retired();
    stats.extents_pinned = pins_.extentsHeld();
    stats.written_bytes = device_.counts.written_bytes;
    stats.zeroed_bytes = device_.counts.zeroed_bytes;
    stats.written_ever_bytes = device_.counts.writtenEver();
    stats.syncs = device_.counts.syncs;
    if (keys_.slots() != nullptr) {
        stats.written_bytes += keys_.slots()->counts().written_bytes;
        stats.written_ever_bytes += keys_.slots()->counts().written_bytes;
        stats.syncs += keys_.slots()->counts().syncs;
    }
    for (std::uint8_t i = 0; i < kRetentionClasses; ++i)
        stats.classes[i] = {extents_.target(i), extents_.used(i)};
    for (const Extent& extent : extents_) {
        if (!extent.summaries.empty()) ++stats.extents_used;
        for (const StreamSummary& summary : extent.summaries) {
            const TimeMap map = streams_.mapOf(summary.boot_session, summary.best_map);
            const WallTime first = map.toWall(summary.first_decode);
            const WallTime last = map.toWall(summary.last_decode);
            if (!stats.oldest || first < *stats.oldest) stats.oldest = first;
            if (!stats.newest || last > *stats.newest) stats.newest = last;
        }
    }
    return stats;
}

}  // namespace camgate::ring
