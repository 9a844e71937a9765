#include "media/mp4_writer.hpp"

#include <array>
#include <limits>

#include "media/box_writer.hpp"
#include "media/mp4_format.hpp"

namespace camgate::media {
namespace {

constexpr std::uint32_t kTrackId = 1;
constexpr std::uint32_t kTrackEnabledInMovie = 3;
constexpr std::uint32_t kUndeterminedLanguage = 0x55C4;  // "und" in 5-bit letters
constexpr std::uint32_t kFixedOne = 0x00010000;
constexpr std::uint32_t kSeventyTwoDpi = 0x00480000;
constexpr std::int64_t kSecondsFrom1904To1970 = 2'082'844'800;
constexpr std::string_view kHandlerName{"camgate\0", 8};

/// Of an init segment whose config is empty; a test holds it against the bytes.
constexpr std::size_t kInitSegmentFixedBytes = 666;
constexpr std::size_t kFragmentFixedBytes = 96;
constexpr std::size_t kFragmentBytesPerRun = 20;  // the first one is in the fixed bytes
constexpr std::size_t kFragmentBytesPerSample = 16;

std::uint64_t secondsSince1904(WallTime time) {
    const std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
    return static_cast<std::uint64_t>(seconds + kSecondsFrom1904To1970);
}

void putMatrix(BoxWriter& out) {
    constexpr std::array<std::uint32_t, 9> kUnity{kFixedOne, 0, 0, 0, kFixedOne, 0, 0, 0, 0x40000000};
    for (const std::uint32_t value : kUnity) out.u32(value);
}

void putFileType(BoxWriter& out) {
    const std::size_t box = out.open("ftyp");
    out.text("iso6");
    out.u32(0);
    out.text("iso6mp41");
    out.close(box);
}

void putMovieHeader(BoxWriter& out, std::uint64_t created, const Mp4FileInfo& info) {
    const std::size_t box = out.open("mvhd", 1, 0);
    out.u64(created);
    out.u64(created);
    out.u32(kMp4Timescale_hz);
    out.u64(info.duration_ticks);
    out.u32(kFixedOne);
    out.u16(0x0100);
    out.zeros(10);
    putMatrix(out);
    out.zeros(24);
    out.u32(kTrackId + 1);
    out.close(box);
}

void putTrackHeader(BoxWriter& out, const DecoderConfig& config, std::uint64_t created,
                    const Mp4FileInfo& info) {
    const std::size_t box = out.open("tkhd", 1, kTrackEnabledInMovie);
    out.u64(created);
    out.u64(created);
    out.u32(kTrackId);
    out.u32(0);
    out.u64(info.duration_ticks);
    out.zeros(16);
    putMatrix(out);
    out.u32(std::uint32_t{config.width_px} << 16U);
    out.u32(std::uint32_t{config.height_px} << 16U);
    out.close(box);
}

void putMediaHeader(BoxWriter& out, std::uint64_t created, const Mp4FileInfo& info) {
    const std::size_t mdhd = out.open("mdhd", 1, 0);
    out.u64(created);
    out.u64(created);
    out.u32(kMp4Timescale_hz);
    out.u64(info.duration_ticks);
    out.u16(kUndeterminedLanguage);
    out.u16(0);
    out.close(mdhd);
    const std::size_t hdlr = out.open("hdlr", 0, 0);
    out.u32(0);
    out.text("vide");
    out.zeros(12);
    out.text(kHandlerName);
    out.close(hdlr);
}

void putSampleEntry(BoxWriter& out, const DecoderConfig& config) {
    const bool h264 = config.codec == Codec::H264;
    const std::size_t entry = out.open(h264 ? "avc1" : "hvc1");
    out.zeros(6);
    out.u16(1);
    out.zeros(16);
    out.u16(config.width_px);
    out.u16(config.height_px);
    out.u32(kSeventyTwoDpi);
    out.u32(kSeventyTwoDpi);
    out.u32(0);
    out.u16(1);
    out.zeros(32);
    out.u16(0x0018);
    out.u16(0xFFFF);
    const std::size_t box = out.open(h264 ? "avcC" : "hvcC");
    out.bytes(config.box);
    out.close(box);
    out.close(entry);
}

/// The tables of a fragmented file are empty: samples are in the fragments.
void putSampleTable(BoxWriter& out, const DecoderConfig& config) {
    const std::size_t stbl = out.open("stbl");
    const std::size_t stsd = out.open("stsd", 0, 0);
    out.u32(1);
    putSampleEntry(out, config);
    out.close(stsd);
    for (const std::string_view type : {"stts", "stsc", "stco"}) {
        const std::size_t box = out.open(type, 0, 0);
        out.u32(0);
        out.close(box);
    }
    const std::size_t stsz = out.open("stsz", 0, 0);
    out.u32(0);
    out.u32(0);
    out.close(stsz);
    out.close(stbl);
}

void putMediaInformation(BoxWriter& out, const DecoderConfig& config) {
    const std::size_t minf = out.open("minf");
    const std::size_t vmhd = out.open("vmhd", 0, 1);
    out.zeros(8);
    out.close(vmhd);
    const std::size_t dinf = out.open("dinf");
    const std::size_t dref = out.open("dref", 0, 0);
    out.u32(1);
    out.close(out.open("url ", 0, 1));
    out.close(dref);
    out.close(dinf);
    putSampleTable(out, config);
    out.close(minf);
}

void putMovieExtends(BoxWriter& out, const Mp4FileInfo& info) {
    const std::size_t mvex = out.open("mvex");
    const std::size_t mehd = out.open("mehd", 1, 0);
    out.u64(info.duration_ticks);
    out.close(mehd);
    const std::size_t trex = out.open("trex", 0, 0);
    out.u32(kTrackId);
    out.u32(1);
    out.zeros(12);
    out.close(trex);
    out.close(mvex);
}

std::uint32_t sampleFlags(const Mp4Sample& sample) {
    return (sample.sync ? kSampleDependsOnNothing : kSampleDependsOnOthers | kSampleIsNonSync) |
           (sample.disposable ? kSampleIsDisposable : 0U);
}

/// How many samples from `samples.front()` on lie side by side.
std::size_t runLength(std::span<const Mp4Sample> samples) {
    std::size_t length = 1;
    while (length < samples.size() && samples[length].unused_before_bytes == 0) ++length;
    return length;
}

std::size_t runsIn(std::span<const Mp4Sample> samples) {
    std::size_t runs = 0;
    for (; !samples.empty(); samples = samples.subspan(runLength(samples))) ++runs;
    return runs;
}

/// `data_offset` is that of the first sample; the one behind the last is returned.
std::uint32_t putRun(BoxWriter& out, std::uint32_t data_offset, std::span<const Mp4Sample> run) {
    const std::size_t trun = out.open("trun", 1, kRunFlags);
    out.u32(static_cast<std::uint32_t>(run.size()));
    out.u32(data_offset);
    for (const Mp4Sample& sample : run) {
        out.u32(sample.duration_ticks);
        out.u32(sample.size_bytes);
        out.u32(sampleFlags(sample));
        out.u32(static_cast<std::uint32_t>(sample.composition_offset_ticks));
        data_offset += sample.size_bytes;
    }
    out.close(trun);
    return data_offset;
}

}  // namespace

Result<Bytes> initSegment(const DecoderConfig& config, const Mp4FileInfo& info) {
    if (config.width_px == 0 || config.height_px == 0) {
        return fail(ErrorKind::InvalidArgument, "decoder config without a picture size");
    }
    if (config.box.empty() || config.box.size() > kMaxDecoderConfig_bytes) {
        return fail(ErrorKind::InvalidArgument, "decoder config of unusable length");
    }
    const std::uint64_t created = secondsSince1904(info.creation_time);
    BoxWriter out;
    putFileType(out);
    const std::size_t moov = out.open("moov");
    putMovieHeader(out, created, info);
    const std::size_t trak = out.open("trak");
    putTrackHeader(out, config, created, info);
    const std::size_t mdia = out.open("mdia");
    putMediaHeader(out, created, info);
    putMediaInformation(out, config);
    out.close(mdia);
    out.close(trak);
    putMovieExtends(out, info);
    out.close(moov);
    return std::move(out).take();
}

std::size_t initSegmentSize(const DecoderConfig& config) {
    return kInitSegmentFixedBytes + config.box.size();
}

Result<Bytes> fragment(std::uint32_t sequence_number, std::uint64_t base_decode_time_ticks,
                       std::span<const Mp4Sample> samples, std::uint32_t unused_tail_bytes) {
    if (samples.empty() || samples.size() > kMaxFragmentSamples) {
        return fail(ErrorKind::InvalidArgument, "fragment of " + std::to_string(samples.size()) + " samples");
    }
    std::uint64_t payload_bytes = unused_tail_bytes;
    for (const Mp4Sample& sample : samples) {
        payload_bytes += std::uint64_t{sample.unused_before_bytes} + sample.size_bytes;
    }
    if (payload_bytes + 8 > std::numeric_limits<std::uint32_t>::max()) {
        return fail(ErrorKind::InvalidArgument, "fragment over 4 GiB");
    }
    BoxWriter out;
    const std::size_t moof = out.open("moof");
    const std::size_t mfhd = out.open("mfhd", 0, 0);
    out.u32(sequence_number);
    out.close(mfhd);
    const std::size_t traf = out.open("traf");
    const std::size_t tfhd = out.open("tfhd", 0, kDefaultBaseIsMoof);
    out.u32(kTrackId);
    out.close(tfhd);
    const std::size_t tfdt = out.open("tfdt", 1, 0);
    out.u64(base_decode_time_ticks);
    out.close(tfdt);
    auto data_offset = static_cast<std::uint32_t>(fragmentHeaderSize(samples.size(), runsIn(samples)));
    for (auto rest = samples; !rest.empty(); rest = rest.subspan(runLength(rest))) {
        data_offset += rest.front().unused_before_bytes;
        data_offset = putRun(out, data_offset, rest.first(runLength(rest)));
    }
    out.close(traf);
    out.close(moof);
    out.u32(static_cast<std::uint32_t>(payload_bytes + 8));
    out.text("mdat");
    return std::move(out).take();
}

std::size_t fragmentHeaderSize(std::size_t sample_count, std::size_t runs) {
    return kFragmentFixedBytes + (runs - 1) * kFragmentBytesPerRun + sample_count * kFragmentBytesPerSample;
}

}  // namespace camgate::media
