#include "clip/clip_layout.hpp"

#include <algorithm>

#include "evidence/record_box.hpp"
#include "ring/record_codec.hpp"

namespace camgate::clip {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLoneSample = 40ms;

/// How long the very last sample of a file is shown: nothing says it, so as long as the mean one.
Duration lastSampleDuration(const PlannedRecord& record) {
    if (record.samples < 2) return kLoneSample;
    return (record.last_decode - record.first_decode) / (record.samples - 1);
}

BootTime endOf(const PlannedFile& file, std::size_t record) {
    if (record + 1 < file.records.size()) return file.records[record + 1].first_decode;
    return file.records[record].last_decode + lastSampleDuration(file.records[record]);
}

/// Box, fragment header and the header of mdat.
std::uint64_t headerBytes(const PlannedRecord& record) {
    const std::uint32_t shown = record.samples - record.skipped_samples;
    const bool second_run = record.skipped_samples > 0 && shown > 1;
    return evidence::kRecordBoxFront_bytes + ring::kHeader_bytes +
           std::uint64_t{record.samples} * ring::kSample_bytes +
           media::fragmentHeaderSize(shown, second_run ? 2 : 1);
}

}  // namespace

ClipLayout::ClipLayout(const ClipPlan& plan) {
    for (std::size_t file = 0; file < plan.files.size(); ++file) {
        const std::uint64_t begin = bytes_;
        add(PieceKind::Init, file, 0, media::initSegmentSize(plan.files[file].config));
        for (std::size_t i = 0; i < plan.files[file].records.size(); ++i) {
            const PlannedRecord& record = plan.files[file].records[i];
            add(PieceKind::RecordHeader, file, i, headerBytes(record));
            add(PieceKind::Payload, file, i, record.payload_bytes);
        }
        file_bytes_.push_back(bytes_ - begin);
    }
}

void ClipLayout::add(PieceKind kind, std::size_t file, std::size_t record, std::uint64_t bytes) {
    pieces_.push_back(
        {bytes_, bytes, kind, static_cast<std::uint32_t>(file), static_cast<std::uint32_t>(record)});
    bytes_ += bytes;
}

std::size_t ClipLayout::pieceAt(std::uint64_t offset) const {
    const auto after = std::ranges::upper_bound(pieces_, offset, {}, &Piece::offset);
    return static_cast<std::size_t>(after - pieces_.begin()) - 1;
}

std::uint64_t fileTicks(const PlannedFile& file) {
    const BootTime end = endOf(file, file.records.size() - 1);
    return static_cast<std::uint64_t>(media::ticksOf(end - file.records.front().first_decode));
}

Result<Bytes> fragmentHeader(const PlannedFile& file, std::size_t record,
                             const std::vector<ring::Sample>& samples) {
    const PlannedRecord& planned = file.records[record];
    const BootTime start = file.records.front().first_decode;
    std::vector<media::Mp4Sample> made;
    std::vector<BootTime> decode;
    BootTime at = planned.first_decode;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const ring::Sample& sample = samples[i];
        at += Duration(sample.decode_delta_ns);
        if (i >= 1 && i <= planned.skipped_samples) continue;
        const BootTime presentation = at + Duration(sample.presentation_offset_ns);
        media::Mp4Sample mp4;
        mp4.size_bytes = sample.size_bytes;
        mp4.composition_offset_ticks =
            static_cast<std::int32_t>(media::ticksOf(presentation - start) - media::ticksOf(at - start));
        const bool opens = record == 0 && i == 0;
        mp4.sync = sample.random_access == media::RandomAccess::Idr ||
                   sample.random_access == media::RandomAccess::Open ||
                   (opens && sample.random_access == media::RandomAccess::RecoveryPoint);
        mp4.disposable = (sample.flags & media::kDisposable) != 0;
        if (made.size() == 1) mp4.unused_before_bytes = planned.skipped_bytes;
        made.push_back(mp4);
        decode.push_back(at);
    }
    decode.push_back(endOf(file, record));
    for (std::size_t i = 0; i < made.size(); ++i) {
        made[i].duration_ticks = static_cast<std::uint32_t>(media::ticksOf(decode[i + 1] - start) -
                                                            media::ticksOf(decode[i] - start));
    }
    const auto base = static_cast<std::uint64_t>(media::ticksOf(planned.first_decode - start));
    const std::uint32_t unused_tail = made.size() == 1 ? planned.skipped_bytes : 0;
    return media::fragment(static_cast<std::uint32_t>(record + 1), base, made, unused_tail);
}

}  // namespace camgate::clip
