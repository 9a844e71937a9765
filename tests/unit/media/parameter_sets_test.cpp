#include "media/parameter_sets.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "support/media/streams.hpp"

using namespace camgate;
using namespace camgate::media;
using namespace camgate::media::test;

namespace {

Result<bool> add(ParameterSets& sets, const Bytes& nal) {
    return sets.add(readNalHeader(Codec::H264, nal).value(), nal);
}

}  // namespace

TEST_CASE("parameter sets: size after cropping, progressive and interlaced", "[media]") {
    // 1920x1088 less 4 units of 2 rows.
    const auto full_hd =
        readSps(Codec::H264, h264Sps({.width_mbs = 120, .height_mbs = 68, .crop = {0, 0, 0, 4}}));
    REQUIRE(full_hd);
    CHECK(full_hd->width_px == 1920);
    CHECK(full_hd->height_px == 1080);
    // 34 pairs of rows of macroblocks are 1088; fields count twice, so a unit is 4 rows.
    const auto interlaced =
        readSps(Codec::H264,
                h264Sps({.width_mbs = 120, .height_mbs = 34, .frames_only = false, .crop = {0, 0, 0, 2}}));
    REQUIRE(interlaced);
    CHECK(interlaced->height_px == 1080);
}

TEST_CASE("parameter sets: sizes over the limit and croppings of everything are refused", "[media]") {
    CHECK(readSps(Codec::H264, h264Sps({.width_mbs = 256, .height_mbs = 256})));
    CHECK_FALSE(readSps(Codec::H264, h264Sps({.width_mbs = 257})));
    CHECK_FALSE(readSps(Codec::H264, h264Sps({.width_mbs = 0x7FFFFFFF})));
    CHECK_FALSE(readSps(Codec::H264, h264Sps({.crop = {80, 80, 0, 0}})));
    CHECK_FALSE(readSps(Codec::H264, h264Sps({.crop = {0xFFFFFFF0, 0xFFFFFFF0, 0, 0}})));
    CHECK_FALSE(readSps(Codec::H264, Bytes{0x67, 77}));
}

TEST_CASE("parameter sets: reorder depth as far as the set tells", "[media]") {
    CHECK(readSps(Codec::H264, h264Sps({.order_count_type = 2}))->reorder_depth == 0);
    CHECK(readSps(Codec::H264, h264Sps({.profile = 66}))->reorder_depth == 0);
    CHECK_FALSE(readSps(Codec::H264, h264Sps({.profile = 77}))->reorder_depth.has_value());
}

TEST_CASE("parameter sets: golden streams give size, depth and a config", "[media]") {
    const GoldenStream& stream = GENERATE_REF(kBFramesH264, kOpenGopH265, kIntraRefreshH264);
    INFO(stream.file);
    ParameterSets sets(stream.codec);
    CHECK(sets.empty());
    const Bytes first = accessUnitsOf(stream).front();
    const std::vector<ByteView> nals = splitAnnexB(first).value();
    for (const ByteView nal : nals) {
        const NalHeader header = readNalHeader(stream.codec, nal).value();
        if (header.kind == NalKind::Vps || header.kind == NalKind::Sps || header.kind == NalKind::Pps) {
            REQUIRE(sets.add(header, nal));
        }
    }
    const auto active = sets.activeFor(0);
    REQUIRE(active);
    CHECK(active->config.width_px == stream.width_px);
    CHECK(active->config.height_px == stream.height_px);
    CHECK(active->reorder_depth == (stream.display_order[1] == 1 ? 0 : 2));
    CHECK(active->config.box.front() == 1);
    CHECK(active->config.id() != 0);
}

TEST_CASE("parameter sets: avcC byte by byte", "[media]") {
    ParameterSets sets(Codec::H264);
    const Bytes sps = h264Sps({});
    CHECK(add(sets, sps).value());
    CHECK(sets.empty());
    CHECK(add(sets, Bytes{0x68, 0xCE}).value());  // ids 0 and 0
    CHECK_FALSE(add(sets, sps).value());
    Bytes expected{1, 77, 0, 30, 0xFF, 0xE1, 0, static_cast<std::uint8_t>(sps.size())};
    expected.insert(expected.end(), sps.begin(), sps.end());
    expected.insert(expected.end(), {1, 0, 2, 0x68, 0xCE});
    CHECK(sets.activeFor(0)->config.box == expected);
}

TEST_CASE("parameter sets: several picture sets are kept, those of an old sequence set are not", "[media]") {
    ParameterSets sets(Codec::H264);
    CHECK(add(sets, h264Sps({})));
    CHECK(add(sets, h264Sps({.id = 1, .width_mbs = 40})));
    for (const std::uint32_t id : {0, 1, 7}) CHECK(add(sets, h264Pps(id, 0)).value());
    CHECK(add(sets, h264Pps(2, 1)).value());
    const auto shared = sets.activeFor(0);
    REQUIRE(shared);
    CHECK(shared->config == sets.activeFor(7)->config);
    CHECK(shared->config.width_px == 320);
    CHECK(sets.activeFor(2)->config.width_px == 640);
    CHECK(sets.activeFor(3).error().kind == ErrorKind::NotFound);
    CHECK(add(sets, h264Sps({.height_mbs = 16})).value());
    CHECK_FALSE(sets.activeFor(7));
    CHECK(sets.activeFor(2));
}

TEST_CASE("parameter sets: a config over the limit is refused, not cut", "[media]") {
    ParameterSets sets(Codec::H264);
    CHECK(add(sets, h264Sps({})));
    for (std::uint32_t id = 0; id < 8; ++id) {
        Bytes pps = h264Pps(id, 0);
        pps.resize(600, 0xAB);
        CHECK(add(sets, pps));
    }
    CHECK(sets.activeFor(0).error().kind == ErrorKind::InvalidArgument);
}

TEST_CASE("parameter sets: random changes to real sets never do harm", "[media]") {
    std::mt19937 random(1);
    const GoldenStream& stream = GENERATE_REF(kBFramesH264, kOpenGopH265);
    const Bytes first = accessUnitsOf(stream).front();
    const std::vector<ByteView> nals = splitAnnexB(first).value();
    for (int round = 0; round < 3000; ++round) {
        ParameterSets sets(stream.codec);
        for (const ByteView nal : nals) {
            Bytes broken(nal.begin(), nal.end());
            broken[random() % broken.size()] = static_cast<std::uint8_t>(random());
            broken.resize(1 + random() % broken.size());
            const auto header = readNalHeader(stream.codec, broken);
            if (header && (header->kind == NalKind::Vps || header->kind == NalKind::Sps ||
                           header->kind == NalKind::Pps)) {
                const auto added = sets.add(*header, broken);
                if (!added) CHECK(added.error().kind == ErrorKind::Corruption);
            }
        }
        const auto active = sets.activeFor(0);
        if (active) {
            CHECK(active->config.width_px <= kMaxDimension_px);
            CHECK(active->config.height_px > 0);
        }
    }
}
