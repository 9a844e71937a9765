// Forms records: access units of every camera stream in, drafts for the ring out, so that nothing that
// arrived waits longer than the batch age. Trusts no unit: times, sizes and order are checked, a worker that
// breaks them gets an Error. Where a camera's memory runs out its oldest groups of pictures go, then what is
// newest until the next random access point; the record behind declares the gap. Loop thread only; drafts may
// end on any thread.
//
// A record ends when its stream's decoder configuration changes, when it is full, when a random access point
// arrives (unless it began with one less than 0.5 s ago), and when a round is due: the oldest unit of all
// streams has waited for the batch age. A round takes what ended, and what is open for 0.3 s or more; of more
// than fits into one the oldest.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "ring/draft_queue.hpp"

namespace camgate::ring {

struct BatcherOptions {
    std::uint64_t boot_session = 0;  ///< the same as long as the boot clock runs
    Duration batch_age = std::chrono::milliseconds(1200);
    std::size_t record_bytes = 2U << 20U;  ///< a record ends before its payload passes this
    std::size_t largest_unit_bytes = media::kMaxAccessUnit_bytes;  ///< what the ring's extents take
    std::size_t round_bytes = 8U << 20U;                           ///< of payload, after a stall
};

/// What a unit, and a record, take of memory beside their bytes.
constexpr std::size_t kUnitOverhead_bytes = 96;
constexpr std::size_t kRecordOverhead_bytes = 1024;

struct BatcherStats {
    std::uint64_t units = 0;
    std::uint64_t dropped_units = 0;
    std::uint64_t arrived_bytes = 0;  ///< as the quota counts them, dropped ones too
};

class Batcher {
  public:
    Batcher(const BatcherOptions& options, const Clock& clock) : options_(options), clock_(clock) {}

    /// `quota_bytes`: how much of the camera may be in memory, in drafts that were taken too.
    void addCamera(std::uint64_t camera_tag, std::size_t quota_bytes);
    /// Of a camera that was added. `next_sequence`: Ring::nextSequence(). The first record declares that the
    /// daemon was away.
    void addStream(std::uint64_t camera_tag, media::StreamKind stream, std::uint64_t next_sequence,
                   std::uint8_t retention_class = 0);
    /// What is open of the camera's streams is ended and comes with the next round.
    void removeCamera(std::uint64_t camera_tag);

    /// InvalidArgument: too long. NotFound: no such stream.
    [[nodiscard]] Status setConfig(std::uint64_t camera_tag, media::StreamKind stream,
                                   const media::DecoderConfig& config);
    /// InvalidArgument: a time that does not grow or is over 10 s from now, a configuration that was not
    /// sent, an empty or oversized unit. NotFound: no such stream. A unit that is dropped is no error.
    [[nodiscard]] Status add(std::uint64_t camera_tag, media::AccessUnit unit);
    /// Frames are missing from here on: the worker ended.
    void noteGap(std::uint64_t camera_tag, media::StreamKind stream, GapReason reason);
    /// What was taken last is not stored and never will be.
    void giveUp(const std::vector<RecordDraft>& drafts, GapReason reason);
    /// What a gap says where memory runs out from now on: why the card does not take what waits.
    void sayWhenFull(GapReason reason) { when_full_ = reason; }

    /// When takeDue() will have something; nothing if no unit waits.
    std::optional<BootTime> nextDue() const;
    std::vector<RecordDraft> takeDue();
    /// Everything, at the end.
    std::vector<RecordDraft> takeAll();
    /// The same a round at a time; empty: nothing is left.
    std::vector<RecordDraft> takeRest();

    BatcherStats stats(std::uint64_t camera_tag) const;
    std::size_t heldBytes(std::uint64_t camera_tag) const;

  private:
    struct Camera {
        std::size_t quota_bytes = 0;
        std::shared_ptr<std::atomic<std::size_t>> used = std::make_shared<std::atomic<std::size_t>>(0);
        BatcherStats stats;
    };
    struct Stream {
        std::optional<media::DecoderConfig> config;
        std::uint64_t config_id = 0;
        std::optional<WaitingDraft> open;
        std::uint64_t next_sequence = 1;
        std::uint8_t retention_class = 0;
        std::optional<BootTime> last_decode;
        bool restarted = false;  // an older time is a leftover, not a lie
        bool dropping = false;   // until a random access point fits
        Gap gap;                 // in front of the next record
    };

    [[nodiscard]] Status check(const Stream& stream, const media::AccessUnit& unit) const;
    bool mustEnd(const Stream& stream, const media::AccessUnit& unit) const;
    void drop(Camera& camera, Stream& stream, GapReason reason);
    bool makeRoom(const StreamKey& key, Camera& camera, const media::AccessUnit& unit);
    void lose(const LostRecords& lost);
    static void take(Stream& stream, media::AccessUnit unit);
    void begin(const StreamKey& key, Camera& camera, Stream& stream, const media::AccessUnit& unit);
    void end(Stream& stream);
    void endAged();
    void declareGap(Stream& stream, GapReason reason, std::uint32_t dropped_units);

    BatcherOptions options_;
    const Clock& clock_;
    std::map<std::uint64_t, Camera> cameras_;
    std::map<StreamKey, Stream> streams_;
    DraftQueue ended_;
    GapReason when_full_ = GapReason::QuotaFull;
};

}  // namespace camgate::ring
