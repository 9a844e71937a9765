// The bytes of one clip, a block ahead, and the hash of all of them: what is read for sending is hashed on
// the way as long as it comes in order; the rest is read for the hash alone. Loop thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/lifeline.hpp"
#include "clip/clip.hpp"
#include "crypto/hash.hpp"

namespace camgate::uplink {

class ClipReader {
  public:
    static constexpr std::size_t kLongestRead_bytes = 256U << 10U;

    ClipReader(clip::ClipSource& source, std::string clip, std::uint64_t clip_bytes, std::size_t chunk_bytes);

    /// The bytes if the block at hand has all of them.
    std::optional<ByteView> view(std::uint64_t offset, std::size_t length_bytes) const;
    /// Reads the block at `offset`; one at a time.
    void fetch(std::uint64_t offset, std::function<void(Status)> done);
    bool fetching() const { return fetching_; }

    /// Where the hash has got to.
    std::uint64_t hashed() const { return hashed_; }
    /// Once hashed() is the clip's size.
    const std::string& sha256Hex();
    void startHashAgain();

  private:
    void absorb();

    clip::ClipSource& source_;
    std::string clip_;
    std::uint64_t clip_bytes_;
    std::size_t block_bytes_;
    std::uint64_t block_offset_ = 0;
    Bytes block_;
    bool fetching_ = false;
    crypto::Sha256 hash_;
    std::uint64_t hashed_ = 0;
    std::string sha256_hex_;
    Lifeline lifeline_;
};

}  // namespace camgate::uplink
