#include "ring/draft_queue.hpp"

#include <algorithm>
#include <limits>

namespace camgate::ring {

LostRecords lostRecord(const RecordDraft& draft, GapReason reason) {
    Gap gap = draft.header.gap;
    if (gap.reason == GapReason::None) gap = {reason, draft.previous_decode, 0};
    putInFront(gap, {gap.reason, gap.since, draft.header.sample_count});
    return {{draft.header.camera_tag, draft.header.stream}, gap, 1, draft.header.sample_count};
}

void putInFront(Gap& gap, const Gap& earlier) {
    const auto room = std::numeric_limits<std::uint32_t>::max() - gap.dropped_units;
    gap = {earlier.reason, earlier.since, gap.dropped_units + std::min(room, earlier.dropped_units)};
}

void DraftQueue::push(WaitingDraft draft) {
    payload_bytes_ += draft.draft.header.payload_bytes;
    waiting_.push_back(std::move(draft));
}

std::optional<BootTime> DraftQueue::oldestArrival() const {
    const auto oldest = std::ranges::min_element(waiting_, {}, &WaitingDraft::arrived);
    if (oldest == waiting_.end()) return std::nullopt;
    return oldest->arrived;
}

std::vector<RecordDraft> DraftQueue::take(std::size_t limit_bytes) {
    std::vector<RecordDraft> taken;
    std::size_t bytes = 0;
    while (!waiting_.empty()) {
        bytes += waiting_.front().draft.header.payload_bytes;
        if (!taken.empty() && bytes > limit_bytes) break;
        taken.push_back(remove(0));
    }
    return taken;
}

RecordDraft DraftQueue::remove(std::size_t at) {
    const auto it = waiting_.begin() + static_cast<std::ptrdiff_t>(at);
    RecordDraft draft = std::move(it->draft);
    payload_bytes_ -= draft.header.payload_bytes;
    waiting_.erase(it);
    return draft;
}

std::vector<StreamKey> DraftQueue::streamsOf(std::uint64_t camera_tag) const {
    std::vector<StreamKey> streams;
    for (const WaitingDraft& each : waiting_) {
        if (each.stream().first == camera_tag && std::ranges::find(streams, each.stream()) == streams.end())
            streams.push_back(each.stream());
    }
    return streams;
}

bool DraftQueue::hasTwoGroups(const StreamKey& stream) const {
    bool first = true;
    for (const WaitingDraft& each : waiting_) {
        if (each.stream() != stream) continue;
        if (!first && each.draft.header.starts_with != media::RandomAccess::None) return true;
        first = false;
    }
    return false;
}

std::optional<LostRecords> DraftQueue::dropOldestGroup(std::uint64_t camera_tag, GapReason reason,
                                                       const GoesOn& goes_on) {
    for (const StreamKey& stream : streamsOf(camera_tag)) {
        if (hasTwoGroups(stream) || goes_on(stream)) return dropGroup(stream, reason);
    }
    return std::nullopt;
}

LostRecords DraftQueue::dropGroup(const StreamKey& stream, GapReason reason) {
    LostRecords lost;
    for (std::size_t i = 0; i < waiting_.size();) {
        const RecordDraft& draft = waiting_[i].draft;
        if (waiting_[i].stream() != stream) {
            ++i;
            continue;
        }
        if (lost.records > 0 && draft.header.starts_with != media::RandomAccess::None) break;
        const LostRecords one = lostRecord(remove(i), reason);
        Gap gap = one.gap;
        if (lost.records > 0) putInFront(gap, lost.gap);
        lost = {stream, gap, lost.records + 1, lost.units + one.units};
    }
    return lost;
}

bool DraftQueue::closeUp(const LostRecords& lost) {
    bool first = true;
    for (WaitingDraft& each : waiting_) {
        if (each.stream() != lost.stream) continue;
        each.draft.header.sequence -= lost.records;
        if (std::exchange(first, false)) putInFront(each.draft.header.gap, lost.gap);
    }
    return !first;
}

}  // namespace camgate::ring
