// The footage ring: one preallocated file of extents, the oldest overwritten first. A round of records goes
// out in one sequential write per retention class and one data sync; what append() answered for survives any
// power cut. Storage thread only (one thread; infos and results are copies). Calls block as long as the card
// does. Implements docs/ref/ring-format.md and docs/design/ring.md.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "ring/class_writer.hpp"
#include "ring/index_cache.hpp"
#include "ring/record_reader.hpp"
#include "ring/stream_book.hpp"

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

struct ClassStats {
    std::uint32_t extents_target = 0;  ///< its share
    std::uint32_t extents_used = 0;
};

struct RingStats {
    std::uint64_t size_bytes = 0;
    std::uint32_t extents = 0;
    std::uint32_t extents_used = 0;
    std::uint32_t extents_pinned = 0;
    std::uint32_t extents_retired = 0;  ///< the card could not write them
    std::array<ClassStats, kRetentionClasses> classes{};
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

class Ring {
  public:
    /// Sets a ring up where none is, recovers one that is there; errors as openRingFile().
    [[nodiscard]] static Result<std::unique_ptr<Ring>> open(FileSystem& files, const std::string& path,
                                                            const RingOptions& options, const Clock& clock);
    ~Ring();

    /// All of the round is durable, or it is an error and none of it is promised; then the drafts may be
    /// given again. InvalidArgument: a draft contradicts itself, fits no extent, or is of a class that has no
    /// share.
    [[nodiscard]] Result<AppendResult> append(std::span<const RecordDraft> round);

    /// Records of a stream that touch the range, by sequence; empty if none do.
    [[nodiscard]] Result<std::vector<RecordInfo>> find(std::uint64_t camera_tag, media::StreamKind stream,
                                                       WallTime from, WallTime to);
    /// From the first record's start to the last one's end.
    std::optional<TimeSpan> coverage(std::uint64_t camera_tag, media::StreamKind stream) const;
    /// How far a stream is durable; nothing if nothing of it was ever found or written.
    std::optional<Watermark> durableWatermark(std::uint64_t camera_tag, media::StreamKind stream) const;
    /// What a stream's next record is to be numbered, so that numbers grow over restarts.
    std::uint64_t nextSequence(std::uint64_t camera_tag, media::StreamKind stream) const;

    /// NotFound: overwritten or erased since; Corruption: the card brought back something else.
    [[nodiscard]] Result<RecordMeta> readMeta(const RecordLocation& at);
    /// Part of a payload, of which all is read and checked first; the last record stays in memory.
    [[nodiscard]] Status readPayload(const RecordLocation& at, std::uint64_t offset,
                                     std::span<std::uint8_t> into);

    /// Keeps the records' extents from being overwritten until then. Unavailable: a quarter of the ring is
    /// pinned already; NotFound: one is overwritten.
    [[nodiscard]] Result<PinId> pin(std::span<const RecordLocation> records, BootTime until);
    void unpin(PinId pin);

    /// Whether new records are sealed.
    bool seals() const { return keys_.seals(); }
    /// What is said of sealed records: SealOptions::described.
    const std::string& sealDescription() const { return seal_description_; }
    /// Keys, and what erased ones left.
    std::size_t keySlotsUsed() const;
    /// Makes what a camera recorded on these days unreadable for good, pinned or not: by whole days in UTC;
    /// what was recorded before the clock was known by the time that is known by now, or with all days.
    /// The number of keys destroyed. FailedPrecondition: some of it lies in clear, and stays until it is
    /// overwritten; the rest is gone. After another failure ask again.
    [[nodiscard]] Result<std::uint32_t> eraseDays(std::uint64_t camera_tag, const DayRange& days);
    /// The same with everything, and nothing that says whose it was stays.
    [[nodiscard]] Status eraseAll();
    /// Of what was erased the days that touch the range and where footage would still lie.
    std::vector<TimeSpan> erased(std::uint64_t camera_tag, WallTime from, WallTime to) const;

    /// Longest payload that a record may carry.
    std::size_t largestPayload() const;
    const RingFileHeader& header() const { return device_.header(); }
    RingStats stats() const;

  private:
    Ring(RingFile file, ExtentTable extents, RingKeys keys, const RingOptions& options, const Clock& clock);
    [[nodiscard]] Status recover();

    [[nodiscard]] Status checkRound(std::span<const RecordDraft> round) const;
    using Round = std::array<std::vector<Segment>, kRetentionClasses>;
    [[nodiscard]] Result<Round> layOut(std::span<const RecordDraft> drafts);
    [[nodiscard]] Result<Round> writeWithRetries(std::span<const RecordDraft> drafts);
    [[nodiscard]] Status write(const Round& round);
    [[nodiscard]] Status writeOneByOne(const Round& round);
    void commit(const Round& round);
    [[nodiscard]] Status makeKeys(std::span<const RecordDraft> drafts);
    void noteDuration(Duration took);

    // ring_erase.cpp
    std::optional<std::set<std::uint32_t>> slotsInUse();
    [[nodiscard]] Status releaseSlots();
    std::uint64_t oldestGeneration() const;
    std::optional<DayRange> daysOf(std::uint32_t slot, const KeyOwner& owner) const;
    bool liesInClear(std::uint64_t camera_tag, const DayRange& days) const;
    void forgetErased();

    RingDevice device_;
    ExtentTable extents_;
    RingKeys keys_;
    PinTable pins_;
    StreamBook streams_;
    IndexCache indexes_{device_, extents_, keys_};
    RecordReader reader_{device_, keys_};
    ExtentCloser closer_{device_, extents_, keys_};
    RetiredExtents retired_{device_};
    RingCursor cursor_;
    std::array<ClassWriter, kRetentionClasses> writers_;
    const Clock& clock_;
    Duration slow_write_;
    std::string seal_description_;
    bool last_round_slow_ = false;
    bool card_fails_ = false;  ///< not even what failed could be written down
    RingStats stats_;
};

}  // namespace camgate::ring
