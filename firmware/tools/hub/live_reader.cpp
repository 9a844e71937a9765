#include "tools/hub/live_reader.hpp"

#include "tools/hub/chunk.hpp"

namespace camgate::hub {

Result<LiveReader::Part> LiveReader::take(ByteView message) {
    const auto chunk = parseChunk(message);
    if (!chunk) return std::unexpected(chunk.error());
    if (chunk->sealed != seal_.has_value())
        return fail(ErrorKind::Corruption, "a part sealed otherwise than its view");
    Part part;
    if (chunk->index < next_) return part;  // a broker may say it twice
    part.bytes.assign(chunk->bytes.begin(), chunk->bytes.end());
    if (seal_) {
        auto opened = seal_->open(chunk->index, chunk->header, chunk->bytes);
        if (!opened) return std::unexpected(opened.error());
        part.bytes = std::move(*opened);
    }
    if (chunk->index > next_) whole_ = false;
    lost_ += chunk->index - next_;
    next_ = chunk->index + 1;
    part.starts_file = chunk->starts_file;
    whole_ = whole_ || chunk->starts_file;
    if (chunk->last) part.end_reason = asText(part.bytes);
    if (chunk->last || !whole_) part.bytes.clear();
    return part;
}

}  // namespace camgate::hub
