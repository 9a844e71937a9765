#include "ring/class_writer.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

#include "ring/index_codec.hpp"

namespace camgate::ring {
namespace {

constexpr std::uint64_t kZeroAhead_bytes = 8U << 20U;
/// A round's share of zeros: enough to stay ahead, little enough not to be felt.
constexpr std::uint64_t kLeastZeros_bytes = 256U << 10U;
constexpr std::uint64_t kZeroStep_bytes = 1U << 20U;
constexpr std::uint32_t kFailuresToRetire = 2;
constexpr std::uint32_t kTriesToOpen = 3 * kFailuresToRetire;

}  // namespace

void ClassWriter::goOn(std::optional<std::uint32_t> current, std::vector<std::uint32_t> prepared) {
    current_ = current;
    prepared_ = std::move(prepared);
}

Result<std::vector<Segment>> ClassWriter::layOut(std::span<const RecordDraft> round) {
    std::vector<Segment> segments;
    std::size_t prepared_used = 0;
    for (std::size_t i = 0; i < round.size(); ++i) {
        if (round[i].retention_class != class_) continue;
        if (segments.empty() && current_) {
            segments.push_back({*current_, parts_.extents[*current_].end_bytes, {}, {}, {}});
        }
        if (segments.empty() || !fits(segments.back(), recordSize(round[i], seal()))) {
            if (prepared_used == prepared_.size()) {
                if (auto opened = openNow(); !opened) return std::unexpected(opened.error());
            }
            segments.push_back({prepared_[prepared_used++], 0, {}, {}, {}});
        }
        segments.back().drafts.push_back(i);
        if (auto done = encodeInto(segments.back(), round[i]); !done) return std::unexpected(done.error());
    }
    for (Segment& segment : segments) {
        segment.bytes.resize(static_cast<std::size_t>(alignUp(segment.bytes.size(), kBlock_bytes)));
    }
    return segments;
}

bool ClassWriter::fits(const Segment& segment, std::size_t record_bytes) const {
    const std::size_t records = parts_.extents[segment.extent].index->size() + segment.records.size() + 1;
    const std::uint64_t end =
        segment.offset + alignUp(segment.bytes.size(), kRecordAlignment_bytes) + record_bytes;
    return alignUp(end, kBlock_bytes) + indexSpan(records) <= parts_.device.extentBytes();
}

Status ClassWriter::encodeInto(Segment& segment, const RecordDraft& draft) {
    segment.bytes.resize(static_cast<std::size_t>(alignUp(segment.bytes.size(), kRecordAlignment_bytes)));
    const std::size_t at = segment.bytes.size();
    segment.bytes.reserve(at + recordSize(draft, seal()) + kBlock_bytes);
    Placement placement;
    placement.retention_class = class_;
    placement.starts_round = at == 0;
    placement.generation = parts_.extents[segment.extent].generation;
    placement.counter = parts_.cursor.next_counter++;
    placement.durable_below = parts_.cursor.durable_below;
    placement.session = parts_.cursor.session;
    placement.ring_tag = parts_.device.header().tag();
    const auto key = sealing(draft, placement);
    if (!key) return std::unexpected(key.error());
    RecordInfo info;
    info.header = draft.header;
    info.key_slot = placement.key_slot;
    info.leaf = leafOf(draft);
    info.best_map = draft.header.time_map;
    if (auto done = encodeRecord(draft, info.leaf, placement, *key, segment.bytes); !done) return done;
    info.at = {segment.extent, static_cast<std::uint32_t>(segment.offset + at),
               static_cast<std::uint32_t>(segment.bytes.size() - at), placement.generation,
               placement.counter};
    segment.records.push_back(std::move(info));
    return {};
}

Seal ClassWriter::seal() const {
    return parts_.keys.seals() ? Seal::ChaCha20Poly1305 : Seal::Clear;
}

Result<crypto::AeadKey> ClassWriter::sealing(const RecordDraft& draft, Placement& placement) const {
    placement.seal = seal();
    if (placement.seal == Seal::Clear) return crypto::AeadKey{};
    placement.key_slot = parts_.keys.slotFor(draft.header);
    return parts_.keys.recordKey(placement);
}

void ClassWriter::writeAhead(const std::vector<Segment>& segments, bool with_zeros) {
    forgetAhead();
    if (segments.empty()) return;
    std::uint64_t round_bytes = 0;
    for (const Segment& segment : segments) round_bytes += segment.bytes.size();
    const Segment& last = segments.back();
    const std::uint64_t end = last.offset + last.bytes.size();
    const std::uint64_t extent_bytes = parts_.device.extentBytes();
    const bool none_ready = prepared_.empty() || prepared_.back() == last.extent;
    if (none_ready && end >= extent_bytes / 2) {
        if (const auto opened = choose()) ahead_ = *opened;
        if (ahead_ && !writeOpening(*ahead_)) forgetAhead();
    }
    if (!with_zeros) return;
    const std::uint64_t budget = std::max(2 * round_bytes, kLeastZeros_bytes);
    if (parts_.extents[last.extent].zeroed_bytes < std::min(end + kZeroAhead_bytes, extent_bytes)) {
        zero(last.extent, end, budget);
    } else if (!none_ready) {
        zero(prepared_.back(), 0, budget);
    }
}

void ClassWriter::adoptAhead() {
    if (ahead_) adopt(*ahead_);
    ahead_.reset();
}

void ClassWriter::forgetAhead() {
    if (ahead_) parts_.extents[ahead_->extent].chosen = false;
    ahead_.reset();
}

void ClassWriter::retryAhead() {
    if (!ahead_) return;
    forgetAhead();
    if (auto done = openNow(); !done) {
        logEvent(LogLevel::Warning, "ring", "extent-not-opened", {{"error", done.error()}});
    }
}

void ClassWriter::commit(const std::vector<Segment>& segments) {
    if (segments.empty()) return;
    const std::uint32_t last = segments.back().extent;
    for (const Segment& segment : segments) {
        Extent& extent = parts_.extents[segment.extent];
        for (const RecordInfo& info : segment.records) {
            extent.index->push_back(info);
            addToSummaries(info, extent.summaries);
            extent.last_counter = info.at.counter;
        }
        extent.end_bytes = segment.offset + segment.bytes.size();
        extent.failures = 0;
        std::erase(prepared_, segment.extent);
        if (segment.extent != last) parts_.closer.add(segment.extent);
    }
    current_ = last;
}

Status ClassWriter::blame(std::uint32_t number) {
    if (++parts_.extents[number].failures < kFailuresToRetire) return {};
    if (auto done = parts_.retired.add(number); !done) return done;
    parts_.extents.retire(number);
    if (current_ == number) current_.reset();
    std::erase(prepared_, number);
    logEvent(LogLevel::Error, "ring", "extent-retired", {{"extent", number}});
    return {};
}

Result<ClassWriter::Opened> ClassWriter::choose() {
    const auto extent = parts_.extents.nextFor(class_, parts_.pins);
    if (!extent) return std::unexpected(extent.error());
    parts_.extents[*extent].chosen = true;
    return Opened{*extent, parts_.cursor.next_generation++};
}

Status ClassWriter::writeOpening(const Opened& opened) {
    ExtentFooter footer;
    footer.extent = opened.extent;
    footer.state = ExtentState::Open;
    footer.retention_class = class_;
    footer.generation = opened.generation;
    footer.last_counter = parts_.cursor.next_counter;
    footer.bytes_ever = parts_.device.counts.writtenEver();
    const auto block = encodeFooter(footer, parts_.device.header().tag());
    if (!block) return std::unexpected(block.error());
    return parts_.device.write(opened.extent, parts_.device.footerOffset(), *block);
}

Status ClassWriter::openNow() {
    Status done;
    for (std::uint32_t tries = 0; tries < kTriesToOpen; ++tries) {
        auto opened = choose();
        // After a start that found footers damaged, every extent may be waiting to be closed.
        if (!opened && parts_.closer.closeNow()) opened = choose();
        if (!opened) return std::unexpected(opened.error());
        done = writeOpening(*opened);
        // Records of the new generation may follow only when the old one is gone for good.
        if (done) done = parts_.device.sync();
        if (done) {
            adopt(*opened);
            return {};
        }
        parts_.extents[opened->extent].chosen = false;
        if (auto blamed = blame(opened->extent); !blamed) return done;
    }
    return done;
}

void ClassWriter::adopt(const Opened& opened) {
    Extent& extent = parts_.extents[opened.extent];
    const bool never_used = extent.generation == 0 && extent.zeroed_bytes == 0;
    extent = Extent{};
    extent.state = ExtentState::Open;
    extent.retention_class = class_;
    extent.generation = opened.generation;
    extent.zeroed_bytes = never_used ? 0 : parts_.device.extentBytes();
    extent.index.emplace();
    prepared_.push_back(opened.extent);
    parts_.extents.forgetOutlived();
}

void ClassWriter::zero(std::uint32_t number, std::uint64_t from, std::uint64_t budget_bytes) {
    Extent& extent = parts_.extents[number];
    const std::uint64_t limit = parts_.device.footerOffset();
    extent.zeroed_bytes = std::max(extent.zeroed_bytes, from);
    const Bytes zeros(kZeroStep_bytes);
    while (extent.zeroed_bytes < limit && budget_bytes > 0) {
        const std::uint64_t step =
            std::min({limit - extent.zeroed_bytes, budget_bytes, std::uint64_t{kZeroStep_bytes}});
        // A failure here is met again, and counted, when the records come.
        if (!parts_.device.write(number, extent.zeroed_bytes,
                                 ByteView(zeros).first(static_cast<std::size_t>(step))))
            return;
        extent.zeroed_bytes += step;
        budget_bytes -= step;
        parts_.device.counts.zeroed_bytes += step;
    }
}

}  // namespace camgate::ring
