#include "evidence/clip_timeline.hpp"

#include <algorithm>
#include <map>

namespace camgate::evidence {
namespace {

/// Manifest times are cut to milliseconds.
constexpr Duration kGrain = std::chrono::milliseconds(1);
/// A longer step between records is a gap (clip.md).
constexpr Duration kLongestStep = std::chrono::seconds(5);

Duration offsetOf(const ManifestRecord& said, const CanonicalHeader& header) {
    return said.start.time_since_epoch() - header.first_decode.time_since_epoch();
}

bool agree(Duration a, Duration b) {
    return std::chrono::abs(a - b) <= kGrain;
}

/// What leads from one boot's clock to wall time, by all that the manifest says: its records' starts, and
/// where the clip begins and ends.
class BootOffset {
  public:
    void add(Duration said) { said_.push_back(said); }
    void addRecorded(Duration recorded) { recorded_.push_back(recorded); }

    /// The one that most agree on; where they are split evenly, the one that a record itself knew.
    Duration agreed() {
        const auto middle = said_.begin() + static_cast<std::ptrdiff_t>(said_.size() / 2);
        std::ranges::nth_element(said_, middle);
        const Duration median = *middle;
        const auto votes =
            std::ranges::count_if(said_, [median](Duration said) { return agree(said, median); });
        if (2 * static_cast<std::size_t>(votes) > said_.size()) return median;
        for (const Duration recorded : recorded_) {
            const auto same = [recorded](Duration said) { return agree(said, recorded); };
            if (std::ranges::any_of(said_, same)) return recorded;
        }
        return median;
    }

  private:
    std::vector<Duration> said_;
    std::vector<Duration> recorded_;
};

std::map<std::uint64_t, BootOffset> offsetsOf(const Manifest& manifest, const ProvenHeaders& proven) {
    std::map<std::uint64_t, BootOffset> offsets;
    for (std::size_t i = 0; i < proven.size(); ++i) {
        if (!proven[i]) continue;
        BootOffset& boot = offsets[proven[i]->id.session];
        boot.add(offsetOf(manifest.records[i], *proven[i]));
        boot.addRecorded(proven[i]->time_map.offset);
        if (i == 0)
            boot.add(manifest.covered.from.time_since_epoch() - proven[i]->first_decode.time_since_epoch());
        if (i + 1 == proven.size())
            boot.add(manifest.covered.to.time_since_epoch() - proven[i]->last_decode.time_since_epoch());
    }
    return offsets;
}

void checkTimes(const Manifest& manifest, const ProvenHeaders& proven, std::vector<ClipFinding>& findings,
                Duration& corrected) {
    std::map<std::uint64_t, Duration> agreed;
    for (auto& [session, boot] : offsetsOf(manifest, proven)) agreed[session] = boot.agreed();
    for (std::size_t i = 0; i < proven.size(); ++i) {
        if (!proven[i]) continue;
        const Duration offset = agreed[proven[i]->id.session];
        if (!agree(offsetOf(manifest.records[i], *proven[i]), offset)) {
            findings.push_back(
                {ClipFault::Time, i, "its time in the manifest does not follow from its own clock"});
            continue;
        }
        const Duration moved = offset - proven[i]->time_map.offset;
        if (std::chrono::abs(moved) > std::chrono::abs(corrected) + kGrain) corrected = moved;
    }
}

WallTime endOf(const Manifest& manifest, const ProvenHeaders& proven, std::size_t record) {
    const WallTime start = manifest.records[record].start;
    return proven[record] ? start + (proven[record]->last_decode - proven[record]->first_decode) : start;
}

bool isListed(const Manifest& manifest, WallTime from, WallTime to) {
    return std::ranges::any_of(
        manifest.gaps, [&](const ManifestGap& gap) { return gap.span.from <= to && gap.span.to >= from; });
}

void checkGaps(const Manifest& manifest, const ProvenHeaders& proven, std::vector<ClipFinding>& findings) {
    for (std::size_t i = 1; i < manifest.records.size(); ++i) {
        const ManifestRecord& before = manifest.records[i - 1];
        const ManifestRecord& record = manifest.records[i];
        // Without the record before, nobody can say when it ended.
        const bool silence = proven[i - 1] && record.start - endOf(manifest, proven, i - 1) > kLongestStep;
        const bool hole =
            record.id.sequence != before.id.sequence + 1 || record.id.session != before.id.session || silence;
        if (hole && !isListed(manifest, before.start, record.start)) {
            findings.push_back(
                {ClipFault::UnlistedGap, i, "records are missing in front of it, and no gap is listed"});
        }
    }
}

}  // namespace

void checkTimeline(const Manifest& manifest, const ProvenHeaders& proven, std::vector<ClipFinding>& findings,
                   Duration& corrected) {
    checkTimes(manifest, proven, findings, corrected);
    checkGaps(manifest, proven, findings);
}

}  // namespace camgate::evidence
