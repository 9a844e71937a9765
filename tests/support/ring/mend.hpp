// Makes a record's or a block's checksums right, whatever else is in it: a reader's checks behind the
// checksums are what hostile bytes are to reach. Offsets: docs/ref/ring-format.md. Header only.
#pragma once

#include <span>

#include "ring/record_codec.hpp"

namespace camgate::test {

constexpr std::uint32_t kRecordMagic = 0x52474743;  // "CGGR"

inline void putWord(std::span<std::uint8_t> bytes, std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

inline std::uint32_t word(ByteView bytes, std::size_t at) {
    ByteReader in(bytes.subspan(at));
    return in.get<std::uint32_t>();
}

/// As far as the lengths in its front allow.
inline void mendRecord(std::span<std::uint8_t> bytes) {
    constexpr std::size_t kCrcAt = 8;
    constexpr std::size_t kSealAt = 12;
    constexpr std::size_t kTotalAt = 20;
    constexpr std::size_t kMetaAt = 24;
    constexpr std::size_t kMetaCrcAt = 28;
    if (bytes.size() < ring::kPlacement_bytes) return;
    const std::size_t total = word(bytes, kTotalAt);
    const std::size_t meta = word(bytes, kMetaAt);
    if (meta <= bytes.size() - ring::kPlacement_bytes) {
        const bool clear = bytes[kSealAt] == 0;
        putWord(bytes, kMetaCrcAt, clear ? crc32c(bytes.subspan(ring::kPlacement_bytes, meta)) : 0);
    }
    putWord(bytes, kCrcAt, 0);
    putWord(bytes, kCrcAt, crc32c(bytes.first(ring::kPlacement_bytes)));
    if (total > bytes.size() || total < ring::kPlacement_bytes + ring::kTrailer_bytes) return;
    const std::size_t body = total - ring::kTrailer_bytes;
    putWord(bytes, body, crc32c(bytes.first(body)));
}

/// A ring header or footer: its last four bytes are its checksum.
inline void mendBlock(std::span<std::uint8_t> block) {
    if (block.size() < 4) return;
    putWord(block, block.size() - 4, crc32c(block.first(block.size() - 4)));
}

}  // namespace camgate::test
