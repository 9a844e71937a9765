// What is on the card beside records: the ring's header, and per extent a footer block. It is the one block
// that start-up reads of a closed extent. Decoders answer Corruption, or FailedPrecondition for what a newer
// firmware wrote. Pure, any thread. Implements docs/ref/ring-format.md.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "ring/record_codec.hpp"

namespace camgate::ring {

/// Extents are multiples of it; what set-up chooses are multiples of a card's allocation unit, 4 MiB.
constexpr std::uint64_t kExtentUnit_bytes = 64U << 10U;
constexpr std::uint64_t kLeastExtent_bytes = 2 * kExtentUnit_bytes;
constexpr std::uint64_t kMostExtent_bytes = 1U << 30U;
constexpr std::uint32_t kMaxExtents = 4096;
/// In front of the first extent; the header lies in its first block and again in its middle.
constexpr std::uint64_t kFront_bytes = 4U << 20U;
constexpr std::uint64_t kHeaderCopy_bytes = kFront_bytes / 2;
constexpr std::uint16_t kRingVersion = 1;

using RingId = std::array<std::uint8_t, 16>;

struct RingFileHeader {
    RingId id{};
    std::string gateway;  ///< at most 64 bytes
    std::uint64_t extent_bytes = 0;
    std::uint32_t extent_count = 0;
    std::int64_t created_ns = 0;  ///< wall time, 0 if it was not known
    std::uint64_t tag() const;    ///< first 8 bytes of the id; every block and record carries it
    std::uint64_t fileBytes() const { return kFront_bytes + extent_bytes * extent_count; }
};

/// One block.
Bytes encodeRingHeader(const RingFileHeader& header);
/// NotFound: this block never was a ring's header.
[[nodiscard]] Result<RingFileHeader> decodeRingHeader(ByteView block);

enum class ExtentState : std::uint8_t { Unused = 0, Open = 1, Closed = 2 };

/// All records of one camera stream, one boot and one key in an extent.
struct StreamSummary {
    std::uint64_t camera_tag = 0;
    media::StreamKind stream = media::StreamKind::Main;
    std::uint64_t boot_session = 0;
    BootTime first_decode;
    BootTime last_decode;
    std::uint64_t last_sequence = 0;
    TimeMap best_map;
    std::uint32_t key_slot = 0;  ///< 0: they lie in clear
};
constexpr std::size_t kSummary_bytes = 64;
constexpr std::size_t kMaxSummaries = 60;

struct ExtentFooter {
    std::uint32_t extent = 0;
    ExtentState state = ExtentState::Unused;
    std::uint8_t retention_class = 0;
    std::uint64_t generation = 0;
    std::uint64_t last_counter = 0;
    std::uint64_t bytes_ever = 0;  ///< written to this ring by then, padding and zeros included
    std::uint32_t records = 0;
    std::uint32_t index_offset = 0;  ///< in the extent
    std::uint32_t index_crc = 0;
    bool summaries_complete = true;  ///< false: there were more than fit, look into the index
    std::uint32_t key_slot = 0;      ///< of the summaries; 0: they lie in clear
    std::vector<StreamSummary> summaries;
};

struct SummarySeal {
    crypto::AeadKey key{};
    crypto::AeadNonce nonce{};  ///< random
};

/// One block. `seal` is asked if `footer.key_slot` is not 0.
[[nodiscard]] Result<Bytes> encodeFooter(const ExtentFooter& footer, std::uint64_t ring_tag,
                                         const SummarySeal& seal = {});
/// A block of zeros is an unused extent. Summaries that are sealed are left out.
[[nodiscard]] Result<ExtentFooter> decodeFooter(ByteView block, std::uint64_t ring_tag, std::uint32_t extent);
/// Adds those that decodeFooter() left out. Corruption: not what was sealed.
[[nodiscard]] Status openSummaries(ByteView block, const crypto::AeadKey& key, ExtentFooter& footer);

/// Extents that are not written any more.
struct RetiredTable {
    std::uint64_t sequence = 0;  ///< of two whole tables the higher one counts
    std::set<std::uint32_t> extents;
};
/// One block.
Bytes encodeRetired(const RetiredTable& table, std::uint64_t ring_tag);
[[nodiscard]] Result<RetiredTable> decodeRetired(ByteView block, std::uint64_t ring_tag);

/// The better of two maps of the same boot: by quality, then the newer.
bool betterMap(const TimeMap& a, const TimeMap& b);
void addToSummaries(const RecordInfo& record, std::vector<StreamSummary>& summaries);

}  // namespace camgate::ring
