#include "evidence/clip_units.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "evidence/record_box.hpp"

namespace camgate::evidence {
namespace {

constexpr std::uint64_t kBoxHeader_bytes = 8;
constexpr std::uint64_t kLeastRecordBox_bytes =
    kRecordBoxFront_bytes + kCanonicalHeader_bytes + kSampleEntry_bytes;
constexpr std::uint64_t kMostRecordBox_bytes =
    kRecordBoxFront_bytes + kCanonicalHeader_bytes + kSampleEntry_bytes * kMaxRecordSamples;
constexpr std::size_t kSearchStep_bytes = 64U << 10U;

std::uint32_t bigEndian(ByteView bytes) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8U | bytes[i];
    return value;
}

class UnitFinder {
  public:
    UnitFinder(ClipBytes& clip, std::size_t most_units) : clip_(clip), most_units_(most_units) {}

    Result<ClipUnits> run() {
        auto at = nextRecordBox(0);
        while (at && *at < clip_.size() && found_.units.size() < most_units_) {
            auto unit = unitAt(*at);
            if (!unit) return std::unexpected(unit.error());
            if (*unit) {
                (*unit)->front = std::exchange(found_.end, (*unit)->end);
                at = (*unit)->end;
                found_.units.push_back(std::move(**unit));
            } else {
                at = nextRecordBox(*at + 1);
            }
        }
        if (!at) return std::unexpected(at.error());
        return std::move(found_);
    }

  private:
    /// Nothing: no record box is here.
    Result<std::optional<ClipUnit>> unitAt(std::uint64_t offset) {
        const auto length = boxLength(offset, "uuid", kLeastRecordBox_bytes, kMostRecordBox_bytes);
        if (!length) return std::unexpected(length.error());
        if (*length == 0) return std::nullopt;
        const auto front =
            clip_.read(offset, static_cast<std::size_t>(kRecordBoxFront_bytes + kCanonicalHeader_bytes));
        if (!front) return std::unexpected(front.error());
        const ByteView type = ByteView(*front).subspan(kBoxHeader_bytes, kRecordBoxType.size());
        if (!std::ranges::equal(type, kRecordBoxType)) return std::nullopt;
        ClipUnit unit;
        unit.offset = offset;
        if (auto header = readCanonicalHeader(ByteView(*front).subspan(kRecordBoxFront_bytes))) {
            unit.header = *header;
        }
        if (auto placed = placeFragment(offset + *length, unit); !placed)
            return std::unexpected(placed.error());
        if (unit.whole) return unit;
        const auto next = nextRecordBox(offset + kRecordBoxFront_bytes);
        if (!next) return std::unexpected(next.error());
        unit.end = *next;
        return unit;
    }

    Status placeFragment(std::uint64_t at, ClipUnit& unit) {
        const auto moof = boxLength(at, "moof", kBoxHeader_bytes, kMostRecordBox_bytes);
        if (!moof) return std::unexpected(moof.error());
        if (*moof == 0) return {};
        const auto mdat = boxLength(at + *moof, "mdat", kBoxHeader_bytes, UINT32_MAX);
        if (!mdat) return std::unexpected(mdat.error());
        if (*mdat == 0) return {};
        unit.moof = at;
        unit.payload = at + *moof + kBoxHeader_bytes;
        unit.end = at + *moof + *mdat;
        unit.whole = true;
        return {};
    }

    /// 0: no such box, or one that does not fit.
    Result<std::uint64_t> boxLength(std::uint64_t at, std::string_view type, std::uint64_t least,
                                    std::uint64_t most) {
        if (at > clip_.size() || clip_.size() - at < kBoxHeader_bytes) return std::uint64_t{0};
        const auto front = clip_.read(at, static_cast<std::size_t>(kBoxHeader_bytes));
        if (!front) return std::unexpected(front.error());
        const std::uint64_t length = bigEndian(*front);
        const bool fits = length >= least && length <= most && length <= clip_.size() - at;
        return asText(ByteView(*front).subspan(4)) == type && fits ? length : 0;
    }

    /// At or behind `from`; the clip's end if there is none.
    Result<std::uint64_t> nextRecordBox(std::uint64_t from) {
        constexpr std::size_t kBeforeMark = 4;  // the box's length
        while (from < clip_.size()) {
            const auto length = static_cast<std::size_t>(
                std::min<std::uint64_t>(clip_.size() - from, kSearchStep_bytes + kRecordBoxFront_bytes));
            const auto bytes = clip_.read(from, length);
            if (!bytes) return std::unexpected(bytes.error());
            if (length > kBeforeMark) {
                const auto mark =
                    std::search(bytes->begin() + kBeforeMark, bytes->end(), mark_.begin(), mark_.end());
                if (mark != bytes->end()) {
                    return from + static_cast<std::uint64_t>(mark - bytes->begin()) - kBeforeMark;
                }
            }
            if (length < kSearchStep_bytes) break;
            from += kSearchStep_bytes;
        }
        return clip_.size();
    }

    static Bytes makeMark() {
        Bytes mark{'u', 'u', 'i', 'd'};
        mark.insert(mark.end(), kRecordBoxType.begin(), kRecordBoxType.end());
        return mark;
    }

    ClipBytes& clip_;
    std::size_t most_units_;
    const Bytes mark_ = makeMark();
    ClipUnits found_;
};

}  // namespace

Result<ClipUnits> findUnits(ClipBytes& clip, std::size_t most_units) {
    return UnitFinder(clip, most_units).run();
}

}  // namespace camgate::evidence
