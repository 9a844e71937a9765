#include <catch2/catch.hpp>
#include <limits>
#include <random>

#include "media/access_unit_assembler.hpp"
#include "media/mp4_reader.hpp"
#include "media/mp4_writer.hpp"
#include "support/media/streams.hpp"

using namespace camgate;
using namespace camgate::media;
using namespace camgate::media::test;
using std::chrono::milliseconds;

namespace {

DecoderConfig someConfig() {
    return DecoderConfig{Codec::H264, 640, 360, Bytes{1, 77, 0, 30, 0xFF, 0xE0, 0}};
}

void append(Bytes& out, const Bytes& more) {
    out.insert(out.end(), more.begin(), more.end());
}

/// Three samples of 5, 0 and 7 bytes in one fragment, then two of 3 bytes in another.
Bytes smallFile(const DecoderConfig& config) {
    Bytes file = initSegment(config, {WallTime{}, 450}).value();
    const std::vector<Mp4Sample> first{
        {90, 5, 180, true, false}, {90, 0, -90, false, true}, {90, 7, 0, false, false}};
    const std::vector<Mp4Sample> second{{90, 3, 0, true, false}, {90, 3, 0, false, false}};
    append(file, fragment(1, 1000, first).value());
    append(file, Bytes(12, 0xAA));
    append(file, fragment(2, 1270, second).value());
    append(file, Bytes(6, 0xBB));
    return file;
}

}  // namespace

TEST_CASE("mp4: sizes are known before the bytes are", "[media]") {
    DecoderConfig config = someConfig();
    const std::size_t extra = GENERATE(0, 1, 500);
    config.box.resize(config.box.size() + extra);
    CHECK(initSegment(config, {})->size() == initSegmentSize(config));
    const std::vector<Mp4Sample> samples(1 + extra, Mp4Sample{3000, 100, 0, false, false});
    CHECK(fragment(1, 0, samples)->size() == fragmentHeaderSize(samples.size()));
}

TEST_CASE("mp4: the same input gives the same bytes and the time comes from the caller", "[media]") {
    const Mp4FileInfo info{WallTime(std::chrono::seconds(1'700'000'000)), 900'000};
    CHECK(initSegment(someConfig(), info).value() == initSegment(someConfig(), info).value());
    CHECK(initSegment(someConfig(), info).value() != initSegment(someConfig(), {}).value());
}

TEST_CASE("mp4: a fragment byte by byte", "[media]") {
    const std::vector<Mp4Sample> samples{{3000, 5, -1, true, false}, {3000, 6, 2, false, true}};
    CHECK(toHex(fragment(7, 0x1'0000'0002, samples).value()) ==
          "000000786d6f6f66"
          "000000106d666864"
          "00000000"
          "00000007"
          "0000006074726166"
          "0000001074666864"
          "00020000"
          "00000001"
          "0000001474666474"
          "01000000"
          "0000000100000002"
          "000000347472756e"
          "01000f01"
          "00000002"
          "00000080"
          "00000bb8"
          "00000005"
          "02000000"
          "ffffffff"
          "00000bb8"
          "00000006"
          "01810000"
          "00000002"
          "000000136d646174");
}

TEST_CASE("mp4: what cannot be a fragment or a file is refused", "[media]") {
    CHECK_FALSE(fragment(1, 0, {}));
    const Mp4Sample huge{1, std::numeric_limits<std::uint32_t>::max() - 8, 0, true, false};
    CHECK(fragment(1, 0, std::vector<Mp4Sample>{huge}));
    const auto over = fragment(1, 0, std::vector<Mp4Sample>{huge, {1, 1, 0, false, false}});
    REQUIRE_FALSE(over);
    CHECK(over.error().kind == ErrorKind::InvalidArgument);
    CHECK_FALSE(fragment(1, 0, std::vector<Mp4Sample>(kMaxFragmentSamples + 1)));
    CHECK_FALSE(initSegment({Codec::H264, 0, 360, Bytes{1}}, {}));
    CHECK_FALSE(initSegment({Codec::H264, 640, 360, Bytes(kMaxDecoderConfig_bytes + 1)}, {}));
}

TEST_CASE("mp4: ticks are rounded down on both sides of zero", "[media]") {
    CHECK(ticksOf(std::chrono::seconds(1)) == 90'000);
    CHECK(ticksOf(Duration(11'111)) == 0);
    CHECK(ticksOf(Duration(11'112)) == 1);
    CHECK(ticksOf(Duration(-1)) == -1);
    CHECK(ticksOf(std::chrono::hours(24 * 3650)) == 90'000LL * 3600 * 24 * 3650);
}

TEST_CASE("mp4: what is written is read again", "[media]") {
    const DecoderConfig config = someConfig();
    const auto contents = readMp4(smallFile(config));
    REQUIRE(contents);
    REQUIRE(contents->tracks.size() == 1);
    const Mp4ReadTrack& track = contents->tracks[0];
    CHECK(track.config == config);
    CHECK(track.timescale_hz == 90'000);
    CHECK(track.fragments == 2);
    CHECK(track.duration_ticks == 450);
    CHECK(contents->durationSeconds() == Approx(0.005));
    REQUIRE(track.samples.size() == 5);
    const std::size_t data = initSegmentSize(config) + fragmentHeaderSize(3);
    CHECK(track.samples[2].offset_bytes == data + 5);
    CHECK(track.samples[2].size_bytes == 7);
    CHECK(track.samples[1].decode_ticks == 1090);
    CHECK(track.samples[1].presentation_ticks == 1000);
    CHECK(track.samples[1].disposable);
    CHECK_FALSE(track.samples[1].sync);
    CHECK(track.samples[3].sync);
    CHECK(track.samples[3].offset_bytes == data + 12 + fragmentHeaderSize(2));
}

TEST_CASE("mp4: payload that is no sample stays in the file and out of the track", "[media]") {
    // Of 5, (4), 7 and 3, (2) bytes those in brackets are unused.
    std::vector<Mp4Sample> samples{
        {90, 5, 0, true, false}, {90, 7, 0, false, false}, {90, 3, 0, false, false}};
    samples[1].unused_before_bytes = 4;
    Bytes file = initSegment(someConfig(), {}).value();
    const std::size_t start = file.size();
    const Bytes header = fragment(1, 0, samples, 2).value();
    CHECK(header.size() == fragmentHeaderSize(3, 2));
    append(file, header);
    append(file, Bytes(5 + 4 + 7 + 3 + 2, 0xAA));
    append(file, fragment(2, 270, std::vector<Mp4Sample>(1, Mp4Sample{90, 1, 0, true, false})).value());
    append(file, Bytes(1, 0xBB));
    const auto contents = readMp4(file);
    REQUIRE(contents);
    const auto& read = contents->tracks[0].samples;
    REQUIRE(read.size() == 4);
    CHECK(read[0].offset_bytes == start + header.size());
    CHECK(read[1].offset_bytes == start + header.size() + 9);
    CHECK(read[2].offset_bytes == start + header.size() + 16);
    CHECK(read[2].decode_ticks == 180);
    CHECK(contents->tracks[0].fragments == 2);
}

TEST_CASE("mp4: golden streams survive writer and reader, byte for byte", "[media]") {
    const GoldenStream& stream = GENERATE_REF(kBFramesH264, kOpenGopH265);
    AccessUnitAssembler assembler(StreamKind::Main, stream.codec);
    std::optional<DecoderConfig> config;
    std::vector<Mp4Sample> samples;
    Bytes payload;
    const auto raw = accessUnitsOf(stream);
    for (std::size_t i = 0; i < raw.size(); ++i) {
        const BootTime pts(milliseconds(100 * stream.display_order[i]));
        const auto made = assembler.assemble({raw[i], pts, BootTime(milliseconds(300 + 100 * i))}).value();
        REQUIRE(made);
        if (made->new_config) config = made->new_config;
        const AccessUnit& unit = made->unit;
        const std::int64_t offset = ticksOf(unit.presentation_time - unit.decode_time);
        samples.push_back({9000, static_cast<std::uint32_t>(unit.bytes.size()),
                           static_cast<std::int32_t>(offset), unit.random_access != RandomAccess::None,
                           (unit.flags & kDisposable) != 0});
        append(payload, unit.bytes);
    }
    Bytes file = initSegment(*config, {WallTime{}, 270'000}).value();
    append(file, fragment(1, 0, samples).value());
    append(file, payload);
    CHECK(file.size() == initSegmentSize(*config) + fragmentHeaderSize(samples.size()) + payload.size());
    const auto contents = readMp4(file);
    REQUIRE(contents);
    const Mp4ReadTrack& track = contents->tracks[0];
    CHECK(track.config == *config);
    CHECK(contents->durationSeconds() == Approx(3.0));
    REQUIRE(track.samples.size() == 30);
    CHECK(std::equal(payload.begin(), payload.end(),
                     file.begin() + static_cast<std::ptrdiff_t>(track.samples[0].offset_bytes)));
}

TEST_CASE("mp4: truncated files are corrupt or shorter, never a wild read", "[media]") {
    const Bytes file = smallFile(someConfig());
    for (std::size_t length = 0; length < file.size(); ++length) {
        const auto contents = readMp4(ByteView(file).first(length));
        if (contents) CHECK(contents->tracks[0].samples.size() <= 3);
    }
}

TEST_CASE("mp4: random damage never does harm", "[media]") {
    const Bytes file = smallFile(someConfig());
    std::mt19937 random(3);
    for (int round = 0; round < 30'000; ++round) {
        Bytes broken = file;
        for (auto hits = 1 + random() % 4; hits > 0; --hits) {
            broken[random() % broken.size()] = static_cast<std::uint8_t>(random() % 4 == 0 ? 0xFF : random());
        }
        const auto contents = readMp4(broken);
        if (!contents) continue;
        for (const Mp4ReadSample& sample : contents->tracks[0].samples) {
            CHECK(sample.offset_bytes + sample.size_bytes <= broken.size());
        }
    }
}

TEST_CASE("mp4: fragments out of order or samples outside the data are refused", "[media]") {
    const DecoderConfig config = someConfig();
    const auto with = [&](std::uint32_t number, std::uint64_t base, std::uint32_t size) {
        Bytes file = smallFile(config);
        append(file, fragment(number, base, std::vector<Mp4Sample>{{90, size, 0, true, false}}).value());
        append(file, Bytes(4));
        return file;
    };
    CHECK(readMp4(with(3, 1450, 4)));
    CHECK(readMp4(with(4, 1450, 4)).error().kind == ErrorKind::Corruption);
    CHECK(readMp4(with(3, 1449, 4)).error().kind == ErrorKind::Corruption);
    CHECK(readMp4(with(3, 1450, 5)).error().kind == ErrorKind::Corruption);
    CHECK(readMp4(Bytes{}).error().kind == ErrorKind::Corruption);
}
