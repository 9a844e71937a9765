// A record's bytes on the card. Decoders check every length and number and answer Corruption; what a newer
// firmware wrote is FailedPrecondition. Pure, any thread. Implements docs/ref/ring-format.md (Record).
#pragma once

#include "base/bytes.hpp"
#include "crypto/aead.hpp"
#include "ring/record.hpp"

namespace camgate::ring {

constexpr std::size_t kBlock_bytes = 4096;
constexpr std::size_t kPlacement_bytes = 80;
constexpr std::size_t kHeader_bytes = 144;
constexpr std::size_t kLeaf_bytes = 32;
constexpr std::size_t kSample_bytes = 16;
constexpr std::size_t kTrailer_bytes = 16;
constexpr std::size_t kRecordAlignment_bytes = 16;
constexpr std::uint16_t kRecordVersion = 1;

/// The first multiple of `step` from `value` on.
constexpr std::uint64_t alignUp(std::uint64_t value, std::uint64_t step) {
    return (value + step - 1) / step * step;
}

using SessionId = std::array<std::uint8_t, 16>;

enum class Seal : std::uint8_t { Clear = 0, ChaCha20Poly1305 = 1 };

/// Where and how a record was put; in clear also when records are sealed.
struct Placement {
    Seal seal = Seal::Clear;
    std::uint8_t retention_class = 0;
    bool starts_round = false;
    std::uint32_t key_slot = 0;     ///< 0 in clear
    std::uint32_t total_bytes = 0;  ///< with trailer, without padding
    std::uint32_t meta_bytes = 0;   ///< header, leaf, samples, configuration, and when sealed their tag
    std::uint32_t meta_crc = 0;     ///< 0 when sealed
    std::uint64_t generation = 0;
    std::uint64_t counter = 0;
    std::uint64_t durable_below = 0;  ///< counters under it were synced before this was written
    SessionId session{};
    std::uint64_t ring_tag = 0;
    bool operator==(const Placement&) const = default;
};

Bytes encodeHeader(const RecordHeader& header);
[[nodiscard]] Result<RecordHeader> decodeHeader(ByteView bytes);
Bytes encodeSamples(const std::vector<Sample>& samples);
/// SHA-256(0x00, header, samples, payload), the ledger's leaf.
crypto::Digest leafOf(const RecordDraft& draft);

std::size_t recordSize(const RecordDraft& draft, Seal seal);
/// InvalidArgument: the draft contradicts itself.
[[nodiscard]] Status checkDraft(const RecordDraft& draft);
/// Appends the record to `out`; total_bytes, meta_bytes and meta_crc of `placement` are filled in. `key`
/// seals it if `placement.seal` says so.
[[nodiscard]] Status encodeRecord(const RecordDraft& draft, const crypto::Digest& leaf, Placement placement,
                                  const crypto::AeadKey& key, Bytes& out);

Bytes encodePlacement(const Placement& placement);
[[nodiscard]] Result<Placement> decodePlacement(ByteView bytes);
/// `meta`: what is between placement header and payload, opened if it was sealed, without its tag.
[[nodiscard]] Result<RecordMeta> decodeMeta(const Placement& placement, ByteView meta);
/// All of a record that lies in clear: its checksum is right. The payload is the returned view.
[[nodiscard]] Result<ByteView> checkRecord(const Placement& placement, ByteView record);

}  // namespace camgate::ring
