// Which key seals and opens what on a ring: records, index entries, the footers' summaries. Content keys come
// from the key slots, one per camera and day; all others are derived from them. Without a key source there
// are no keys, and records lie in clear. Storage thread only. Implements docs/design/sealing.md.
#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "ring/key_slots.hpp"
#include "ring/record_codec.hpp"

namespace camgate::ring {

struct SealOptions {
    bool seal = false;                                ///< new records; what lies sealed is read in any case
    crypto::KeySource* source = nullptr;              ///< outlives the ring
    std::optional<crypto::PublicPoint> release = {};  ///< new keys are sealed to it also
    /// Opens the ring instead of the source, for reading only. Outlives the ring.
    const crypto::AgreementKey* release_key = nullptr;
    std::string described = "yes";  ///< what manifests say of sealed records
};

struct DayRange {
    std::int32_t first = INT32_MIN;  ///< days since 1970-01-01 UTC
    std::int32_t last = INT32_MAX;
};

class RingKeys {
  public:
    /// No keys at all.
    RingKeys() = default;
    /// Makes the source's secret if it has none and the ring has no keys. FailedPrecondition: the ring's keys
    /// were wrapped with another secret, or with one that is missing.
    [[nodiscard]] static Result<RingKeys> open(File& file, const RingFileHeader& header,
                                               const SealOptions& options);

    bool seals() const { return seals_; }
    /// Keys that the round needs and that are not there yet.
    bool lacksKeysFor(std::span<const RecordDraft> round) const;
    /// Makes them, durable when it returns.
    [[nodiscard]] Status makeKeysFor(std::span<const RecordDraft> round);
    /// The slot that a record goes under; 0 when it lies in clear.
    std::uint32_t slotFor(const RecordHeader& header) const;
    /// The slot that summaries go under; 0 when they lie in clear.
    std::uint32_t summarySlot() const;

    /// NotFound: erased; PermissionDenied: there is no key source; Corruption: the slot is damaged.
    [[nodiscard]] Result<crypto::AeadKey> recordKey(const Placement& placement) const;
    [[nodiscard]] Result<crypto::AeadKey> indexKey(std::uint32_t slot, std::uint64_t generation) const;
    [[nodiscard]] Result<crypto::AeadKey> summaryKey(std::uint32_t slot) const;

    /// Its records are gone for good. Of slot 0 nothing ever is.
    bool isErased(std::uint32_t slot) const;

    /// The table of slots; none if there are no keys.
    KeySlots* slots() { return slots_ ? &*slots_ : nullptr; }
    const KeySlots* slots() const { return slots_ ? &*slots_ : nullptr; }

  private:
    [[nodiscard]] Result<crypto::AeadKey> derive(std::uint32_t slot, ByteView salt,
                                                 std::string_view label) const;
    std::optional<std::uint32_t> find(const KeyOwner& owner) const;

    std::optional<KeySlots> slots_;
    bool seals_ = false;
};

/// Whose key a record goes under: its camera's, and the day's by the best clock known when it was formed.
KeyOwner keyOwnerOf(const RecordHeader& header);
std::int32_t dayOf(WallTime time);

}  // namespace camgate::ring
