#include "ring/extent_scan.hpp"

#include <algorithm>

#include "ring/record_front.hpp"
#include "ring/record_seal.hpp"

namespace camgate::ring {
namespace {

/// How far behind a damaged record the next one is looked for: one and a half of the longest round so far,
/// and at least this.
constexpr std::uint64_t kLeastLookAhead_bytes = 1U << 20U;
/// A place that cannot be read takes the card seconds; after so many the rest is not tried.
constexpr std::uint32_t kMostUnreadable = 8;

class Scan {
  public:
    Scan(File& file, const ExtentPlace& place, const RingKeys& keys)
        : file_(file), place_(place), keys_(keys) {
        found_.generation = place.generation;
    }

    ScannedExtent run() {
        std::uint64_t at = 0;
        while (at + kPlacement_bytes <= limit()) {
            const auto front = frontAt(at);
            if (unreadable_ > kMostUnreadable) break;
            if (front && belongs(front->placement, at)) {
                take(at, *front);
                at = alignUp(at + front->placement.total_bytes, kRecordAlignment_bytes);
                noteRound(front->placement, at);
                continue;
            }
            at = at % kBlock_bytes == 0 ? at + kBlock_bytes : alignUp(at, kBlock_bytes);
            if (at > look_until_) break;
        }
        dropTorn();
        found_.unreadable = unreadable_ > 0;
        return std::move(found_);
    }

  private:
    std::uint64_t limit() const { return place_.extent_bytes - kBlock_bytes; }

    Result<RecordFront> frontAt(std::uint64_t at) {
        auto front = readFront(file_, place_.file_offset + at, limit() - at);
        if (!front && front.error().kind != ErrorKind::Corruption) ++unreadable_;
        return front;
    }

    void noteRound(const Placement& placement, std::uint64_t end) {
        const std::uint64_t begin = end - alignUp(placement.total_bytes, kRecordAlignment_bytes);
        if (placement.starts_round) round_at_ = begin;
        longest_round_ = std::max(longest_round_, end - std::min(round_at_, end));
        look_until_ = alignUp(end, kBlock_bytes) + std::max(longest_round_ * 3 / 2, kLeastLookAhead_bytes);
    }

    bool belongs(const Placement& placement, std::uint64_t at) const {
        if (placement.ring_tag != place_.ring_tag || at + placement.total_bytes > limit()) return false;
        // No record was ever written under generation 0: it says "none yet" here.
        if (placement.generation == 0) return false;
        if (found_.generation != 0 && placement.generation != found_.generation) return false;
        return placement.counter > found_.highest_counter;
    }

    void take(std::uint64_t at, const RecordFront& front) {
        const Placement& placement = front.placement;
        found_.generation = placement.generation;
        found_.highest_counter = placement.counter;
        found_.retention_class = placement.retention_class;
        durable_below_ = std::max(durable_below_, placement.durable_below);
        const auto key = keyOf(placement, keys_);
        if (!key) {
            ++found_.locked;
            locked_end_ = at + placement.total_bytes;
            return;
        }
        auto meta = readMeta(file_, place_.file_offset + at, limit() - at, front, *key);
        if (!meta) {
            ++found_.dropped;
            hole_at_ = std::min(hole_at_, at);
            return;
        }
        RecordInfo info;
        info.header = meta->header;
        info.leaf = meta->leaf;
        info.best_map = info.header.time_map;
        info.key_slot = placement.key_slot;
        info.at = {place_.extent, static_cast<std::uint32_t>(at), placement.total_bytes, placement.generation,
                   placement.counter};
        found_.records.push_back(info);
    }

    /// Only what was not known to be durable when something later was written can be torn.
    void dropTorn() {
        std::vector<RecordInfo> whole;
        // Nobody can tell whether these are whole; nothing is written over them.
        found_.end_bytes = alignUp(locked_end_, kBlock_bytes);
        for (RecordInfo& info : found_.records) {
            if (info.at.counter >= durable_below_ && !isWhole(info.at)) {
                ++found_.dropped;
                hole_at_ = std::min<std::uint64_t>(hole_at_, info.at.offset_bytes);
                continue;
            }
            found_.end_bytes =
                std::max(found_.end_bytes,
                         alignUp(std::uint64_t{info.at.offset_bytes} + info.at.total_bytes, kBlock_bytes));
            whole.push_back(std::move(info));
        }
        found_.records = std::move(whole);
        found_.holes = hole_at_ < found_.end_bytes;
    }

    bool isWhole(const RecordLocation& at) {
        Bytes record(at.total_bytes);
        if (auto read = file_.readAt(place_.file_offset + at.offset_bytes, record); !read) return false;
        const auto placement = decodePlacement(record);
        if (!placement) return false;
        if (placement->seal == Seal::Clear) return checkRecord(*placement, record).has_value();
        const auto key = keys_.recordKey(*placement);
        return key && openRecord(*key, *placement, record).has_value();
    }

    File& file_;
    ExtentPlace place_;
    const RingKeys& keys_;
    ScannedExtent found_;
    std::uint64_t durable_below_ = 0;
    std::uint64_t hole_at_ = UINT64_MAX;
    std::uint64_t locked_end_ = 0;
    std::uint64_t look_until_ = kLeastLookAhead_bytes;
    std::uint64_t round_at_ = 0;
    std::uint64_t longest_round_ = 0;
    std::uint32_t unreadable_ = 0;
};

}  // namespace

ScannedExtent scanExtent(File& file, const ExtentPlace& place, const RingKeys& keys) {
    return Scan(file, place, keys).run();
}

}  // namespace camgate::ring
