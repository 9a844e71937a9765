#include "ring/extent_scan.hpp"

#include <algorithm>

namespace camgate::ring {
namespace {

/// How far behind a damaged record the next one is looked for: a round is seldom longer.
constexpr std::uint64_t kLookAhead_bytes = 4U << 20U;

constexpr std::uint64_t alignUp(std::uint64_t value, std::uint64_t step) {
    return (value + step - 1) / step * step;
}

bool mediumFailed(const Error& error) {
    return error.kind != ErrorKind::Corruption && error.kind != ErrorKind::FailedPrecondition;
}

class Scan {
  public:
    Scan(File& file, const ExtentPlace& place) : file_(file), place_(place) {
        found_.generation = place.generation;
    }

    Result<ScannedExtent> run() {
        std::uint64_t at = 0;
        while (at + kPlacement_bytes <= limit()) {
            auto placement = placementAt(at);
            if (!placement && mediumFailed(placement.error())) return std::unexpected(placement.error());
            if (placement && belongs(*placement, at)) {
                if (auto took = take(at, *placement); !took) return std::unexpected(took.error());
                at = alignUp(at + placement->total_bytes, kRecordAlignment_bytes);
                look_until_ = alignUp(at, kBlock_bytes) + kLookAhead_bytes;
                continue;
            }
            at = at % kBlock_bytes == 0 ? at + kBlock_bytes : alignUp(at, kBlock_bytes);
            if (at > look_until_) break;
        }
        if (auto checked = dropTorn(); !checked) return std::unexpected(checked.error());
        return std::move(found_);
    }

  private:
    std::uint64_t limit() const { return place_.extent_bytes - kBlock_bytes; }

    Result<Placement> placementAt(std::uint64_t at) {
        Bytes front(kPlacement_bytes);
        if (auto read = file_.readAt(place_.file_offset + at, front); !read)
            return std::unexpected(read.error());
        return decodePlacement(front);
    }

    bool belongs(const Placement& placement, std::uint64_t at) const {
        if (placement.ring_tag != place_.ring_tag || at + placement.total_bytes > limit()) return false;
        // No record was ever written under generation 0: it says "none yet" here.
        if (placement.generation == 0) return false;
        if (found_.generation != 0 && placement.generation != found_.generation) return false;
        return placement.counter > found_.highest_counter;
    }

    Status take(std::uint64_t at, const Placement& placement) {
        found_.generation = placement.generation;
        found_.highest_counter = placement.counter;
        found_.retention_class = placement.retention_class;
        durable_below_ = std::max(durable_below_, placement.durable_below);
        auto front = readFront(file_, place_.file_offset + at, limit() - at);
        if (!front) {
            if (mediumFailed(front.error())) return std::unexpected(front.error());
            ++found_.dropped;
            hole_at_ = std::min(hole_at_, at);
            return {};
        }
        RecordInfo info;
        info.header = front->meta.header;
        info.leaf = front->meta.leaf;
        info.best_map = info.header.time_map;
        info.at = {place_.extent, static_cast<std::uint32_t>(at), placement.total_bytes, placement.generation,
                   placement.counter};
        found_.records.push_back(info);
        return {};
    }

    /// Only what was not known to be durable when something later was written can be torn.
    Status dropTorn() {
        std::vector<RecordInfo> whole;
        for (RecordInfo& info : found_.records) {
            if (info.at.counter >= durable_below_) {
                const auto right = isWhole(info.at);
                if (!right) return std::unexpected(right.error());
                if (!*right) {
                    ++found_.dropped;
                    hole_at_ = std::min<std::uint64_t>(hole_at_, info.at.offset_bytes);
                    continue;
                }
            }
            found_.end_bytes =
                alignUp(std::uint64_t{info.at.offset_bytes} + info.at.total_bytes, kBlock_bytes);
            whole.push_back(std::move(info));
        }
        found_.records = std::move(whole);
        found_.holes = hole_at_ < found_.end_bytes;
        return {};
    }

    Result<bool> isWhole(const RecordLocation& at) {
        Bytes record(at.total_bytes);
        if (auto read = file_.readAt(place_.file_offset + at.offset_bytes, record); !read) {
            if (mediumFailed(read.error())) return std::unexpected(read.error());
            return false;
        }
        const auto placement = decodePlacement(record);
        return placement && checkRecord(*placement, record).has_value();
    }

    File& file_;
    ExtentPlace place_;
    ScannedExtent found_;
    std::uint64_t durable_below_ = 0;
    std::uint64_t hole_at_ = UINT64_MAX;
    std::uint64_t look_until_ = kLookAhead_bytes;
};

}  // namespace

Result<ScannedExtent> scanExtent(File& file, const ExtentPlace& place) {
    return Scan(file, place).run();
}

Result<ReadFront> readFront(File& file, std::uint64_t file_offset, std::uint64_t limit_bytes) {
    Bytes bytes(static_cast<std::size_t>(std::min<std::uint64_t>(kBlock_bytes, limit_bytes)));
    if (auto read = file.readAt(file_offset, bytes); !read) return std::unexpected(read.error());
    auto placement = decodePlacement(bytes);
    if (!placement) return std::unexpected(placement.error());
    const std::size_t needed = kPlacement_bytes + std::size_t{placement->meta_bytes};
    if (placement->total_bytes > limit_bytes || needed > limit_bytes) {
        return fail(ErrorKind::Corruption, "record: reaches over its extent");
    }
    if (needed > bytes.size()) {
        bytes.resize(needed);
        if (auto read = file.readAt(file_offset, bytes); !read) return std::unexpected(read.error());
    }
    auto meta = decodeMeta(*placement, ByteView(bytes).subspan(kPlacement_bytes, placement->meta_bytes));
    if (!meta) return std::unexpected(meta.error());
    return ReadFront{*placement, std::move(*meta)};
}

}  // namespace camgate::ring
