// The bytes of one clip while they come in, in any order and more than once: `<id>.part`, and `<id>.ranges`
// with what of it is durable. After a crash only those ranges are believed; the rest is asked for again. One
// thread.
#pragma once

#include <memory>
#include <string>

#include "base/bytes.hpp"
#include "base/file_system.hpp"
#include "crypto/hash.hpp"
#include "tools/hub/range_set.hpp"

namespace camgate::hub {

class ClipFile {
  public:
    /// `path` is without an ending. Reserves the space; NoSpace if there is none.
    [[nodiscard]] static Result<ClipFile> open(FileSystem& files, const std::string& path,
                                               std::uint64_t size_bytes);

    /// InvalidArgument: outside the clip.
    [[nodiscard]] Status write(std::uint64_t offset_bytes, ByteView bytes);
    /// What was written before survives a crash after.
    [[nodiscard]] Status sync();
    bool complete() const { return have_.covers(size_bytes_); }
    std::vector<ByteRange> missing(std::size_t most) const { return have_.missing(size_bytes_, most); }
    std::uint64_t sizeBytes() const { return size_bytes_; }
    [[nodiscard]] Result<crypto::Digest> sha256();
    [[nodiscard]] Result<Bytes> read(ByteRange range);
    /// Everything is missing again.
    [[nodiscard]] Status forget();

  private:
    ClipFile(FileSystem& files, std::string path, std::unique_ptr<File> part, std::uint64_t size_bytes)
        : files_(&files), path_(std::move(path)), part_(std::move(part)), size_bytes_(size_bytes) {}
    void loadRanges();
    [[nodiscard]] Status saveRanges();

    FileSystem* files_;
    std::string path_;
    std::unique_ptr<File> part_;
    std::uint64_t size_bytes_;
    RangeSet have_;
    bool dirty_ = false;
};

}  // namespace camgate::hub
