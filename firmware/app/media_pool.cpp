#include "app/media_pool.hpp"

#include <algorithm>

namespace camgate::app {

std::optional<Duration> PoolShare::stallCover() const {
    if (!bytes_per_s || *bytes_per_s <= 0) return std::nullopt;
    const std::chrono::duration<double> cover(static_cast<double>(share_bytes) / *bytes_per_s);
    return std::chrono::duration_cast<Duration>(
        std::min(cover, std::chrono::duration<double>(std::chrono::hours(24))));
}

std::size_t shareOf(std::size_t pool_bytes, std::int64_t bitrate_kbps, std::int64_t total_kbps) {
    if (total_kbps <= 0) return pool_bytes;
    const auto share = static_cast<std::uint64_t>(pool_bytes) * static_cast<std::uint64_t>(bitrate_kbps) /
                       static_cast<std::uint64_t>(total_kbps);
    return static_cast<std::size_t>(share);
}

std::optional<Duration> leastStallCover(const std::vector<PoolShare>& shares) {
    std::optional<Duration> least;
    for (const PoolShare& share : shares) {
        const auto cover = share.stallCover();
        if (cover && (!least || *cover < *least)) least = cover;
    }
    return least;
}

}  // namespace camgate::app
