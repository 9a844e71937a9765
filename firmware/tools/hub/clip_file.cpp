#include "tools/hub/clip_file.hpp"

#include <algorithm>
#include <sstream>

#include "crypto/file_hash.hpp"

namespace camgate::hub {
Result<ClipFile> ClipFile::open(FileSystem& files, const std::string& path, std::uint64_t size_bytes) {
    auto part = files.open(path + ".part", OpenMode::CreateOrOpen);
    if (!part) return std::unexpected(part.error());
    const auto size = (*part)->size();
    if (!size) return std::unexpected(size.error());
    const bool fresh = *size != size_bytes;
    if (fresh) {
        if (auto sized = (*part)->resize(size_bytes); !sized) return std::unexpected(sized.error());
    }
    ClipFile file(files, path, std::move(*part), size_bytes);
    if (!fresh) file.loadRanges();
    return file;
}

void ClipFile::loadRanges() {
    const auto text = readTextFile(*files_, path_ + ".ranges");
    if (!text) return;  // nothing is believed, everything is asked for again
    std::istringstream lines(*text);
    for (ByteRange range; lines >> range.from >> range.to;)
        have_.add({range.from, std::min(range.to, size_bytes_)});
}

Status ClipFile::saveRanges() {
    std::ostringstream text;
    for (const ByteRange& range : have_.ranges()) text << range.from << ' ' << range.to << '\n';
    return replaceFile(*files_, path_ + ".ranges", text.str());
}

Status ClipFile::write(std::uint64_t offset_bytes, ByteView bytes) {
    if (offset_bytes > size_bytes_ || bytes.size() > size_bytes_ - offset_bytes) {
        return fail(ErrorKind::InvalidArgument, "a chunk outside its clip");
    }
    if (auto written = part_->writeAt(offset_bytes, bytes); !written) return written;
    have_.add({offset_bytes, offset_bytes + bytes.size()});
    dirty_ = true;
    return {};
}

Status ClipFile::sync() {
    if (!dirty_) return {};
    // The bytes before the ranges that promise them.
    if (auto synced = part_->sync(); !synced) return synced;
    if (auto saved = saveRanges(); !saved) return saved;
    dirty_ = false;
    return {};
}

Status ClipFile::forget() {
    have_.clear();
    return saveRanges();
}

Result<Bytes> ClipFile::read(ByteRange range) {
    Bytes bytes(static_cast<std::size_t>(range.to - range.from));
    if (auto read = part_->readAt(range.from, bytes); !read) return std::unexpected(read.error());
    return bytes;
}

Result<crypto::Digest> ClipFile::sha256() {
    return crypto::sha256Of(*part_, size_bytes_);
}

}  // namespace camgate::hub
