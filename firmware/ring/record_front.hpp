// The front of a record, what stands before its payload, read with as little of the card as it takes.
// Storage thread only. Implements docs/ref/ring-format.md (Record).
#pragma once

#include "base/file_system.hpp"
#include "ring/ring_keys.hpp"

namespace camgate::ring {

struct RecordFront {
    Placement placement;
    Bytes bytes;  ///< from the record's beginning: mostly all of its front
};

/// Of the record at `file_offset`, which may reach `limit_bytes` far. Corruption: none begins there.
[[nodiscard]] Result<RecordFront> readFront(File& file, std::uint64_t file_offset, std::uint64_t limit_bytes);
/// Zeros for a record that lies in clear; errors as RingKeys::recordKey().
[[nodiscard]] Result<crypto::AeadKey> keyOf(const Placement& placement, const RingKeys& keys);
/// Reads on where `front` is too short. Corruption, or what the medium answers.
[[nodiscard]] Result<RecordMeta> readMeta(File& file, std::uint64_t file_offset, std::uint64_t limit_bytes,
                                          const RecordFront& front, const crypto::AeadKey& key);

}  // namespace camgate::ring
