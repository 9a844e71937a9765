#include "tools/hub/chunk.hpp"

#include <algorithm>

namespace camgate::hub {

Result<Chunk> parseChunk(ByteView message) {
    ByteReader in(message);
    const ByteView magic = in.getBytes(4);
    const auto flags = in.get<std::uint8_t>();
    const ByteView zero = in.getBytes(3);
    Chunk chunk;
    chunk.index = in.get<std::uint32_t>();
    chunk.offset_bytes = in.get<std::uint64_t>();
    if (!in.ok() || asText(magic) != "CGK1") return fail(ErrorKind::Corruption, "not a chunk");
    if (flags != 0 || std::ranges::any_of(zero, [](std::uint8_t byte) { return byte != 0; })) {
        return fail(ErrorKind::Corruption, "a chunk sealed or of a later version");
    }
    chunk.bytes = in.rest();
    return chunk;
}

}  // namespace camgate::hub
