// Records that wait to be written, oldest first. Where their camera's memory runs out whole groups of
// pictures go, oldest first; what goes becomes a gap in front of what follows of its stream, and that takes
// its numbers: a reader finds a gap and no hole. One thread.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "ring/record.hpp"

namespace camgate::ring {

using StreamKey = std::pair<std::uint64_t, media::StreamKind>;  // camera, stream

struct WaitingDraft {
    RecordDraft draft;
    BootTime arrived;  ///< its oldest unit
    StreamKey stream() const { return {draft.header.camera_tag, draft.header.stream}; }
};

/// Records of a stream that will never be written.
struct LostRecords {
    StreamKey stream{};
    Gap gap;  ///< instead of them, with what was missing in front of them
    std::uint64_t records = 0;
    std::uint64_t units = 0;  ///< in them
};
LostRecords lostRecord(const RecordDraft& draft, GapReason reason);

/// `earlier` reaches up to `gap`, or up to where `gap` is to be.
void putInFront(Gap& gap, const Gap& earlier);

class DraftQueue {
  public:
    void push(WaitingDraft draft);
    std::optional<BootTime> oldestArrival() const;
    std::size_t payloadBytes() const { return payload_bytes_; }
    /// Oldest first, up to so many bytes of payload, at least one.
    std::vector<RecordDraft> take(std::size_t limit_bytes);

    using GoesOn = std::function<bool(const StreamKey&)>;
    /// Drops the camera's oldest group, or what is left of it. A group stays if no other waits behind it: its
    /// pictures can be shown, what came next could not. `goes_on`: whether behind all of a stream that waits
    /// here a decoder may start. Nothing: no group can go.
    std::optional<LostRecords> dropOldestGroup(std::uint64_t camera_tag, GapReason reason,
                                               const GoesOn& goes_on);
    /// What waits of the stream takes the numbers, and the gap. False: nothing of it waits.
    bool closeUp(const LostRecords& lost);

  private:
    std::vector<StreamKey> streamsOf(std::uint64_t camera_tag) const;
    bool hasTwoGroups(const StreamKey& stream) const;
    LostRecords dropGroup(const StreamKey& stream, GapReason reason);
    RecordDraft remove(std::size_t at);

    std::deque<WaitingDraft> waiting_;
    std::size_t payload_bytes_ = 0;
};

}  // namespace camgate::ring
