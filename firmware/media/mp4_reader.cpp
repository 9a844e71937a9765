#include "media/mp4_reader.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>

#include "media/mp4_format.hpp"

namespace camgate::media {
namespace {

constexpr std::size_t kMaxTracks = 8;

std::unexpected<Error> corrupt(std::string what) {
    return fail(ErrorKind::Corruption, std::move(what));
}

/// Big-endian; past the end it stays failed and reads zeros.
class Cursor {
  public:
    explicit Cursor(ByteView bytes) : rest_(bytes) {}
    std::uint64_t get(unsigned count) {
        if (count > rest_.size()) ok_ = false;
        if (!ok_) return 0;
        std::uint64_t value = 0;
        for (unsigned i = 0; i < count; ++i) value = value << 8U | rest_[i];
        rest_ = rest_.subspan(count);
        return value;
    }
    std::uint32_t u32() { return static_cast<std::uint32_t>(get(4)); }
    std::uint16_t u16() { return static_cast<std::uint16_t>(get(2)); }
    void skip(std::size_t count) {
        if (count > rest_.size()) ok_ = false;
        if (ok_) rest_ = rest_.subspan(count);
    }
    ByteView rest() const { return rest_; }
    bool ok() const { return ok_; }

  private:
    ByteView rest_;
    bool ok_ = true;
};

struct Box {
    std::string_view type;
    ByteView payload;
    std::uint64_t offset_bytes = 0;  ///< of the box, in what is walked
};

/// Calls `visit` for each box in `bytes`.
template <class Visit>
Status walk(ByteView bytes, Visit visit) {
    std::size_t offset = 0;
    while (offset < bytes.size()) {
        Cursor in(bytes.subspan(offset));
        const std::uint64_t size = in.u32();
        const ByteView type = in.rest();
        if (!in.ok() || type.size() < 4 || size < 8 || size > bytes.size() - offset) {
            return corrupt("box at " + std::to_string(offset) + " does not fit");
        }
        const auto length = static_cast<std::size_t>(size);
        const Box box{asText(type.first(4)), bytes.subspan(offset + 8, length - 8), offset};
        if (auto status = visit(box); !status) return status;
        offset += length;
    }
    return {};
}

/// The first box of that type, or nothing.
Result<std::optional<ByteView>> child(ByteView parent, std::string_view type) {
    std::optional<ByteView> found;
    auto status = walk(parent, [&](const Box& box) -> Status {
        if (box.type == type && !found) found = box.payload;
        return {};
    });
    if (!status) return std::unexpected(status.error());
    return found;
}

/// Goes down a path of types; each must be there.
Result<ByteView> descend(ByteView from, std::initializer_list<std::string_view> path) {
    for (const std::string_view type : path) {
        auto found = child(from, type);
        if (!found) return std::unexpected(found.error());
        if (!*found) return corrupt("no box " + std::string(type));
        from = **found;
    }
    return from;
}

Status readSampleEntry(ByteView stsd, DecoderConfig& config) {
    constexpr std::size_t kFullBoxAndCount = 8;
    constexpr std::size_t kSampleEntryFields = 78;
    if (stsd.size() < kFullBoxAndCount) return corrupt("truncated stsd");
    std::optional<Box> entry;
    auto status = walk(stsd.subspan(kFullBoxAndCount), [&](const Box& box) -> Status {
        if (!entry) entry = box;
        return {};
    });
    if (!status) return status;
    if (!entry || (entry->type != "avc1" && entry->type != "hvc1")) {
        return fail(ErrorKind::InvalidArgument, "sample entry is neither avc1 nor hvc1");
    }
    config.codec = entry->type == "avc1" ? Codec::H264 : Codec::H265;
    Cursor in(entry->payload);
    in.skip(24);
    config.width_px = in.u16();
    config.height_px = in.u16();
    if (!in.ok() || entry->payload.size() < kSampleEntryFields) return corrupt("truncated sample entry");
    const auto box =
        descend(entry->payload.subspan(kSampleEntryFields), {config.codec == Codec::H264 ? "avcC" : "hvcC"});
    if (!box) return std::unexpected(box.error());
    if (box->size() > kMaxDecoderConfig_bytes) return corrupt("decoder config over the limit");
    config.box.assign(box->begin(), box->end());
    return {};
}

/// A field behind version, flags and two times, which have 4 bytes each in version 0 and 8 in version 1.
std::uint32_t fieldAfterTimes(ByteView full_box) {
    Cursor in(full_box);
    const std::uint64_t version = in.get(1);
    in.skip(version == 1 ? 3 + 16 : 3 + 8);
    return in.u32();
}

Status readTrack(ByteView trak, Mp4Contents& contents) {
    if (contents.tracks.size() >= kMaxTracks) return corrupt("too many tracks");
    const auto tkhd = descend(trak, {"tkhd"});
    const auto mdhd = descend(trak, {"mdia", "mdhd"});
    const auto stsd = descend(trak, {"mdia", "minf", "stbl", "stsd"});
    for (const auto* part : {&tkhd, &mdhd, &stsd}) {
        if (!*part) return std::unexpected(part->error());
    }
    Mp4ReadTrack track;
    track.id = fieldAfterTimes(*tkhd);
    track.timescale_hz = fieldAfterTimes(*mdhd);
    if (track.id == 0 || track.timescale_hz == 0) return corrupt("track without id or timescale");
    if (auto status = readSampleEntry(*stsd, track.config); !status) return status;
    contents.tracks.push_back(std::move(track));
    return {};
}

class FragmentReader {
  public:
    FragmentReader(ByteView file, Mp4Contents& contents) : file_(file), contents_(contents) {}

    Status readMoof(const Box& moof) {
        const auto mfhd = descend(moof.payload, {"mfhd"});
        if (!mfhd) return std::unexpected(mfhd.error());
        Cursor in(*mfhd);
        in.skip(4);
        const std::uint32_t number = in.u32();
        if (!in.ok() || (next_number_ != kAnyNumber && number != next_number_)) {
            return corrupt("fragments do not count up by one");
        }
        next_number_ = std::int64_t{number} + 1;
        return walk(moof.payload, [&](const Box& box) -> Status {
            return box.type == "traf" ? readTraf(box.payload, moof.offset_bytes) : Status{};
        });
    }

  private:
    Status readTraf(ByteView traf, std::uint64_t moof_offset) {
        const auto tfhd = descend(traf, {"tfhd"});
        const auto tfdt = descend(traf, {"tfdt"});
        for (const auto* part : {&tfhd, &tfdt}) {
            if (!*part) return std::unexpected(part->error());
        }
        Cursor header(*tfhd);
        const std::uint32_t flags = header.u32();
        const std::uint32_t track_id = header.u32();
        Cursor time(*tfdt);
        const std::uint32_t time_version = time.u32();
        const std::uint64_t base_ticks = time.get(8);
        if (!header.ok() || !time.ok()) return corrupt("truncated track fragment");
        if (flags != kDefaultBaseIsMoof || time_version != 0x01000000) {
            return fail(ErrorKind::InvalidArgument, "track fragment of a foreign kind");
        }
        const auto track = std::ranges::find(contents_.tracks, track_id, &Mp4ReadTrack::id);
        if (track == contents_.tracks.end()) return corrupt("fragment of an unknown track");
        ++track->fragments;
        return readRuns(traf, *track, base_ticks, moof_offset);
    }

    Status readRuns(ByteView traf, Mp4ReadTrack& track, std::uint64_t decode_ticks,
                    std::uint64_t moof_offset) {
        std::size_t runs = 0;
        auto status = walk(traf, [&](const Box& box) -> Status {
            if (box.type != "trun") return {};
            ++runs;
            return readRun(box.payload, track, decode_ticks, moof_offset);
        });
        if (status && runs == 0) return corrupt("fragment without a run");
        return status;
    }

    /// `decode_ticks` moves on to the run's end.
    Status readRun(ByteView trun, Mp4ReadTrack& track, std::uint64_t& decode_ticks,
                   std::uint64_t moof_offset) {
        constexpr std::size_t kBytesPerSample = 16;
        constexpr std::uint64_t kMaxTicks = std::uint64_t{1} << 62U;
        Cursor in(trun);
        const std::uint32_t flags = in.u32();
        const std::uint32_t count = in.u32();
        std::uint64_t offset = moof_offset + in.u32();
        if (!in.ok()) return corrupt("truncated run");
        if (flags != (0x01000000 | kRunFlags))
            return fail(ErrorKind::InvalidArgument, "run of a foreign kind");
        if (in.rest().size() != std::uint64_t{count} * kBytesPerSample)
            return corrupt("run of a wrong length");
        if (decode_ticks < endOf(track) || decode_ticks > kMaxTicks) return corrupt("times run backwards");
        for (std::uint32_t i = 0; i < count; ++i) {
            Mp4ReadSample sample;
            sample.offset_bytes = offset;
            sample.duration_ticks = in.u32();
            sample.size_bytes = in.u32();
            const std::uint32_t sample_flags = in.u32();
            const auto composition_offset = static_cast<std::int32_t>(in.u32());
            sample.decode_ticks = decode_ticks;
            sample.presentation_ticks = static_cast<std::int64_t>(decode_ticks) + composition_offset;
            sample.sync = (sample_flags & kSampleIsNonSync) == 0;
            sample.disposable = (sample_flags & kSampleIsDisposable) != 0;
            if (offset > file_.size() || sample.size_bytes > file_.size() - offset) {
                return corrupt("sample outside the file");
            }
            offset += sample.size_bytes;
            decode_ticks += sample.duration_ticks;
            track.samples.push_back(sample);
        }
        if (!track.samples.empty()) track.duration_ticks = endOf(track) - track.samples.front().decode_ticks;
        return {};
    }

    static std::uint64_t endOf(const Mp4ReadTrack& track) {
        if (track.samples.empty()) return 0;
        return track.samples.back().decode_ticks + track.samples.back().duration_ticks;
    }

    static constexpr std::int64_t kAnyNumber = -1;

    ByteView file_;
    Mp4Contents& contents_;
    std::int64_t next_number_ = kAnyNumber;
};

/// Every sample must lie within an mdat, else it would name bytes that are no payload.
Status checkSamplesLieIn(const std::vector<Box>& data, const Mp4Contents& contents) {
    for (const Mp4ReadTrack& track : contents.tracks) {
        auto box = data.begin();
        for (const Mp4ReadSample& sample : track.samples) {
            const auto begin = [&] { return box->offset_bytes + 8; };
            while (box != data.end() && sample.offset_bytes > begin() + box->payload.size()) ++box;
            while (box != data.end() && sample.offset_bytes == begin() + box->payload.size() &&
                   sample.size_bytes > 0) {
                ++box;
            }
            if (box == data.end() || sample.offset_bytes < begin() ||
                sample.size_bytes > begin() + box->payload.size() - sample.offset_bytes) {
                return corrupt("sample outside the media data");
            }
        }
    }
    return {};
}

}  // namespace

double Mp4Contents::durationSeconds() const {
    double longest = 0;
    for (const Mp4ReadTrack& track : tracks) {
        longest = std::max(longest, static_cast<double>(track.duration_ticks) / track.timescale_hz);
    }
    return longest;
}

Result<Mp4Contents> readMp4(ByteView file) {
    Mp4Contents contents;
    FragmentReader fragments(file, contents);
    std::vector<Box> data;
    bool has_type = false;
    auto status = walk(file, [&](const Box& box) -> Status {
        if (box.type == "ftyp") has_type = true;
        if (box.type == "mdat") data.push_back(box);
        if (box.type == "moof") return fragments.readMoof(box);
        if (box.type != "moov") return {};
        if (!contents.tracks.empty()) return corrupt("second moov");
        return walk(box.payload, [&](const Box& inner) -> Status {
            return inner.type == "trak" ? readTrack(inner.payload, contents) : Status{};
        });
    });
    if (!status) return std::unexpected(status.error());
    if (!has_type || contents.tracks.empty()) return corrupt("neither ftyp nor a track");
    if (auto placed = checkSamplesLieIn(data, contents); !placed) return std::unexpected(placed.error());
    return contents;
}

}  // namespace camgate::media
