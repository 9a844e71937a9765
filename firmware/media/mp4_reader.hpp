// Walks the fragmented MP4 that mp4_writer makes: tracks, samples with place and times, total duration. For
// camgate-hub, which verifies what it received, and for tests; no general MP4 parser. Safe on hostile bytes:
// every length is checked, memory is bounded by the length of the input. Pure, any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "media/access_unit.hpp"

namespace camgate::media {

struct Mp4ReadSample {
    std::uint64_t offset_bytes = 0;  ///< in the file
    std::uint32_t size_bytes = 0;
    std::uint32_t duration_ticks = 0;
    std::uint64_t decode_ticks = 0;
    std::int64_t presentation_ticks = 0;
    bool sync = false;
    bool disposable = false;
};

struct Mp4ReadTrack {
    std::uint32_t id = 0;
    std::uint32_t timescale_hz = 0;
    DecoderConfig config;
    std::vector<Mp4ReadSample> samples;
    /// From the first decode time to the end of the last sample.
    std::uint64_t duration_ticks = 0;
    std::uint32_t fragments = 0;
};

struct Mp4Contents {
    std::vector<Mp4ReadTrack> tracks;
    double durationSeconds() const;  ///< of the longest track
};

/// Corruption: a box does not fit its parent, a sample lies outside the data, times run backwards, fragments
/// do not count up by one. InvalidArgument: well-formed, but nothing that mp4_writer makes.
[[nodiscard]] Result<Mp4Contents> readMp4(ByteView file);

}  // namespace camgate::media
