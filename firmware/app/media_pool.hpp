// The media pool, which footage waits in while the card takes nothing: its shares by camera and how long each
// lasts at what the camera sends. What was not measured is absent. Values, any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"

namespace camgate::app {

struct PoolShare {
    std::string camera;
    std::size_t share_bytes = 0;
    std::size_t held_bytes = 0;
    std::optional<double> bytes_per_s;  ///< measured over the last minute

    /// How long the card may stall, the pool empty, before groups of pictures of the camera go.
    std::optional<Duration> stallCover() const;
};

/// A pool is shared out by what cameras are planned to send, so that it lasts equally long for all.
std::size_t shareOf(std::size_t pool_bytes, std::int64_t bitrate_kbps, std::int64_t total_kbps);
/// Of the camera for which the pool lasts shortest.
std::optional<Duration> leastStallCover(const std::vector<PoolShare>& shares);

}  // namespace camgate::app
