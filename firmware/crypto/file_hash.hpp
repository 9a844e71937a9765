// SHA-256 of a file's front. Calls block. Any thread.
#pragma once

#include "base/file_system.hpp"
#include "crypto/hash.hpp"

namespace camgate::crypto {

/// Of its first `size_bytes`, read in steps of 1 MiB. The file's own errors.
[[nodiscard]] Result<Digest> sha256Of(File& file, std::uint64_t size_bytes);

}  // namespace camgate::crypto
