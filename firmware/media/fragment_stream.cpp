#include "media/fragment_stream.hpp"

#include <algorithm>

namespace camgate::media {
namespace {

/// A camera that pauses for longer shows its last picture for no longer.
constexpr std::int64_t kLongestSample_ticks = 60LL * kMp4Timescale_hz;

}  // namespace

Result<Bytes> FragmentStream::begin(const DecoderConfig& config, WallTime creation_time) {
    auto init = initSegment(config, {creation_time, 0});
    interrupt();
    begun_ = init.has_value();
    file_start_.reset();
    next_fragment_ = 1;
    return init;
}

void FragmentStream::interrupt() {
    running_ = false;
    samples_.clear();
    payload_.clear();
}

Result<Bytes> FragmentStream::add(const AccessUnit& unit, bool room) {
    if (!begun_) return Bytes{};
    const bool starts = unit.random_access != RandomAccess::None;
    Result<Bytes> closed{Bytes{}};
    const bool whole = !samples_.empty() && (starts || unit.decode_time - first_ >= fragment_length_);
    if (whole && room) closed = close(unit.decode_time);
    if (whole && !room) interrupt();
    const bool opens = !running_;
    if (opens && !starts) return closed;
    if (opens) leading_ = unit.random_access == RandomAccess::Open;
    running_ = true;
    if (leading_ && (unit.flags & kLeading) != 0) return closed;
    if (!starts) leading_ = false;
    take(unit, opens);
    return closed;
}

void FragmentStream::take(const AccessUnit& unit, bool opens) {
    if (!file_start_) file_start_ = unit.decode_time;
    if (samples_.empty()) {
        first_ = unit.decode_time;
    } else {
        samples_.back().duration_ticks = lastSampleTicks(unit.decode_time);
    }
    last_ = unit.decode_time;
    Mp4Sample sample;
    sample.size_bytes = static_cast<std::uint32_t>(unit.bytes.size());
    sample.composition_offset_ticks = static_cast<std::int32_t>(
        std::min(ticksInFile(unit.presentation_time) - ticksInFile(unit.decode_time), kLongestSample_ticks));
    sample.sync =
        opens || unit.random_access == RandomAccess::Idr || unit.random_access == RandomAccess::Open;
    sample.disposable = (unit.flags & kDisposable) != 0;
    samples_.push_back(sample);
    payload_.insert(payload_.end(), unit.bytes.begin(), unit.bytes.end());
}

Result<Bytes> FragmentStream::close(BootTime end) {
    samples_.back().duration_ticks = lastSampleTicks(end);
    auto bytes = fragment(next_fragment_++, static_cast<std::uint64_t>(ticksInFile(first_)), samples_);
    if (bytes) bytes->insert(bytes->end(), payload_.begin(), payload_.end());
    samples_.clear();
    payload_.clear();
    return bytes;
}

std::int64_t FragmentStream::ticksInFile(BootTime time) const {
    return ticksOf(time - *file_start_);
}

std::uint32_t FragmentStream::lastSampleTicks(BootTime end) const {
    const std::int64_t ticks = ticksInFile(end) - ticksInFile(last_);
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(ticks, 0, kLongestSample_ticks));
}

}  // namespace camgate::media
