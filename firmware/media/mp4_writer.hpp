// Fragmented MP4 (ISO/IEC 14496-12, 14496-15) with one video track, as bytes. Every size follows from counts
// alone, so that a clip can be laid out and its first part sent before its data was read; the same input
// gives the same bytes. A file is initSegment(), then per fragment fragment() followed by the samples' bytes.
// Pure, any thread.
#pragma once

#include <cstdint>
#include <span>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "media/access_unit.hpp"

namespace camgate::media {

constexpr std::uint32_t kMp4Timescale_hz = 90000;
/// More samples than this in one fragment are refused: its header would pass 16 MiB.
constexpr std::size_t kMaxFragmentSamples = 1U << 20U;

/// Whole 90 kHz ticks, rounded down. Take differences of rounded times, not rounded differences.
constexpr std::int64_t ticksOf(Duration duration) {
    const std::int64_t ns = duration.count();
    const std::int64_t whole = ns / 100'000 - (ns % 100'000 < 0 ? 1 : 0);
    return whole * 9 + (ns - whole * 100'000) * 9 / 100'000;
}

struct Mp4FileInfo {
    WallTime creation_time{};          ///< from the caller, so that bytes are reproducible
    std::uint64_t duration_ticks = 0;  ///< of all fragments; 0: not known
};

struct Mp4Sample {
    std::uint32_t duration_ticks = 0;
    std::uint32_t size_bytes = 0;
    std::int32_t composition_offset_ticks = 0;
    bool sync = false;
    bool disposable = false;
    /// Payload in front of it that is no sample of this file.
    std::uint32_t unused_before_bytes = 0;
    bool operator==(const Mp4Sample&) const = default;
};

/// ftyp and moov. InvalidArgument: no size, or a config over kMaxDecoderConfig_bytes.
[[nodiscard]] Result<Bytes> initSegment(const DecoderConfig& config, const Mp4FileInfo& info);
std::size_t initSegmentSize(const DecoderConfig& config);

/// moof and the header of mdat; the payload must follow: the samples' bytes in order, with what is unused
/// between them and at the end. A run begins at the first sample and behind each unused part.
/// `sequence_number` counts from 1, `base_decode_time` is in ticks since the start of the file.
/// InvalidArgument: no samples, too many, or more than 4 GiB of payload.
[[nodiscard]] Result<Bytes> fragment(std::uint32_t sequence_number, std::uint64_t base_decode_time_ticks,
                                     std::span<const Mp4Sample> samples, std::uint32_t unused_tail_bytes = 0);
/// Without the payload.
std::size_t fragmentHeaderSize(std::size_t sample_count, std::size_t runs = 1);

}  // namespace camgate::media
