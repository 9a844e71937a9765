#include "ring/record_front.hpp"

#include <algorithm>

#include "ring/record_seal.hpp"

namespace camgate::ring {
namespace {

/// A front with the samples of 1.2 s, 30 a second.
constexpr std::uint64_t kUsualFront_bytes = 1024;

}  // namespace

Result<RecordFront> readFront(File& file, std::uint64_t file_offset, std::uint64_t limit_bytes) {
    RecordFront front;
    front.bytes.resize(static_cast<std::size_t>(std::min(kUsualFront_bytes, limit_bytes)));
    if (auto read = file.readAt(file_offset, front.bytes); !read) return std::unexpected(read.error());
    auto placement = decodePlacement(front.bytes);
    if (!placement) return std::unexpected(placement.error());
    front.placement = *placement;
    return front;
}

Result<crypto::AeadKey> keyOf(const Placement& placement, const RingKeys& keys) {
    if (placement.seal == Seal::Clear) return crypto::AeadKey{};
    return keys.recordKey(placement);
}

Result<RecordMeta> readMeta(File& file, std::uint64_t file_offset, std::uint64_t limit_bytes,
                            const RecordFront& front, const crypto::AeadKey& key) {
    const Placement& placement = front.placement;
    const std::size_t needed = kPlacement_bytes + std::size_t{placement.meta_bytes};
    if (placement.total_bytes > limit_bytes || needed > limit_bytes) {
        return fail(ErrorKind::Corruption, "record: reaches over its extent");
    }
    Bytes bytes = front.bytes;
    if (needed > bytes.size()) {
        bytes.resize(needed);
        if (auto read = file.readAt(file_offset, bytes); !read) return std::unexpected(read.error());
    }
    const auto meta = std::span(bytes).subspan(kPlacement_bytes, placement.meta_bytes);
    if (placement.seal == Seal::Clear) return decodeMeta(placement, meta);
    const auto opened = openFront(key, placement, meta);
    if (!opened) return std::unexpected(opened.error());
    return decodeMeta(placement, *opened);
}

}  // namespace camgate::ring
