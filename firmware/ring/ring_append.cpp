#include <algorithm>

#include "base/log.hpp"
#include "ring/ring.hpp"

namespace camgate::ring {
namespace {

constexpr std::uint64_t kZeroAhead_bytes = 8U << 20U;
/// A round's share of zeros: enough to stay ahead, little enough not to be felt.
constexpr std::uint64_t kLeastZeros_bytes = 256U << 10U;
constexpr std::uint32_t kFailuresBeforeNextExtent = 2;

constexpr std::uint64_t alignUp(std::uint64_t value, std::uint64_t step) {
    return (value + step - 1) / step * step;
}

}  // namespace

Result<AppendResult> Ring::append(std::span<const RecordDraft> round) {
    AppendResult result;
    if (round.empty()) return result;
    if (auto right = checkRound(round); !right) return std::unexpected(right.error());
    const BootTime before = clock_.bootNow();
    const std::uint64_t written_before = stats_.written_bytes;
    auto segments = layOutRound(round);
    if (!segments) {
        ++stats_.failed_writes;
        return passOn(segments.error(), "opening an extent");
    }
    const auto written = writeRound(*segments);
    result.took = clock_.bootNow() - before;
    noteDuration(result.took);
    if (!written) {
        ++stats_.failed_writes;
        if (++failures_in_a_row_ >= kFailuresBeforeNextExtent && current_) {
            finished_.push_back({*current_});
            current_.reset();
            failures_in_a_row_ = 0;
        }
        return passOn(written.error(), "writing a round");
    }
    failures_in_a_row_ = 0;
    commitRound(*segments);
    result.written_bytes = stats_.written_bytes - written_before;
    for (Segment& segment : *segments) {
        std::ranges::move(segment.records, std::back_inserter(result.records));
    }
    return result;
}

Status Ring::checkRound(std::span<const RecordDraft> round) const {
    for (const RecordDraft& draft : round) {
        if (auto right = checkDraft(draft); !right) return right;
        if (draft.header.payload_bytes > largestPayload()) {
            return fail(ErrorKind::InvalidArgument,
                        "a record of " + std::to_string(draft.header.payload_bytes) +
                            " bytes, an extent takes " + std::to_string(largestPayload()));
        }
    }
    return {};
}

Result<std::vector<Ring::Segment>> Ring::layOutRound(std::span<const RecordDraft> round) {
    std::vector<Segment> segments;
    std::size_t prepared_used = 0;
    if (current_) segments.push_back({*current_, extents_[*current_].end_bytes, {}, {}});
    for (const RecordDraft& draft : round) {
        if (segments.empty() || !fits(segments.back(), recordSize(draft))) {
            if (prepared_used == prepared_.size()) {
                if (auto opened = openNow(); !opened) return std::unexpected(opened.error());
            }
            segments.push_back({prepared_[prepared_used++], 0, {}, {}});
        }
        encodeInto(segments.back(), draft);
    }
    for (Segment& segment : segments) {
        segment.bytes.resize(static_cast<std::size_t>(alignUp(segment.bytes.size(), kBlock_bytes)));
    }
    return segments;
}

bool Ring::fits(const Segment& segment, std::size_t record_bytes) const {
    const Extent& extent = extents_[segment.extent];
    const std::size_t records = (extent.index ? extent.index->size() : 0) + segment.records.size() + 1;
    const std::uint64_t end =
        segment.offset + alignUp(segment.bytes.size(), kRecordAlignment_bytes) + record_bytes;
    return alignUp(end, kBlock_bytes) + indexSpan(records) <= header_.extent_bytes;
}

void Ring::encodeInto(Segment& segment, const RecordDraft& draft) {
    segment.bytes.resize(static_cast<std::size_t>(alignUp(segment.bytes.size(), kRecordAlignment_bytes)));
    const std::size_t at = segment.bytes.size();
    segment.bytes.reserve(at + recordSize(draft) + kBlock_bytes);
    Placement placement;
    placement.starts_round = at == 0;
    placement.generation = extents_[segment.extent].generation;
    placement.counter = next_counter_++;
    placement.durable_below = durable_below_;
    placement.session = session_;
    placement.ring_tag = header_.tag();
    RecordInfo info;
    info.header = draft.header;
    info.leaf = leafOf(draft);
    info.best_map = draft.header.time_map;
    encodeRecord(draft, info.leaf, placement, segment.bytes);
    info.at = {segment.extent, static_cast<std::uint32_t>(segment.offset + at),
               static_cast<std::uint32_t>(segment.bytes.size() - at), placement.generation,
               placement.counter};
    segment.records.push_back(std::move(info));
}

Status Ring::writeRound(const std::vector<Segment>& segments) {
    std::uint64_t round_bytes = 0;
    for (const Segment& segment : segments) {
        if (segment.bytes.empty()) continue;
        if (auto done = write(offsetOf(segment.extent) + segment.offset, segment.bytes); !done) return done;
        round_bytes += segment.bytes.size();
    }
    writeClosings();
    const Segment& last = segments.back();
    const std::uint64_t end = last.offset + last.bytes.size();
    const bool none_ready = prepared_.empty() || prepared_.back() == last.extent;
    std::optional<Opened> opened;
    if (none_ready && end >= header_.extent_bytes / 2) {
        if (auto ahead = writeOpening()) opened = *ahead;
    }
    if (!last_round_slow_) {
        const std::uint64_t budget = std::max(2 * round_bytes, kLeastZeros_bytes);
        const std::uint64_t ahead = std::min(end + kZeroAhead_bytes, header_.extent_bytes);
        if (extents_[last.extent].zeroed_bytes < ahead) {
            zeroAhead(last.extent, end, budget);
        } else if (!none_ready) {
            zeroAhead(prepared_.back(), 0, budget);
        }
    }
    if (auto done = sync(); !done) return done;
    adoptClosings();
    if (opened) adoptOpened(*opened);
    return {};
}

void Ring::commitRound(const std::vector<Segment>& segments) {
    const std::uint32_t last = segments.back().extent;
    for (const Segment& segment : segments) {
        Extent& extent = extents_[segment.extent];
        for (const RecordInfo& info : segment.records) {
            extent.index->push_back(info);
            addToSummaries(info, extent.summaries);
            extent.last_counter = info.at.counter;
            stats_.payload_bytes += info.header.payload_bytes;
            ++stats_.records;
            noteMap(info.header.boot_session, info.header.time_map);
            auto& next = next_sequences_[{info.header.camera_tag, info.header.stream}];
            next = std::max(next, info.header.sequence + 1);
        }
        extent.end_bytes = segment.offset + segment.bytes.size();
        std::erase(prepared_, segment.extent);
        if (segment.extent != last) finished_.push_back({segment.extent});
    }
    current_ = last;
    durable_below_ = next_counter_;
}

void Ring::noteDuration(Duration took) {
    stats_.longest_write = std::max(stats_.longest_write, took);
    last_round_slow_ = took > slow_write_;
    if (last_round_slow_) {
        ++stats_.slow_writes;
        logEvent(LogLevel::Warning, "ring", "slow-write",
                 {{"ms", std::chrono::duration_cast<std::chrono::milliseconds>(took).count()}});
    }
}

}  // namespace camgate::ring
