#include "clip/clip_planner.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/wall_text.hpp"
#include "ring/camera_tag.hpp"

namespace camgate::clip {
namespace {

using media::RandomAccess;
using media::StreamKind;
using namespace std::chrono_literals;

/// How far before the asked start a random access point is looked for, in widening steps.
constexpr std::array<Duration, 4> kLeads{15s, 60s, 240s, 600s};
/// An intra refresh is whole this long after its recovery point.
constexpr Duration kRecovery = 2s;
/// How far before that a picture that refers to nothing is preferred.
constexpr Duration kCleanReach = 15s;
/// A longer step between records is a gap even if nobody declared it.
constexpr Duration kLongestStep = 5s;

using Records = std::vector<ring::RecordInfo>;

bool startsRandom(const ring::RecordInfo& record) {
    return record.header.starts_with != RandomAccess::None;
}

bool startsInTime(const ring::RecordInfo& record, WallTime from) {
    return startsRandom(record) && record.wallStart() <= from;
}

/// An intra refresh that is entered in the middle refers to what was before until it is whole. If a picture
/// that refers to nothing is near, the clip begins there.
Records::iterator cleanStart(Records::iterator begin, Records::iterator first) {
    if (first->header.starts_with != RandomAccess::RecoveryPoint) return first;
    for (auto record = first; record != begin;) {
        --record;
        if (first->wallStart() - record->wallStart() > kCleanReach) break;
        if (record->header.starts_with == RandomAccess::Idr) return record;
    }
    return first;
}

class Planner {
  public:
    Planner(ring::Ring& ring, const ClipRequest& request) : ring_(ring) {
        plan_.gateway = ring.header().gateway;
        plan_.request = request;
        tag_ = ring::cameraTag(plan_.gateway, request.camera);
    }

    Result<ClipPlan> run() {
        const ClipRequest& request = plan_.request;
        if (request.to <= request.from || request.to - request.from > kLongestClip) {
            return fail(ErrorKind::InvalidArgument, "a clip is longer than nothing and at most an hour");
        }
        auto records = choose();
        if (!records) return std::unexpected(records.error());
        const TimeMap& map = records->front().best_map;
        plan_.time_quality = map.quality;
        plan_.error_bound = map.error_bound;
        if (records->front().wallStart() > request.from) {
            noteGap(request.from, records->front().wallStart(),
                    reasonOr("no-footage", request.from, records->front().wallStart()));
        } else if (const WallTime whole = wholeFrom(records->front());
                   startsRandom(records->front()) && whole > request.from) {
            noteGap(request.from, whole, "no-random-access-point");
        }
        for (const ring::RecordInfo& record : *records) {
            if (auto added = add(record); !added) return std::unexpected(added.error());
        }
        if (plan_.files.empty()) return nothing();
        if (pending_gap_) {
            noteGap(pending_gap_->from, std::max(request.to, pending_gap_->from), pending_gap_->reason);
        } else if (last_->wallEnd() + kLongestStep < request.to) {
            noteGap(last_->wallEnd(), request.to, reasonOr("no-footage", last_->wallEnd(), request.to));
        }
        plan_.sealed = howSealed(*records);
        return std::move(plan_);
    }

  private:
    Result<Records> choose() {
        Result<Records> records = nothing();
        if (plan_.request.quality == Quality::Preview) records = chooseOf(StreamKind::Sub);
        if (!records && records.error().kind == ErrorKind::NotFound) records = chooseOf(StreamKind::Main);
        return records;
    }

    Result<Records> chooseOf(StreamKind stream) {
        plan_.stream = stream;
        const ClipRequest& request = plan_.request;
        for (const Duration lead : kLeads) {
            auto found = ring_.find(tag_, stream, request.from - lead, request.to);
            if (!found) return std::unexpected(found.error());
            const auto begin = std::ranges::find_if(found->rbegin(), found->rend(), [&](const auto& record) {
                return shownBy(record, request.from);
            });
            const bool last_try = lead == kLeads.back();
            if (begin == found->rend() && !last_try) continue;
            const auto first = begin == found->rend() ? found->begin() : begin.base() - 1;
            Records chosen(cleanStart(found->begin(), first), found->end());
            // What ended before the asked range is of use only if it leads into it.
            const bool any = std::ranges::any_of(chosen, [&request](const auto& record) {
                return record.wallEnd() >= request.from && record.wallStart() <= request.to;
            });
            if (!any) return nothing();
            return chosen;
        }
        return nothing();
    }

    /// Pictures that are put into order are shown later than they are decoded: the first one counts.
    bool shownBy(const ring::RecordInfo& record, WallTime from) {
        return startsInTime(record, from) && wholeFrom(record) <= from;
    }

    /// When a decoder that starts at `record` shows its first whole picture.
    WallTime wholeFrom(const ring::RecordInfo& record) {
        const bool refresh = record.header.starts_with == RandomAccess::RecoveryPoint;
        const WallTime whole = record.wallStart() + (refresh ? kRecovery : Duration::zero());
        const auto meta = ring_.readMeta(record.at);
        if (!meta || meta->samples.empty()) return whole;  // whoever adds it says what is wrong with it
        return whole + Duration(meta->samples.front().presentation_offset_ns);
    }

    std::unexpected<Error> nothing() const {
        std::string has;
        for (const StreamKind stream : {StreamKind::Main, StreamKind::Sub}) {
            const auto span = ring_.coverage(tag_, stream);
            if (!span) continue;
            has += "; " + std::string(media::toString(stream)) + " stream from " +
                   formatWallTime(span->from) + " to " + formatWallTime(span->to);
        }
        if (!ring_.erased(tag_, plan_.request.from, plan_.request.to).empty()) has += "; erased";
        if (has.empty())
            return fail(ErrorKind::NotFound, "nothing is recorded of camera " + plan_.request.camera);
        return fail(ErrorKind::NotFound, "no footage in this range" + has);
    }

    Status add(const ring::RecordInfo& record) {
        const std::string hole = holeBefore(record);
        if (!hole.empty() && last_ && !pending_gap_) pending_gap_ = {last_->wallEnd(), {}, hole};
        const bool fresh_start = !last_ || pending_gap_;
        if (fresh_start && !startsRandom(record)) {
            // Without what came before it, it cannot be decoded.
            if (!pending_gap_) pending_gap_ = {record.wallStart(), {}, "no-random-access-point"};
            last_ = record;
            return {};
        }
        const bool new_file = plan_.files.empty() || plan_.files.back().records.empty() ||
                              placed_->header.config_hash != record.header.config_hash ||
                              placed_->header.codec != record.header.codec ||
                              placed_->header.boot_session != record.header.boot_session ||
                              record.header.first_decode <= placed_->header.last_decode;
        PlannedRecord planned = planOf(record);
        if (new_file || fresh_start) {
            const auto meta = ring_.readMeta(record.at);
            if (!meta) return skipDamaged(record, meta.error());
            skipLeading(*meta, planned);
            if (new_file) plan_.files.push_back({meta->config, {}});
        }
        if (pending_gap_) {
            noteGap(pending_gap_->from, std::max(record.wallStart(), pending_gap_->from),
                    pending_gap_->reason);
            pending_gap_.reset();
        }
        plan_.files.back().records.push_back(planned);
        last_ = record;
        placed_ = record;
        return {};
    }

    Status skipDamaged(const ring::RecordInfo& record, const Error& error) {
        if (error.kind != ErrorKind::Corruption) return std::unexpected(error);
        if (!pending_gap_) pending_gap_ = {record.wallStart(), {}, "damaged"};
        last_ = record;
        return {};
    }

    /// Why something is missing between the record before and this one; empty if nothing is.
    std::string holeBefore(const ring::RecordInfo& record) const {
        if (!last_) return {};
        if (record.header.gap.reason != ring::GapReason::None) {
            return std::string(ring::toString(record.header.gap.reason));
        }
        if (record.header.sequence != last_->header.sequence + 1)
            return reasonOr("missing-records", last_->wallEnd(), record.wallStart());
        if (record.header.boot_session != last_->header.boot_session) return "daemon-start";
        if (record.header.first_decode - last_->header.last_decode > kLongestStep) return "no-frames";
        return {};
    }

    /// What was erased is said to be, whatever else may be missing there.
    std::string reasonOr(const char* otherwise, WallTime from, WallTime to) const {
        return ring_.erased(tag_, from, to).empty() ? otherwise : "erased";
    }

    std::string howSealed(const Records& records) const {
        const auto sealed =
            std::ranges::count_if(records, [](const auto& record) { return record.key_slot != 0; });
        if (sealed == 0) return "no (off)";
        if (static_cast<std::size_t>(sealed) < records.size()) return "no (partly)";
        return ring_.sealDescription();
    }

    static PlannedRecord planOf(const ring::RecordInfo& record) {
        PlannedRecord planned;
        planned.at = record.at;
        planned.leaf = record.leaf;
        planned.boot_session = record.header.boot_session;
        planned.sequence = record.header.sequence;
        planned.first_decode = record.header.first_decode;
        planned.last_decode = record.header.last_decode;
        planned.to_wall = record.best_map.offset;
        planned.samples = record.header.sample_count;
        planned.payload_bytes = record.header.payload_bytes;
        return planned;
    }

    static void skipLeading(const ring::RecordMeta& meta, PlannedRecord& planned) {
        if (meta.header.starts_with != RandomAccess::Open) return;
        for (std::size_t i = 1; i < meta.samples.size(); ++i) {
            if ((meta.samples[i].flags & media::kLeading) == 0) break;
            ++planned.skipped_samples;
            planned.skipped_bytes += meta.samples[i].size_bytes;
        }
    }

    void noteGap(WallTime from, WallTime to, const std::string& reason) {
        plan_.gaps.push_back({from, to, reason});
    }

    ring::Ring& ring_;
    ClipPlan plan_;
    std::uint64_t tag_ = 0;
    std::optional<ring::RecordInfo> last_;    // looked at
    std::optional<ring::RecordInfo> placed_;  // put into the plan
    std::optional<PlannedGap> pending_gap_;
};

}  // namespace

Result<ClipPlan> makePlan(ring::Ring& ring, const ClipRequest& request) {
    return Planner(ring, request).run();
}

}  // namespace camgate::clip
