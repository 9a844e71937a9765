// Seals and opens records in place, in two parts: the front (header, leaf, samples, configuration) and the
// payload. Each has a tag of its own, so that an index or a plan reads fronts alone. The placement header is
// bound to both. Pure, any thread. Implements docs/ref/ring-format.md (Sealed record).
#pragma once

#include <span>

#include "crypto/aead.hpp"
#include "ring/record_codec.hpp"

namespace camgate::ring {

/// A whole record in clear, with room for the tags.
[[nodiscard]] Status sealRecord(const crypto::AeadKey& key, const Placement& placement,
                                std::span<std::uint8_t> record);
/// What decodeMeta() takes, out of placement.meta_bytes. Corruption: not what was sealed; `front` is of no
/// use then.
[[nodiscard]] Result<ByteView> openFront(const crypto::AeadKey& key, const Placement& placement,
                                         std::span<std::uint8_t> front);
/// All of a record is what was sealed. The payload is the returned view.
[[nodiscard]] Result<ByteView> openRecord(const crypto::AeadKey& key, const Placement& placement,
                                          std::span<std::uint8_t> record);

}  // namespace camgate::ring
