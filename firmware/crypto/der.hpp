// The little of DER that mbedTLS 2.28 has no writer for. Any thread.
#pragma once

#include "base/bytes.hpp"

namespace camgate::crypto {

/// Tag, length (as many bytes as it needs) and content.
void putElement(ByteWriter& out, int tag, ByteView content);
/// The same, of a content that was written before.
Bytes element(int tag, ByteView content);

}  // namespace camgate::crypto
