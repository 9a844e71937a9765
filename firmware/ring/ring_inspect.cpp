#include "ring/ring_inspect.hpp"

#include <algorithm>

namespace camgate::ring {
namespace {

/// Zeros this far say that a file was reserved and never written.
constexpr std::uint64_t kLookedAt_bytes = 1U << 20U;

Result<Bytes> readFront(File& file, std::uint64_t size_bytes) {
    Bytes front(static_cast<std::size_t>(std::min(size_bytes, kLookedAt_bytes)));
    if (auto read = file.readAt(0, front); !read) return std::unexpected(read.error());
    return front;
}

Result<RingFileHeader> headerAt(File& file, std::uint64_t offset) {
    Bytes block(kBlock_bytes);
    if (auto read = file.readAt(offset, block); !read) return std::unexpected(read.error());
    return decodeRingHeader(block);
}

}  // namespace

Result<FoundContent> inspectRing(FileSystem& files, const std::string& path) {
    FoundContent found;
    if (!files.exists(path)) return found;
    auto file = files.open(path, OpenMode::ReadOnly);
    if (!file) return std::unexpected(file.error());
    const auto size = (*file)->size();
    if (!size) return std::unexpected(size.error());
    found.bytes = *size;
    const auto front = readFront(**file, *size);
    if (!front) return std::unexpected(front.error());
    Result<RingFileHeader> header = fail(ErrorKind::NotFound, "no ring");
    for (const std::uint64_t at : {std::uint64_t{0}, kHeaderCopy_bytes}) {
        if (!header && at + kBlock_bytes <= *size) header = headerAt(**file, at);
    }
    if (header) {
        found.content = RingContent::Ring;
        found.id = header->id;
        found.gateway = header->gateway;
    } else if (std::ranges::any_of(*front, [](std::uint8_t byte) { return byte != 0; })) {
        found.content = RingContent::Foreign;
        found.what =
            header.error().kind == ErrorKind::NotFound ? "not a camgate ring" : header.error().context;
    }
    return found;
}

}  // namespace camgate::ring
