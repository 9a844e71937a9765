// Pictures without end for a simulated camera: real footage played round and round, or the synthetic yard.
// Feeds the appsrc of a mount. One thread per feed.
#pragma once

#include <gst/app/gstappsrc.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace camgate::test {

struct FeedSettings {
    std::string source;  ///< "yard" or "file:PATH"
    int width_px = 0;    ///< 0: 1280 for the yard, the footage's own
    int height_px = 0;
    int fps = 10;
    std::uint32_t seed = 1;
    std::chrono::seconds empty{20};
    std::chrono::seconds walk{6};
    std::chrono::seconds stop_after{0};  ///< 0: never
};

/// Connects `appsrc` for as long as it lives. `first_frame` is where in its story the yard is now.
[[nodiscard]] Status connectFeed(GstAppSrc* appsrc, const FeedSettings& settings, std::uint64_t first_frame);

/// The size that the feed will have; Unavailable if the footage cannot be read.
struct FeedSize {
    int width_px, height_px;
};
[[nodiscard]] Result<FeedSize> feedSize(const FeedSettings& settings);

}  // namespace camgate::test
