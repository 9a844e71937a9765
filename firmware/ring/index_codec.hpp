// An extent's index: one entry per record, in the order of the records, each sealed like its record. Decoders
// check every length. Any thread that may use the keys. Implements docs/ref/ring-format.md (Index).
#pragma once

#include "ring/extent_format.hpp"
#include "ring/ring_keys.hpp"

namespace camgate::ring {

/// In clear: key slot, place, counter; then header and leaf, and their tag.
constexpr std::size_t kIndexEntry_bytes = 24 + kHeader_bytes + kLeaf_bytes + crypto::kAeadTag_bytes;

[[nodiscard]] Result<Bytes> encodeIndex(const std::vector<RecordInfo>& records, const RingKeys& keys);
/// Without the entries whose key was erased or cannot be had. Corruption: what is there is not the index.
[[nodiscard]] Result<std::vector<RecordInfo>> decodeIndex(const ExtentFooter& footer, ByteView bytes,
                                                          const RingKeys& keys);

/// Bytes at an extent's end that its index and footer take.
std::uint64_t indexSpan(std::size_t records);

}  // namespace camgate::ring
