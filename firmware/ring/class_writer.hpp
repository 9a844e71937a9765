// Writes the records of one retention class: its open extent, the one that is ready behind it, and zeros
// ahead of both on the ring's first turn. Owned by Ring, which syncs for all classes at once. Storage thread
// only. The order of writes and syncs is that of docs/design/ring.md (Append).
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "ring/extent_closer.hpp"
#include "ring/retired_extents.hpp"

namespace camgate::ring {

/// What all classes of a ring count together.
struct RingCursor {
    SessionId session{};
    std::uint64_t next_generation = 1;
    std::uint64_t next_counter = 1;
    std::uint64_t durable_below = 0;
};

/// A round's part in one extent.
struct Segment {
    std::uint32_t extent = 0;
    std::uint64_t offset = 0;  ///< in the extent
    Bytes bytes;
    std::vector<RecordInfo> records;
    std::vector<std::size_t> drafts;  ///< which of the round's drafts these are
};

/// What all writers of a ring work on.
struct RingParts {
    RingDevice& device;
    ExtentTable& extents;
    PinTable& pins;
    ExtentCloser& closer;
    RetiredExtents& retired;
    const RingKeys& keys;
    RingCursor& cursor;
};

class ClassWriter {
  public:
    ClassWriter(std::uint8_t retention_class, const RingParts& parts)
        : class_(retention_class), parts_(parts) {}

    /// Where recovery found the class: `current` is gone on with, `prepared` are ready.
    void goOn(std::optional<std::uint32_t> current, std::vector<std::uint32_t> prepared);

    /// Encodes those of the round's drafts that are of this class. Fails where no extent can be opened.
    [[nodiscard]] Result<std::vector<Segment>> layOut(std::span<const RecordDraft> round);
    /// Behind the round's records, in front of its sync: the next extent is opened, zeros are written.
    void writeAhead(const std::vector<Segment>& segments, bool with_zeros);
    /// Behind the sync.
    void adoptAhead();
    /// That sync failed: the next extent is opened by itself, so that it is known which one failed.
    void retryAhead();
    void commit(const std::vector<Segment>& segments);
    /// Writing there failed. The second time in a row it is retired; an error: the whole card fails.
    [[nodiscard]] Status blame(std::uint32_t extent);

  private:
    struct Opened {
        std::uint32_t extent = 0;
        std::uint64_t generation = 0;
    };
    bool fits(const Segment& segment, std::size_t record_bytes) const;
    [[nodiscard]] Status encodeInto(Segment& segment, const RecordDraft& draft);
    Seal seal() const;
    [[nodiscard]] Result<crypto::AeadKey> sealing(const RecordDraft& draft, Placement& placement) const;
    /// Nobody else chooses it until it is adopted or forgotten.
    [[nodiscard]] Result<Opened> choose();
    void forgetAhead();
    [[nodiscard]] Status writeOpening(const Opened& opened);
    [[nodiscard]] Status openNow();
    void adopt(const Opened& opened);
    void zero(std::uint32_t extent, std::uint64_t from, std::uint64_t budget_bytes);

    std::uint8_t class_;
    RingParts parts_;
    std::optional<std::uint32_t> current_;
    std::vector<std::uint32_t> prepared_;  ///< opened on the card, nothing in them yet
    std::optional<Opened> ahead_;          ///< written, waits for the sync
};

}  // namespace camgate::ring
