// What goes over the bulk connection: a piece of a clip or of a live view, behind a header, sealed to the hub
// or in clear. Any thread. Implements docs/ref/mqtt.md (chunk, live).
#pragma once

#include <cstdint>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "evidence/sealed_delivery.hpp"

namespace camgate::uplink {

constexpr std::size_t kChunkHeader_bytes = 20;

enum ChunkFlag : std::uint8_t {
    kChunkSealed = 1,
    kChunkStartsFile = 2,  ///< live: the first bytes of a file
    kChunkLast = 4,        ///< live: nothing follows; its bytes say why
};

struct ChunkPlace {
    std::uint32_t index = 0;
    std::uint64_t offset_bytes = 0;
    std::uint8_t flags = 0;  ///< without kChunkSealed
};

/// cap x 100 ms, within 4 to 64 KiB less the header and the seal's tag.
std::size_t chunkBytes(std::uint64_t line_bytes_per_s);
/// `sealer`: none, in clear.
[[nodiscard]] Result<Bytes> chunkMessage(const evidence::ClipSealer* sealer, const ChunkPlace& place,
                                         ByteView bytes);

}  // namespace camgate::uplink
