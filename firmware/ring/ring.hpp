// The footage ring: one preallocated file of extents, the oldest overwritten first. A round of records goes
// out in one sequential write and one data sync; what append() answered for survives any power cut.
// Storage thread only (one thread; infos and results are copies). Calls block as long as the card does.
// Implements docs/ref/ring.md and docs/design/ring.md.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "ring/ring_file.hpp"

namespace camgate::ring {

struct AppendResult {
    std::vector<RecordInfo> records;  ///< in the order of the drafts
    std::uint64_t written_bytes = 0;
    Duration took{0};
};

struct TimeSpan {
    WallTime from;
    WallTime to;
};

struct RingStats {
    std::uint64_t size_bytes = 0;
    std::uint32_t extents = 0;
    std::uint32_t extents_used = 0;
    std::uint32_t extents_pinned = 0;
    std::uint64_t written_bytes = 0;       ///< since opening, zeros included
    std::uint64_t zeroed_bytes = 0;        ///< of these, ahead of the writer
    std::uint64_t payload_bytes = 0;       ///< media in it
    std::uint64_t written_ever_bytes = 0;  ///< by the last closed extent and since
    std::uint64_t records = 0;             ///< appended since opening
    std::uint64_t syncs = 0;
    std::uint64_t slow_writes = 0;
    std::uint64_t failed_writes = 0;
    Duration longest_write{0};
    std::uint64_t dropped_at_start = 0;  ///< records that recovery found torn
    std::optional<WallTime> oldest;
    std::optional<WallTime> newest;
};

using PinId = std::uint64_t;

class Ring {
  public:
    /// Sets a ring up where none is, recovers one that is there; errors as openRingFile().
    [[nodiscard]] static Result<std::unique_ptr<Ring>> open(FileSystem& files, const std::string& path,
                                                            const RingOptions& options, const Clock& clock);
    ~Ring();

    /// All of the round is durable, or it is an error and none of it is promised; then the drafts may be
    /// given again. InvalidArgument: a draft contradicts itself or fits no extent.
    [[nodiscard]] Result<AppendResult> append(std::span<const RecordDraft> round);

    /// Records of a stream that touch the range, by sequence; empty if none do.
    [[nodiscard]] Result<std::vector<RecordInfo>> find(std::uint64_t camera_tag, media::StreamKind stream,
                                                       WallTime from, WallTime to);
    /// From the first record's start to the last one's end.
    std::optional<TimeSpan> coverage(std::uint64_t camera_tag, media::StreamKind stream) const;
    /// What a stream's next record is to be numbered, so that numbers grow over restarts.
    std::uint64_t nextSequence(std::uint64_t camera_tag, media::StreamKind stream) const;

    /// NotFound: overwritten since; Corruption: the card brought back something else.
    [[nodiscard]] Result<RecordMeta> readMeta(const RecordLocation& at);
    /// Part of a payload, of which all is read and checked first; the last record stays in memory.
    [[nodiscard]] Status readPayload(const RecordLocation& at, std::uint64_t offset,
                                     std::span<std::uint8_t> into);

    /// Keeps the records' extents from being overwritten until then. Unavailable: a quarter of the ring is
    /// pinned already; NotFound: one is overwritten.
    [[nodiscard]] Result<PinId> pin(std::span<const RecordLocation> records, BootTime until);
    void unpin(PinId pin);

    /// Longest payload that a record may carry.
    std::size_t largestPayload() const;
    const RingFileHeader& header() const { return header_; }
    RingStats stats() const;

  private:
    struct Extent {
        ExtentState state = ExtentState::Unused;
        std::uint64_t generation = 0;
        std::uint64_t end_bytes = 0;
        std::uint64_t zeroed_bytes = 0;  ///< known to be written so far
        std::uint64_t last_counter = 0;
        std::uint32_t records = 0;
        std::uint32_t index_offset = 0;
        std::uint32_t index_crc = 0;
        std::vector<StreamSummary> summaries;
        bool summaries_complete = true;
        bool failing = false;  ///< opening it failed; tried again when no other is left
        bool holes = false;    ///< recovery dropped a record in front of one that it kept
        std::optional<std::vector<RecordInfo>> index;
        std::uint64_t index_used = 0;
    };
    struct Segment {
        std::uint32_t extent = 0;
        std::uint64_t offset = 0;  ///< in the extent
        Bytes bytes;
        std::vector<RecordInfo> records;
    };
    struct Opened {
        std::uint32_t extent = 0;
        std::uint64_t generation = 0;
    };
    struct Finished {
        std::uint32_t extent = 0;
        std::uint32_t tries = 0;
        bool written = false;  ///< its index and footer go with the next sync
    };
    struct Pin {
        std::set<std::uint32_t> extents;
        BootTime until;
    };

    Ring(RingFile file, const RingOptions& options, const Clock& clock);

    // ring_recover.cpp
    [[nodiscard]] Status recover();
    [[nodiscard]] Status recoverExtent(std::uint32_t extent);
    [[nodiscard]] Status adoptScan(std::uint32_t extent, std::uint64_t generation);
    void adoptClosed(std::uint32_t extent, ExtentFooter footer);
    void placeUnclosed();
    void noteSummaries();
    void noteMap(std::uint64_t boot_session, const TimeMap& map);

    // ring_append.cpp
    [[nodiscard]] Status checkRound(std::span<const RecordDraft> round) const;
    [[nodiscard]] Result<std::vector<Segment>> layOutRound(std::span<const RecordDraft> round);
    bool fits(const Segment& segment, std::size_t record_bytes) const;
    void encodeInto(Segment& segment, const RecordDraft& draft);
    [[nodiscard]] Status writeRound(const std::vector<Segment>& segments);
    void commitRound(const std::vector<Segment>& segments);
    void noteDuration(Duration took);

    // ring_extents.cpp
    [[nodiscard]] Result<Opened> writeOpening();
    [[nodiscard]] Result<std::uint32_t> oldestFree();
    void adoptOpened(const Opened& opened);
    [[nodiscard]] Result<std::uint32_t> openNow();
    [[nodiscard]] Status writeClosing(std::uint32_t extent);
    void writeClosings();
    void adoptClosings();
    void zeroAhead(std::uint32_t extent, std::uint64_t from, std::uint64_t budget_bytes);
    [[nodiscard]] Status write(std::uint64_t offset, ByteView bytes);
    [[nodiscard]] Status sync();

    [[nodiscard]] Result<const std::vector<RecordInfo>*> indexOf(std::uint32_t extent);
    void trimIndexes(std::uint32_t keep);
    TimeMap mapOf(const StreamSummary& summary) const;
    std::uint64_t offsetOf(std::uint32_t extent) const {
        return kFront_bytes + std::uint64_t{extent} * header_.extent_bytes;
    }
    bool isPinned(std::uint32_t extent) const;

    std::unique_ptr<File> file_;
    RingFileHeader header_;
    const Clock& clock_;
    Duration slow_write_;
    SessionId session_{};
    std::vector<Extent> extents_;
    std::optional<std::uint32_t> current_;
    std::vector<std::uint32_t> prepared_;  ///< opened on the card, nothing in them yet
    std::vector<Finished> finished_;       ///< nothing more comes in, their index is not yet on the card
    std::uint64_t next_generation_ = 1;
    std::uint64_t next_counter_ = 1;
    std::uint64_t durable_below_ = 0;
    std::uint32_t failures_in_a_row_ = 0;
    bool last_round_slow_ = false;
    std::map<std::uint64_t, TimeMap> boot_maps_;
    std::map<std::pair<std::uint64_t, media::StreamKind>, std::uint64_t> next_sequences_;
    std::map<PinId, Pin> pins_;
    PinId next_pin_ = 1;
    std::uint64_t index_clock_ = 0;
    RecordLocation cached_at_;
    Bytes cached_;
    ByteView cached_payload_;
    RingStats stats_;
};

}  // namespace camgate::ring
