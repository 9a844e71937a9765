#include "tools/verify/file_clip.hpp"

#include <algorithm>

namespace camgate::verify {

Result<FileClip> FileClip::open(FileSystem& files, const std::vector<std::string>& paths) {
    FileClip clip;
    for (const std::string& path : paths) {
        auto file = files.open(path, OpenMode::ReadOnly);
        if (!file) return std::unexpected(file.error());
        const auto size = (*file)->size();
        if (!size) return passOn(size.error(), "reading " + path);
        const std::uint64_t begin = clip.size_bytes_;
        clip.size_bytes_ += *size;
        clip.parts_.push_back({std::move(*file), begin, clip.size_bytes_});
    }
    return clip;
}

Status FileClip::read(std::uint64_t offset, std::span<std::uint8_t> into) {
    for (Part& part : parts_) {
        if (into.empty()) return {};
        if (offset >= part.end) continue;
        const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), part.end - offset));
        if (auto read = part.file->readAt(offset - part.begin, into.first(length)); !read) return read;
        into = into.subspan(length);
        offset += length;
    }
    if (into.empty()) return {};
    return fail(ErrorKind::InvalidArgument, "beyond the clip's end");
}

}  // namespace camgate::verify
