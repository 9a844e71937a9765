#include "crypto/file_hash.hpp"

#include <algorithm>

namespace camgate::crypto {

Result<Digest> sha256Of(File& file, std::uint64_t size_bytes) {
    constexpr std::uint64_t kStep_bytes = 1U << 20U;
    Sha256 hash;
    Bytes step;
    for (std::uint64_t at = 0; at < size_bytes; at += step.size()) {
        step.resize(static_cast<std::size_t>(std::min(kStep_bytes, size_bytes - at)));
        if (auto read = file.readAt(at, step); !read) return std::unexpected(read.error());
        hash.update(step);
    }
    return hash.finish();
}

}  // namespace camgate::crypto
