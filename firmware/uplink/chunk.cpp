#include "uplink/chunk.hpp"

#include <algorithm>

namespace camgate::uplink {
namespace {

constexpr std::size_t kAroundChunk_bytes = kChunkHeader_bytes + evidence::kSealTag_bytes;
constexpr std::size_t kLeastChunk_bytes = (4U << 10U) - kAroundChunk_bytes;
constexpr std::size_t kMostChunk_bytes = (64U << 10U) - kAroundChunk_bytes;

Bytes header(const ChunkPlace& place, bool sealed) {
    ByteWriter out;
    out.putBytes(asBytes("CGK1"));
    out.put(static_cast<std::uint32_t>(place.flags | (sealed ? kChunkSealed : 0)));
    out.put(place.index);
    out.put(place.offset_bytes);
    return std::move(out).take();
}

}  // namespace

std::size_t chunkBytes(std::uint64_t line_bytes_per_s) {
    return std::clamp(static_cast<std::size_t>(line_bytes_per_s / 10), kLeastChunk_bytes, kMostChunk_bytes);
}

Result<Bytes> chunkMessage(const evidence::ClipSealer* sealer, const ChunkPlace& place, ByteView bytes) {
    Bytes message = header(place, sealer != nullptr);
    if (sealer == nullptr) {
        message.insert(message.end(), bytes.begin(), bytes.end());
        return message;
    }
    const auto sealed = sealer->seal(place.index, message, bytes);
    if (!sealed) return std::unexpected(sealed.error());
    message.insert(message.end(), sealed->begin(), sealed->end());
    return message;
}

}  // namespace camgate::uplink
