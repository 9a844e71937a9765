// The bytes of a clip or a live view as they come: docs/ref/mqtt.md (chunk, live). Pure, any thread.
#pragma once

#include "base/bytes.hpp"

namespace camgate::hub {

struct Chunk {
    std::uint32_t index = 0;
    std::uint64_t offset_bytes = 0;  ///< in the clip or view
    bool sealed = false;
    bool starts_file = false, last = false;  ///< of a view only
    ByteView header;                         ///< of the message
    ByteView bytes;                          ///< of the message
};

/// Corruption: not a chunk, or of a later version.
[[nodiscard]] Result<Chunk> parseChunk(ByteView message);

}  // namespace camgate::hub
