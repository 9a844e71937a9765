#include "ring/ring.hpp"

#include <algorithm>

#include "crypto/random.hpp"
#include "ring/extent_scan.hpp"

namespace camgate::ring {
namespace {

constexpr std::uint32_t kIndexesInMemory = 16;
/// Pins may hold this part of the ring, at least one extent.
constexpr std::uint32_t kPinShare = 4;

std::unexpected<Error> overwritten() {
    return fail(ErrorKind::NotFound, "the record has been overwritten");
}

}  // namespace

Result<std::unique_ptr<Ring>> Ring::open(FileSystem& files, const std::string& path,
                                         const RingOptions& options, const Clock& clock) {
    auto file = openRingFile(files, path, options, clock);
    if (!file) return std::unexpected(file.error());
    std::unique_ptr<Ring> ring(new Ring(std::move(*file), options, clock));
    if (auto done = crypto::fillRandom(ring->session_); !done) return std::unexpected(done.error());
    if (auto done = ring->recover(); !done) return passOn(done.error(), "recovering the ring " + path);
    return ring;
}

Ring::Ring(RingFile file, const RingOptions& options, const Clock& clock)
    : file_(std::move(file.file)),
      header_(std::move(file.header)),
      clock_(clock),
      slow_write_(options.slow_write),
      extents_(header_.extent_count) {}

Ring::~Ring() = default;

Result<std::vector<RecordInfo>> Ring::find(std::uint64_t camera_tag, media::StreamKind stream, WallTime from,
                                           WallTime to) {
    if (to < from) return fail(ErrorKind::InvalidArgument, "the range ends before it begins");
    const auto touches = [&](const StreamSummary& summary) {
        const TimeMap map = mapOf(summary);
        return summary.camera_tag == camera_tag && summary.stream == stream &&
               map.toWall(summary.first_decode) <= to && map.toWall(summary.last_decode) >= from;
    };
    std::vector<RecordInfo> found;
    for (std::uint32_t extent = 0; extent < extents_.size(); ++extent) {
        const Extent& state = extents_[extent];
        if (state.summaries_complete && std::ranges::none_of(state.summaries, touches)) continue;
        const auto index = indexOf(extent);
        if (!index) return std::unexpected(index.error());
        for (const RecordInfo& record : **index) {
            if (record.header.camera_tag != camera_tag || record.header.stream != stream) continue;
            RecordInfo info = record;
            const auto map = boot_maps_.find(info.header.boot_session);
            info.best_map = map != boot_maps_.end() ? map->second : info.header.time_map;
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
            const TimeMap map = mapOf(summary);
            const TimeSpan here{map.toWall(summary.first_decode), map.toWall(summary.last_decode)};
            if (!span) span = here;
            span->from = std::min(span->from, here.from);
            span->to = std::max(span->to, here.to);
        }
    }
    return span;
}

std::uint64_t Ring::nextSequence(std::uint64_t camera_tag, media::StreamKind stream) const {
    const auto it = next_sequences_.find({camera_tag, stream});
    return it != next_sequences_.end() ? it->second : 1;
}

TimeMap Ring::mapOf(const StreamSummary& summary) const {
    const auto it = boot_maps_.find(summary.boot_session);
    return it != boot_maps_.end() ? it->second : summary.best_map;
}

Result<const std::vector<RecordInfo>*> Ring::indexOf(std::uint32_t extent) {
    Extent& state = extents_[extent];
    state.index_used = ++index_clock_;
    if (state.index) return &*state.index;
    trimIndexes(kIndexesInMemory - 1);
    ExtentFooter footer;
    footer.extent = extent;
    footer.generation = state.generation;
    footer.records = state.records;
    footer.index_offset = state.index_offset;
    footer.index_crc = state.index_crc;
    Bytes bytes(std::size_t{state.records} * kIndexEntry_bytes);
    if (auto read = file_->readAt(offsetOf(extent) + state.index_offset, bytes); !read) {
        return passOn(read.error(), "reading an index");
    }
    auto index = decodeIndex(footer, bytes);
    if (!index) {
        // The records themselves say the same.
        const auto scanned = scanExtent(
            *file_, {extent, offsetOf(extent), header_.extent_bytes, header_.tag(), state.generation});
        if (!scanned) return std::unexpected(scanned.error());
        index = scanned->records;
    }
    state.index = std::move(*index);
    return &*state.index;
}

void Ring::trimIndexes(std::uint32_t keep) {
    while (true) {
        Extent* oldest = nullptr;
        std::uint32_t loaded = 0;
        for (Extent& extent : extents_) {
            if (extent.state != ExtentState::Closed || !extent.index) continue;
            ++loaded;
            if (!oldest || extent.index_used < oldest->index_used) oldest = &extent;
        }
        if (loaded <= keep) return;
        oldest->index.reset();
    }
}

Result<RecordMeta> Ring::readMeta(const RecordLocation& at) {
    if (at.extent >= extents_.size() || extents_[at.extent].generation != at.generation) return overwritten();
    if (std::uint64_t{at.offset_bytes} + at.total_bytes > header_.extent_bytes) {
        return fail(ErrorKind::InvalidArgument, "a record beyond its extent");
    }
    auto front = readFront(*file_, offsetOf(at.extent) + at.offset_bytes, at.total_bytes);
    if (!front) return passOn(front.error(), "reading a record");
    if (front->placement.counter != at.counter || front->placement.generation != at.generation ||
        front->placement.ring_tag != header_.tag()) {
        return fail(ErrorKind::Corruption, "another record lies where the index points");
    }
    return std::move(front->meta);
}

Status Ring::readPayload(const RecordLocation& at, std::uint64_t offset, std::span<std::uint8_t> into) {
    if (at.extent >= extents_.size() || extents_[at.extent].generation != at.generation) return overwritten();
    if (std::uint64_t{at.offset_bytes} + at.total_bytes > header_.extent_bytes) {
        return fail(ErrorKind::InvalidArgument, "a record beyond its extent");
    }
    if (cached_.empty() || cached_at_ != at) {
        cached_.resize(at.total_bytes);
        cached_payload_ = {};
        cached_at_ = {};
        if (auto read = file_->readAt(offsetOf(at.extent) + at.offset_bytes, cached_); !read) return read;
        const auto placement = decodePlacement(cached_);
        if (!placement) return passOn(placement.error(), "reading a record");
        if (placement->counter != at.counter || placement->generation != at.generation ||
            placement->ring_tag != header_.tag()) {
            return fail(ErrorKind::Corruption, "another record lies where the index points");
        }
        const auto payload = checkRecord(*placement, cached_);
        if (!payload) return passOn(payload.error(), "reading a record");
        cached_payload_ = *payload;
        cached_at_ = at;
    }
    if (offset > cached_payload_.size() || into.size() > cached_payload_.size() - offset) {
        return fail(ErrorKind::InvalidArgument, "beyond the record's payload");
    }
    std::ranges::copy(cached_payload_.subspan(static_cast<std::size_t>(offset), into.size()), into.begin());
    return {};
}

Result<PinId> Ring::pin(std::span<const RecordLocation> records, BootTime until) {
    std::erase_if(pins_, [this](const auto& entry) { return entry.second.until <= clock_.bootNow(); });
    Pin pin{{}, until};
    for (const RecordLocation& at : records) {
        if (at.extent >= extents_.size() || extents_[at.extent].generation != at.generation)
            return overwritten();
        pin.extents.insert(at.extent);
    }
    std::set<std::uint32_t> all = pin.extents;
    for (const auto& [id, other] : pins_) all.insert(other.extents.begin(), other.extents.end());
    const std::size_t most = std::max<std::size_t>(1, extents_.size() / kPinShare);
    if (all.size() > most) {
        return fail(ErrorKind::Unavailable, "clips hold " + std::to_string(all.size()) +
                                                " extents of the ring, at most " + std::to_string(most) +
                                                " may be held");
    }
    const PinId id = next_pin_++;
    pins_.emplace(id, std::move(pin));
    return id;
}

void Ring::unpin(PinId pin) {
    pins_.erase(pin);
}

bool Ring::isPinned(std::uint32_t extent) const {
    const BootTime now = clock_.bootNow();
    return std::ranges::any_of(pins_, [extent, now](const auto& entry) {
        return entry.second.until > now && entry.second.extents.contains(extent);
    });
}

std::size_t Ring::largestPayload() const {
    const std::size_t front = kPlacement_bytes + kHeader_bytes + kLeaf_bytes + kMaxSamples * kSample_bytes +
                              media::kMaxDecoderConfig_bytes + kTrailer_bytes;
    return static_cast<std::size_t>(header_.extent_bytes - indexSpan(1) - kBlock_bytes) - front;
}

RingStats Ring::stats() const {
    RingStats stats = stats_;
    stats.size_bytes = header_.fileBytes();
    stats.extents = header_.extent_count;
    stats.written_ever_bytes += stats.written_bytes;
    for (std::uint32_t extent = 0; extent < extents_.size(); ++extent) {
        if (!extents_[extent].summaries.empty()) ++stats.extents_used;
        if (isPinned(extent)) ++stats.extents_pinned;
        for (const StreamSummary& summary : extents_[extent].summaries) {
            const TimeMap map = mapOf(summary);
            const WallTime first = map.toWall(summary.first_decode);
            const WallTime last = map.toWall(summary.last_decode);
            if (!stats.oldest || first < *stats.oldest) stats.oldest = first;
            if (!stats.newest || last > *stats.newest) stats.newest = last;
        }
    }
    return stats;
}

}  // namespace camgate::ring
