#include "media/nal.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "support/media/streams.hpp"

using namespace camgate;
using namespace camgate::media;

TEST_CASE("nal: start codes of 3 and 4 bytes, garbage in front and trailing zeros", "[media]") {
    const Bytes bytes{0xAA, 0, 1, 0, 0, 1, 0x65, 1, 2, 0, 0, 0, 1, 0x41, 9, 0, 0, 0, 0, 0, 1, 0x06, 5, 0};
    const auto nals = splitAnnexB(bytes);
    REQUIRE(nals);
    REQUIRE(nals->size() == 3);
    CHECK(Bytes((*nals)[0].begin(), (*nals)[0].end()) == Bytes{0x65, 1, 2});
    CHECK(Bytes((*nals)[1].begin(), (*nals)[1].end()) == Bytes{0x41, 9});
    CHECK(Bytes((*nals)[2].begin(), (*nals)[2].end()) == Bytes{0x06, 5});
}

TEST_CASE("nal: bytes without a unit are corruption", "[media]") {
    for (const Bytes& bytes :
         {Bytes{}, Bytes{0, 0}, Bytes{1, 2, 3, 4, 5}, Bytes{0, 0, 1}, Bytes{0, 0, 1, 0, 0, 1}}) {
        const auto nals = splitAnnexB(bytes);
        REQUIRE_FALSE(nals);
        CHECK(nals.error().kind == ErrorKind::Corruption);
    }
}

TEST_CASE("nal: a flood of tiny units is refused", "[media]") {
    Bytes bytes;
    for (std::size_t i = 0; i <= kMaxNalsPerAccessUnit; ++i) bytes.insert(bytes.end(), {0, 0, 1, 9});
    CHECK_FALSE(splitAnnexB(bytes));
}

TEST_CASE("nal: types are told apart per codec", "[media]") {
    const auto kind = [](Codec codec, Bytes nal) { return readNalHeader(codec, nal).value().kind; };
    CHECK(kind(Codec::H264, {0x67}) == NalKind::Sps);
    CHECK(kind(Codec::H264, {0x68}) == NalKind::Pps);
    CHECK(kind(Codec::H264, {0x06}) == NalKind::Sei);
    CHECK(kind(Codec::H264, {0x09}) == NalKind::Ignored);
    CHECK(kind(Codec::H264, {0x78}) == NalKind::Ignored);
    CHECK(kind(Codec::H265, {0x40, 1}) == NalKind::Vps);
    CHECK(kind(Codec::H265, {0x42, 1}) == NalKind::Sps);
    CHECK(kind(Codec::H265, {0x44, 1}) == NalKind::Pps);
    CHECK(kind(Codec::H265, {0x26, 9}) == NalKind::Ignored);  // layer 1
    CHECK(readNalHeader(Codec::H264, Bytes{0x65})->random_access == RandomAccess::Idr);
    CHECK(readNalHeader(Codec::H265, Bytes{0x26, 1})->random_access == RandomAccess::Idr);
    CHECK(readNalHeader(Codec::H265, Bytes{0x2A, 1})->random_access == RandomAccess::Open);
    CHECK(readNalHeader(Codec::H265, Bytes{0x10, 1})->leading);
    CHECK_FALSE(readNalHeader(Codec::H265, Bytes{0x00, 1})->reference);
    CHECK_FALSE(readNalHeader(Codec::H264, Bytes{0xE5}));
    CHECK_FALSE(readNalHeader(Codec::H265, Bytes{0x26}));
    CHECK_FALSE(readNalHeader(Codec::H265, Bytes{0x26, 0}));
}

TEST_CASE("nal: emulation prevention goes, what looks like it stays", "[media]") {
    CHECK(unescapePayload(Bytes{0, 0, 3, 1, 0, 0, 3, 0, 0, 3}) == Bytes{0, 0, 1, 0, 0, 0, 0});
    CHECK(unescapePayload(Bytes{0, 3, 0, 0, 4}) == Bytes{0, 3, 0, 0, 4});
    CHECK(unescapePayload(Bytes{1, 2, 3, 4}, 2) == Bytes{1, 2});
}

TEST_CASE("nal: exponential Golomb codes and the end of bits", "[media]") {
    const Bytes bytes = test::BitWriter().ue(0).ue(1).ue(5).ue(254).ue(4).trail();
    BitReader in(bytes);
    CHECK(in.ue() == 0);
    CHECK(in.ue() == 1);
    CHECK(in.se() == 3);
    CHECK(in.ue() == 254);
    CHECK(in.se() == -2);
    CHECK(in.ok());
    in.bits(32);
    CHECK_FALSE(in.ok());
    BitReader zeros(ByteView{});
    CHECK(zeros.ue() == 0);
    CHECK_FALSE(zeros.ok());
}
