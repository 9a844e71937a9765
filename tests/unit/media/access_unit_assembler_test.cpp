#include "media/access_unit_assembler.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "support/media/streams.hpp"

using namespace camgate;
using namespace camgate::media;
using namespace camgate::media::test;
using std::chrono::milliseconds;

namespace {

/// Feeds access units 100 ms apart.
class Feeder {
  public:
    explicit Feeder(Codec codec) : assembler(StreamKind::Main, codec) {}
    Result<std::optional<AssembledUnit>> feed(const Bytes& bytes) {
        now_ms_ += 100;
        return assembler.assemble({bytes, at(now_ms_), at(now_ms_), false});
    }
    AccessUnit unit(const Bytes& bytes) { return feed(bytes).value().value().unit; }
    AccessUnitAssembler assembler;

  private:
    std::int64_t now_ms_ = 1000;
};

const Bytes kSps = h264Sps({});
const Bytes kPps = h264Pps(0, 0);
const Bytes kIdr = h264Slice(0x65, 7, 0, 1);
const Bytes kRecoveryIn5{0x06, 6, 1, 0x34, 0x80};  // ue(5) = 00110, exact match, then stop
const Bytes kRecoveryNow{0x06, 6, 1, 0xC0, 0x80};  // ue(0)

std::vector<AssembledUnit> assembleGolden(const GoldenStream& stream) {
    AccessUnitAssembler assembler(StreamKind::Sub, stream.codec);
    std::vector<AssembledUnit> units;
    const auto raw = accessUnitsOf(stream);
    for (std::size_t i = 0; i < raw.size(); ++i) {
        const BootTime pts = at(5000 + 100 * stream.display_order[i]);
        // Sent when encoded: a picture that others wait for comes when the last of its group was seen.
        units.push_back(
            assembler.assemble({raw[i], pts, at(5500 + 100 * static_cast<int>(i))}).value().value());
    }
    CHECK(assembler.counters().units == raw.size());
    return units;
}

std::map<int, RandomAccess> randomAccessByDisplay(const GoldenStream& stream,
                                                  const std::vector<AssembledUnit>& units) {
    std::map<int, RandomAccess> found;
    for (std::size_t i = 0; i < units.size(); ++i) {
        if (units[i].unit.random_access == RandomAccess::None) continue;
        found[stream.display_order[i]] = units[i].unit.random_access;
    }
    return found;
}

}  // namespace

TEST_CASE("assembler: golden streams come out whole, with one config, in display order", "[media]") {
    const GoldenStream& stream = GENERATE_REF(kBFramesH264, kOpenGopH265, kIntraRefreshH264);
    INFO(stream.file);
    const auto units = assembleGolden(stream);
    REQUIRE(units.size() == 30);
    std::map<BootTime, int> by_time;
    for (std::size_t i = 0; i < units.size(); ++i) {
        const AccessUnit& unit = units[i].unit;
        CHECK(units[i].new_config.has_value() == (i == 0));
        CHECK(unit.stream == StreamKind::Sub);
        CHECK(unit.config_id == units[0].new_config->id());
        CHECK(unit.presentation_time >= unit.decode_time);
        if (i > 0) CHECK(unit.decode_time > units[i - 1].unit.decode_time);
        CHECK((unit.flags & kTimeMended) == 0);
        by_time[unit.presentation_time] = stream.display_order[i];
    }
    REQUIRE(by_time.size() == 30);
    int expected = 0;
    for (const auto& [time, display] : by_time) CHECK(display == expected++);
}

TEST_CASE("assembler: where golden streams may be entered", "[media]") {
    using Points = std::map<int, RandomAccess>;
    // The first picture is an IDR picture; x264 and x265 make the next I pictures open.
    const Points open{{0, RandomAccess::Idr}, {10, RandomAccess::Open}, {20, RandomAccess::Open}};
    CHECK(randomAccessByDisplay(kBFramesH264, assembleGolden(kBFramesH264)) == open);
    CHECK(randomAccessByDisplay(kOpenGopH265, assembleGolden(kOpenGopH265)) == open);
    const Points refresh{
        {0, RandomAccess::Idr}, {10, RandomAccess::RecoveryPoint}, {20, RandomAccess::RecoveryPoint}};
    CHECK(randomAccessByDisplay(kIntraRefreshH264, assembleGolden(kIntraRefreshH264)) == refresh);
}

TEST_CASE("assembler: disposable and leading pictures of the golden streams", "[media]") {
    const GoldenStream& stream = GENERATE_REF(kBFramesH264, kOpenGopH265);
    const auto units = assembleGolden(stream);
    for (std::size_t i = 0; i < units.size(); ++i) {
        const int display = stream.display_order[i];
        INFO(stream.file << " picture " << display);
        // The odd ones are the leaves of the pyramids; 29 is the last P picture.
        CHECK(((units[i].unit.flags & kDisposable) != 0) == (display % 2 == 1 && display != 29));
        // Decoded after the open points 10 and 20, shown before them.
        CHECK(((units[i].unit.flags & kLeading) != 0) == (display == 9 || display == 19));
    }
}

TEST_CASE("assembler: sets, delimiters and filler go, SEI stays, lengths are in front", "[media]") {
    Feeder feeder(Codec::H264);
    const Bytes sei{0x06, 5, 2, 0xAA, 0xBB, 0x80};
    const auto made =
        feeder.feed(accessUnit({{0x09, 0xF0}, kSps, kPps, sei, kIdr, {0x0C, 0xFF, 0x80}, {0x0B}}));
    Bytes expected{0, 0, 0, 6, 0x06, 5, 2, 0xAA, 0xBB, 0x80, 0, 0, 0, static_cast<std::uint8_t>(kIdr.size())};
    expected.insert(expected.end(), kIdr.begin(), kIdr.end());
    CHECK(made.value()->unit.bytes == expected);
    CHECK(made.value()->unit.random_access == RandomAccess::Idr);
    CHECK((made.value()->unit.flags & kDiscontinuity) != 0);
}

TEST_CASE("assembler: random access of pictures that are no IDR", "[media]") {
    Feeder feeder(Codec::H264);
    feeder.unit(accessUnit({kSps, kPps, kIdr}));
    const auto access = [&](std::initializer_list<Bytes> nals) {
        return feeder.unit(accessUnit(nals)).random_access;
    };
    const Bytes p = h264Slice(0x41, 5, 0, 2);
    const Bytes i = h264Slice(0x41, 7, 0, 3);
    CHECK(access({p}) == RandomAccess::None);
    CHECK(access({i}) == RandomAccess::None);
    CHECK(access({kRecoveryIn5, p}) == RandomAccess::RecoveryPoint);
    CHECK(access({kRecoveryIn5, i}) == RandomAccess::RecoveryPoint);
    CHECK(access({kRecoveryNow, i}) == RandomAccess::Open);
    CHECK(access({kRecoveryNow, i, p}) == RandomAccess::RecoveryPoint);
    CHECK(access({kSps, kPps, i}) == RandomAccess::Open);
    CHECK(access({kSps, kPps, p}) == RandomAccess::None);
    const Bytes not_referred = h264Slice(0x01, 5, 0, 4);
    CHECK((feeder.unit(accessUnit({not_referred})).flags & kDisposable) != 0);
}

TEST_CASE("assembler: what comes before parameter sets is dropped and counted", "[media]") {
    Feeder feeder(Codec::H264);
    CHECK_FALSE(feeder.feed(accessUnit({kIdr})).value());
    CHECK_FALSE(feeder.feed(accessUnit({kSps})).value());
    CHECK_FALSE(feeder.feed(accessUnit({h264Slice(0x41, 5, 0, 9)})).value());
    CHECK(feeder.assembler.counters().before_parameter_sets == 2);
    CHECK(feeder.assembler.counters().without_picture == 1);
    CHECK(feeder.feed(accessUnit({kPps, kIdr})).value()->new_config);
}

TEST_CASE("assembler: bad bytes cost one access unit and mark the next", "[media]") {
    Feeder feeder(Codec::H264);
    feeder.unit(accessUnit({kSps, kPps, kIdr}));
    const Bytes unknown_set = accessUnit({h264Slice(0x41, 5, 9)});
    const Bytes forbidden = accessUnit({h264Slice(0x41, 5, 0), {0xFF, 1}});
    const Bytes bad_sps = accessUnit({{0x67, 77}, kIdr});
    for (const Bytes& bytes : {Bytes{}, Bytes{1, 2, 3}, unknown_set, forbidden, bad_sps, accessUnit({{0x41}}),
                               Bytes(kMaxAccessUnit_bytes + 1, 0)}) {
        const auto made = feeder.feed(bytes);
        REQUIRE_FALSE(made);
        CHECK(made.error().kind == ErrorKind::Corruption);
    }
    CHECK(feeder.assembler.counters().corrupt == 7);
    CHECK((feeder.unit(accessUnit({h264Slice(0x41, 5, 0, 5)})).flags & kDiscontinuity) != 0);
    CHECK((feeder.unit(accessUnit({h264Slice(0x41, 5, 0, 6)})).flags & kDiscontinuity) == 0);
}

TEST_CASE("assembler: the same bytes at the same time twice in a row are one unit", "[media]") {
    AccessUnitAssembler assembler(StreamKind::Main, Codec::H264);
    const Bytes bytes = accessUnit({kSps, kPps, kIdr});
    CHECK(assembler.assemble({bytes, at(100), at(200)}).value());
    CHECK_FALSE(assembler.assemble({bytes, at(100), at(203)}).value());
    CHECK(assembler.assemble({bytes, at(140), at(240)}).value());
    CHECK(assembler.counters().duplicates == 1);
    CHECK(assembler.counters().units == 2);
}

TEST_CASE("assembler: a changed parameter set comes with the unit that needs it", "[media]") {
    Feeder feeder(Codec::H264);
    const auto first = feeder.feed(accessUnit({kSps, kPps, kIdr})).value();
    CHECK_FALSE(feeder.feed(accessUnit({kSps, kPps, h264Slice(0x65, 7, 0, 8)})).value()->new_config);
    CHECK_FALSE(feeder.feed(accessUnit({h264Sps({.width_mbs = 40}), kPps})).value());
    const auto other = feeder.feed(accessUnit({h264Slice(0x65, 7, 0, 9)})).value();
    REQUIRE(other->new_config);
    CHECK(other->new_config->width_px == 640);
    CHECK(other->unit.config_id == other->new_config->id());
    CHECK(other->unit.config_id != first->unit.config_id);
    CHECK(feeder.assembler.counters().config_changes == 1);
}

TEST_CASE("assembler: random damage to a real stream never stops it", "[media]") {
    const GoldenStream& stream = GENERATE_REF(kBFramesH264, kOpenGopH265, kIntraRefreshH264);
    const auto raw = accessUnitsOf(stream);
    std::mt19937 random(7);
    AccessUnitAssembler assembler(StreamKind::Main, stream.codec);
    std::optional<BootTime> last;
    for (int i = 0; i < 6000; ++i) {
        Bytes bytes = raw[random() % raw.size()];
        for (auto hits = random() % 6; hits > 0; --hits) {
            bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random() % 3 == 0 ? 0 : random());
        }
        if (random() % 8 == 0) bytes.resize(random() % bytes.size());
        const auto made = assembler.assemble({bytes, at(40 * i), at(40 * i)});
        if (!made || !*made) continue;
        const AccessUnit& unit = (*made)->unit;
        if (last) CHECK(unit.decode_time > *last);
        CHECK(unit.presentation_time >= unit.decode_time);
        last = unit.decode_time;
    }
    const AssemblerCounters& seen = assembler.counters();
    CHECK(seen.units + seen.corrupt + seen.duplicates + seen.before_parameter_sets + seen.without_picture ==
          6000);
    CHECK(seen.units > 500);
    Bytes bytes = raw[0];
    CHECK(assembler.assemble({bytes, at(40 * 6000), at(40 * 6000)}).value());
}
