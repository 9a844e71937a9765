#include <algorithm>

#include "base/log.hpp"
#include "ring/extent_scan.hpp"
#include "ring/ring.hpp"

namespace camgate::ring {
namespace {

/// More than a daemon that died can have written behind what recovery still sees.
constexpr std::uint64_t kCounterJump = 1U << 20U;

}  // namespace

Status Ring::recover() {
    for (std::uint32_t extent = 0; extent < extents_.size(); ++extent) {
        if (auto done = recoverExtent(extent); !done) return done;
    }
    placeUnclosed();
    noteSummaries();
    std::uint64_t last_kept = 0;
    for (const Extent& extent : extents_) {
        next_generation_ = std::max(next_generation_, extent.generation + 1);
        next_counter_ = std::max(next_counter_, extent.last_counter + kCounterJump);
        if (extent.index && !extent.index->empty())
            last_kept = std::max(last_kept, extent.index->back().at.counter);
    }
    // What a killed daemon left in the page cache was read above but may not be on the card yet.
    if (auto done = sync(); !done) return done;
    durable_below_ = last_kept + 1;
    return {};
}

Status Ring::recoverExtent(std::uint32_t extent) {
    Extent& state = extents_[extent];
    state.zeroed_bytes = header_.extent_bytes;
    Bytes block(kBlock_bytes);
    if (auto read = file_->readAt(offsetOf(extent) + header_.extent_bytes - kBlock_bytes, block); !read) {
        logEvent(LogLevel::Warning, "ring", "extent-unreadable",
                 {{"extent", extent}, {"error", read.error()}});
        state.failing = true;
        return {};
    }
    auto footer = decodeFooter(block, header_.tag(), extent);
    if (!footer && footer.error().kind != ErrorKind::Corruption) return std::unexpected(footer.error());
    if (footer && footer->state == ExtentState::Unused) {
        state.zeroed_bytes = 0;
        return {};
    }
    if (footer && footer->state == ExtentState::Closed) {
        adoptClosed(extent, std::move(*footer));
        return {};
    }
    if (footer) {
        state.last_counter = footer->last_counter;
        stats_.written_ever_bytes = std::max(stats_.written_ever_bytes, footer->bytes_ever);
    }
    if (auto done = adoptScan(extent, footer ? footer->generation : 0); !done) {
        logEvent(LogLevel::Warning, "ring", "extent-unreadable",
                 {{"extent", extent}, {"error", done.error()}});
        state = Extent{};
        state.zeroed_bytes = header_.extent_bytes;
        state.failing = true;
    }
    return {};
}

void Ring::adoptClosed(std::uint32_t extent, ExtentFooter footer) {
    Extent& state = extents_[extent];
    state.state = ExtentState::Closed;
    state.generation = footer.generation;
    state.last_counter = footer.last_counter;
    state.records = footer.records;
    state.index_offset = footer.index_offset;
    state.index_crc = footer.index_crc;
    const std::uint64_t index_end = footer.index_offset + indexSpan(footer.records);
    // An index that cannot be there is rebuilt from the records when it is asked for.
    if (index_end > header_.extent_bytes) {
        state.records = 0;
        state.index_crc = 1;
    }
    state.summaries_complete = footer.summaries_complete;
    state.summaries = std::move(footer.summaries);
    stats_.written_ever_bytes = std::max(stats_.written_ever_bytes, footer.bytes_ever);
}

Status Ring::adoptScan(std::uint32_t extent, std::uint64_t generation) {
    auto scanned =
        scanExtent(*file_, {extent, offsetOf(extent), header_.extent_bytes, header_.tag(), generation});
    if (!scanned) return std::unexpected(scanned.error());
    Extent& state = extents_[extent];
    stats_.dropped_at_start += scanned->dropped;
    state.generation = scanned->generation;
    state.last_counter = std::max(state.last_counter, scanned->highest_counter);
    if (scanned->generation == 0) return {};
    state.state = ExtentState::Open;
    state.end_bytes = scanned->end_bytes;
    state.holes = scanned->holes;
    for (const RecordInfo& info : scanned->records) addToSummaries(info, state.summaries);
    state.index = std::move(scanned->records);
    return {};
}

void Ring::placeUnclosed() {
    std::uint64_t newest_closed = 0;
    std::uint64_t newest_open = 0;
    for (const Extent& extent : extents_) {
        const bool filled = extent.state == ExtentState::Open && !extent.index->empty();
        if (extent.state == ExtentState::Closed) newest_closed = std::max(newest_closed, extent.generation);
        if (filled) newest_open = std::max(newest_open, extent.generation);
    }
    for (std::uint32_t number = 0; number < extents_.size(); ++number) {
        Extent& extent = extents_[number];
        if (extent.state != ExtentState::Open) continue;
        const bool newest = extent.generation > newest_closed && extent.generation >= newest_open;
        if (newest && extent.index->empty()) {
            prepared_.push_back(number);
        } else if (newest && !extent.holes) {
            current_ = number;
        } else if (extent.index->empty()) {
            extent.state = ExtentState::Unused;
        } else {
            finished_.push_back({number});
        }
    }
    std::ranges::sort(prepared_, {}, [this](std::uint32_t number) { return extents_[number].generation; });
}

void Ring::noteSummaries() {
    std::vector<const Extent*> by_age;
    for (const Extent& extent : extents_) by_age.push_back(&extent);
    std::ranges::sort(by_age, {}, [](const Extent* extent) { return extent->generation; });
    for (const Extent* extent : by_age) {
        for (const StreamSummary& summary : extent->summaries) {
            noteMap(summary.boot_session, summary.best_map);
            auto& next = next_sequences_[{summary.camera_tag, summary.stream}];
            next = std::max(next, summary.last_sequence + 1);
        }
    }
}

void Ring::noteMap(std::uint64_t boot_session, const TimeMap& map) {
    const auto [it, first] = boot_maps_.try_emplace(boot_session, map);
    if (!first && betterMap(map, it->second)) it->second = map;
}

}  // namespace camgate::ring
