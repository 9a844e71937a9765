#include "evidence/fragment_check.hpp"

#include <algorithm>
#include <utility>

#include "media/mp4_writer.hpp"

namespace camgate::evidence {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLoneSample = 40ms;
constexpr std::size_t kBytesPerSample = 16;
constexpr std::size_t kMdatHeader_bytes = 8;

/// How many pictures are left out, which the length alone says; more than there are: no such length.
std::size_t skippedOf(std::size_t boxes_bytes, std::size_t samples) {
    for (std::size_t skipped = 0; skipped < samples; ++skipped) {
        const std::size_t shown = samples - skipped;
        const std::size_t runs = skipped > 0 && shown > 1 ? 2 : 1;
        if (media::fragmentHeaderSize(shown, runs) == boxes_bytes) return skipped;
    }
    return samples;
}

/// Only what cannot be decoded after an open random access point may be left out.
bool maySkip(const CanonicalHeader& header, const std::vector<SampleEntry>& samples, std::size_t skipped) {
    if (skipped == 0) return true;
    if (header.starts_with != media::RandomAccess::Open) return false;
    return std::all_of(samples.begin() + 1, samples.begin() + 1 + static_cast<std::ptrdiff_t>(skipped),
                       [](const SampleEntry& sample) { return (sample.flags & media::kLeading) != 0; });
}

bool isSync(const SampleEntry& sample, bool opens_file) {
    return sample.random_access == media::RandomAccess::Idr ||
           sample.random_access == media::RandomAccess::Open ||
           (opens_file && sample.random_access == media::RandomAccess::RecoveryPoint);
}

struct Shown {
    std::vector<media::Mp4Sample> samples;
    std::vector<std::int64_t> ticks;  // decode times in the file
    std::uint32_t unused_tail_bytes = 0;
};

Shown shownSamples(const CanonicalHeader& header, const std::vector<SampleEntry>& samples,
                   std::size_t skipped, const FragmentPlace& place) {
    Shown shown;
    Duration at = header.first_decode - place.file_start;
    std::uint32_t unused_bytes = 0;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        at += samples[i].decode_delta;
        if (i >= 1 && i <= skipped) {
            unused_bytes += samples[i].size_bytes;
            continue;
        }
        media::Mp4Sample sample;
        sample.size_bytes = samples[i].size_bytes;
        const std::int64_t ticks = media::ticksOf(at);
        sample.composition_offset_ticks =
            static_cast<std::int32_t>(media::ticksOf(at + samples[i].presentation_offset) - ticks);
        sample.sync = isSync(samples[i], place.number == 1 && i == 0);
        sample.disposable = (samples[i].flags & media::kDisposable) != 0;
        sample.unused_before_bytes = std::exchange(unused_bytes, 0);
        shown.samples.push_back(sample);
        shown.ticks.push_back(ticks);
    }
    shown.unused_tail_bytes = unused_bytes;
    return shown;
}

}  // namespace

BootTime endOfLast(const CanonicalHeader& header) {
    if (header.samples < 2) return header.last_decode + kLoneSample;
    return header.last_decode + (header.last_decode - header.first_decode) / (header.samples - 1);
}

bool showsRecord(ByteView boxes, const CanonicalHeader& header, const std::vector<SampleEntry>& samples,
                 const FragmentPlace& place) {
    const std::size_t skipped = skippedOf(boxes.size(), samples.size());
    if (skipped >= samples.size() || !maySkip(header, samples, skipped)) return false;
    Shown shown = shownSamples(header, samples, skipped, place);
    for (std::size_t i = 0; i + 1 < shown.samples.size(); ++i) {
        shown.samples[i].duration_ticks = static_cast<std::uint32_t>(shown.ticks[i + 1] - shown.ticks[i]);
    }
    const std::optional<BootTime> end = place.last ? endOfLast(header) : place.next;
    if (end) {
        shown.samples.back().duration_ticks =
            static_cast<std::uint32_t>(media::ticksOf(*end - place.file_start) - shown.ticks.back());
    } else {
        // What follows is damaged: this record is not blamed for it.
        const ByteView last = boxes.subspan(boxes.size() - kMdatHeader_bytes - kBytesPerSample, 4);
        for (const std::uint8_t byte : last) {
            auto& ticks = shown.samples.back().duration_ticks;
            ticks = ticks << 8U | byte;
        }
    }
    const auto base = static_cast<std::uint64_t>(media::ticksOf(header.first_decode - place.file_start));
    const auto built = media::fragment(place.number, base, shown.samples, shown.unused_tail_bytes);
    return built && std::ranges::equal(*built, boxes);
}

}  // namespace camgate::evidence
