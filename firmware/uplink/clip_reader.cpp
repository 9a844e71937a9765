#include "uplink/clip_reader.hpp"

#include <algorithm>
#include <utility>

namespace camgate::uplink {

ClipReader::ClipReader(clip::ClipSource& source, std::string clip, std::uint64_t clip_bytes,
                       std::size_t chunk_bytes)
    : source_(source),
      clip_(std::move(clip)),
      clip_bytes_(clip_bytes),
      block_bytes_(kLongestRead_bytes / chunk_bytes * chunk_bytes) {}

std::optional<ByteView> ClipReader::view(std::uint64_t offset, std::size_t length_bytes) const {
    if (offset < block_offset_ || offset + length_bytes > block_offset_ + block_.size()) return std::nullopt;
    return ByteView(block_).subspan(static_cast<std::size_t>(offset - block_offset_), length_bytes);
}

void ClipReader::fetch(std::uint64_t offset, std::function<void(Status)> done) {
    fetching_ = true;
    const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(block_bytes_, clip_bytes_ - offset));
    source_.read(
        clip_, offset, length,
        lifeline_.guard([this, offset, length, done = std::move(done)](Result<Bytes> bytes) {
            fetching_ = false;
            if (!bytes) return done(std::unexpected(bytes.error()));
            if (bytes->size() != length) {
                return done(fail(ErrorKind::Corruption, "the clip gave " + std::to_string(bytes->size()) +
                                                            " of " + std::to_string(length) + " bytes"));
            }
            block_ = std::move(*bytes);
            block_offset_ = offset;
            absorb();
            done({});
        }));
}

void ClipReader::absorb() {
    const std::uint64_t end = block_offset_ + block_.size();
    if (hashed_ < block_offset_ || hashed_ >= end) return;
    hash_.update(ByteView(block_).subspan(static_cast<std::size_t>(hashed_ - block_offset_)));
    hashed_ = end;
}

const std::string& ClipReader::sha256Hex() {
    if (sha256_hex_.empty()) sha256_hex_ = toHex(hash_.finish());
    return sha256_hex_;
}

void ClipReader::startHashAgain() {
    hash_ = crypto::Sha256();
    hashed_ = 0;
    sha256_hex_.clear();
    block_.clear();
}

}  // namespace camgate::uplink
