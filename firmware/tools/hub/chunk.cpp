#include "tools/hub/chunk.hpp"

#include <algorithm>

namespace camgate::hub {
namespace {

constexpr std::uint8_t kSealed = 1, kStartsFile = 2, kLast = 4;
constexpr std::uint8_t kKnown = kSealed | kStartsFile | kLast;

}  // namespace

Result<Chunk> parseChunk(ByteView message) {
    ByteReader in(message);
    const ByteView magic = in.getBytes(4);
    const auto flags = in.get<std::uint8_t>();
    const ByteView zero = in.getBytes(3);
    Chunk chunk;
    chunk.index = in.get<std::uint32_t>();
    chunk.offset_bytes = in.get<std::uint64_t>();
    if (!in.ok() || asText(magic) != "CGK1") return fail(ErrorKind::Corruption, "not a chunk");
    if (flags > kKnown || std::ranges::any_of(zero, [](std::uint8_t byte) { return byte != 0; })) {
        return fail(ErrorKind::Corruption, "a chunk of a later version");
    }
    chunk.sealed = (flags & kSealed) != 0;
    chunk.starts_file = (flags & kStartsFile) != 0;
    chunk.last = (flags & kLast) != 0;
    chunk.bytes = in.rest();
    chunk.header = message.first(message.size() - chunk.bytes.size());
    return chunk;
}

}  // namespace camgate::hub
