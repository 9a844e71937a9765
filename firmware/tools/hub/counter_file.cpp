#include "tools/hub/counter_file.hpp"

#include <algorithm>

#include "base/bytes.hpp"

namespace camgate::hub {

Result<std::uint64_t> nextCounter(FileSystem& files, const std::string& path, WallTime now) {
    auto file = files.open(path, OpenMode::CreateOrOpen);
    if (!file) return std::unexpected(file.error());
    if (auto mine = (*file)->lock(); !mine) return std::unexpected(mine.error());
    const auto size = (*file)->size();
    if (!size) return std::unexpected(size.error());
    Bytes stored(8);
    if (*size >= stored.size()) {
        if (auto read = (*file)->readAt(0, stored); !read) return std::unexpected(read.error());
    }
    const auto last = ByteReader(stored).get<std::uint64_t>();
    const auto wall_ms = std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch()).count();
    const std::uint64_t next =
        std::max(last + 1, static_cast<std::uint64_t>(std::max<std::int64_t>(wall_ms, 1)));
    ByteWriter out;
    out.put(next);
    if (auto written = (*file)->writeAt(0, out.bytes()); !written) return std::unexpected(written.error());
    if (auto synced = (*file)->sync(); !synced) return std::unexpected(synced.error());
    return next;
}

}  // namespace camgate::hub
