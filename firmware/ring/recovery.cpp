#include "ring/recovery.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "ring/extent_scan.hpp"
#include "ring/index_codec.hpp"

namespace camgate::ring {
namespace {

class Reader {
  public:
    Reader(RingDevice& device, ExtentTable& extents, const RingKeys& keys)
        : device_(device), extents_(extents), keys_(keys) {}

    Result<std::uint64_t> run() {
        for (std::uint32_t extent = 0; extent < extents_.size(); ++extent) {
            if (auto done = read(extent); !done) return std::unexpected(done.error());
        }
        return dropped_;
    }

  private:
    Status read(std::uint32_t number) {
        Extent& extent = extents_[number];
        extent.zeroed_bytes = device_.extentBytes();
        Bytes block(kBlock_bytes);
        if (auto got = device_.read(number, device_.footerOffset(), block); !got) {
            sayUnreadable(number, got.error());
            adoptScan(number, 0);
            return {};
        }
        auto footer = decodeFooter(block, device_.header().tag(), number);
        if (!footer && footer.error().kind != ErrorKind::Corruption) return std::unexpected(footer.error());
        if (footer && footer->state == ExtentState::Unused) {
            extent.zeroed_bytes = 0;
            return {};
        }
        if (footer) noteBytesEver(*footer);
        if (footer && footer->state == ExtentState::Closed) {
            openSealed(block, *footer);
            adoptClosed(extent, std::move(*footer));
            return {};
        }
        if (footer) {
            extent.last_counter = footer->last_counter;
            extent.retention_class = footer->retention_class;
        }
        adoptScan(number, footer ? footer->generation : 0);
        return {};
    }

    static void sayUnreadable(std::uint32_t number, const Error& error) {
        logEvent(LogLevel::Warning, "ring", "extent-unreadable", {{"extent", number}, {"error", error}});
    }

    void noteBytesEver(const ExtentFooter& footer) {
        auto& before = device_.counts.written_before_bytes;
        before = std::max(before, footer.bytes_ever);
    }

    /// What cannot be opened is looked for in the index, but for what was erased.
    void openSealed(ByteView block, ExtentFooter& footer) const {
        if (footer.key_slot == 0) return;
        const auto key = keys_.summaryKey(footer.key_slot);
        if (key && openSummaries(block, *key, footer)) return;
        footer.summaries.clear();
        footer.summaries_complete = !key && key.error().kind == ErrorKind::NotFound;
    }

    void adoptClosed(Extent& extent, ExtentFooter footer) const {
        extent.state = ExtentState::Closed;
        extent.retention_class = footer.retention_class;
        extent.generation = footer.generation;
        extent.last_counter = footer.last_counter;
        extent.records = footer.records;
        extent.index_offset = footer.index_offset;
        extent.index_crc = footer.index_crc;
        // An index that cannot be there is rebuilt from the records when it is asked for.
        if (footer.index_offset + indexSpan(footer.records) > device_.extentBytes()) {
            extent.records = 0;
            extent.index_crc = 1;
        }
        extent.summaries_complete = footer.summaries_complete;
        extent.summaries = std::move(footer.summaries);
        std::erase_if(extent.summaries,
                      [this](const StreamSummary& summary) { return keys_.isErased(summary.key_slot); });
    }

    void adoptScan(std::uint32_t number, std::uint64_t generation) {
        ScannedExtent scanned = scanExtent(
            device_.file(),
            {number, device_.offsetOf(number), device_.extentBytes(), device_.header().tag(), generation},
            keys_);
        Extent& extent = extents_[number];
        dropped_ += scanned.dropped;
        extent.unreadable = scanned.unreadable;
        extent.generation = scanned.generation;
        extent.last_counter = std::max(extent.last_counter, scanned.highest_counter);
        if (scanned.generation == 0) return;
        extent.state = ExtentState::Open;
        if (scanned.retention_class) extent.retention_class = *scanned.retention_class;
        extent.end_bytes = scanned.end_bytes;
        extent.holes = scanned.holes;
        for (const RecordInfo& info : scanned.records) addToSummaries(info, extent.summaries);
        extent.index = std::move(scanned.records);
    }

    RingDevice& device_;
    ExtentTable& extents_;
    const RingKeys& keys_;
    std::uint64_t dropped_ = 0;
};

struct Newest {
    std::uint64_t closed = 0;
    std::uint64_t filled = 0;  ///< open, with records
};

using NewestByClass = std::array<Newest, kRetentionClasses>;

NewestByClass newestOf(const ExtentTable& extents) {
    NewestByClass newest{};
    for (const Extent& extent : extents) {
        Newest& of = newest.at(extent.retention_class);
        if (extent.state == ExtentState::Closed) of.closed = std::max(of.closed, extent.generation);
        if (extent.state == ExtentState::Open && !extent.index->empty())
            of.filled = std::max(of.filled, extent.generation);
    }
    return newest;
}

}  // namespace

Result<std::uint64_t> readExtents(RingDevice& device, ExtentTable& extents, const RingKeys& keys) {
    return Reader(device, extents, keys).run();
}

Places placeUnclosed(ExtentTable& extents) {
    const NewestByClass newest = newestOf(extents);
    Places places;
    for (std::uint32_t number = 0; number < extents.size(); ++number) {
        Extent& extent = extents[number];
        if (extent.state != ExtentState::Open || extent.retired) continue;
        const Newest& of = newest.at(extent.retention_class);
        ClassPlace& place = places.classes.at(extent.retention_class);
        const bool is_newest = extents.isWritten(extent.retention_class) && extent.generation > of.closed &&
                               extent.generation >= of.filled;
        if (is_newest && extent.index->empty()) {
            place.prepared.push_back(number);
        } else if (is_newest && !extent.holes) {
            place.current = number;
        } else if (extent.index->empty()) {
            extent.state = ExtentState::Unused;
        } else {
            places.unfinished.push_back(number);
        }
    }
    for (ClassPlace& place : places.classes) {
        std::ranges::sort(place.prepared, {},
                          [&](std::uint32_t number) { return extents[number].generation; });
    }
    return places;
}

}  // namespace camgate::ring
