#include <catch2/catch.hpp>

#include "media/fragment_stream.hpp"
#include "media/mp4_reader.hpp"

using namespace camgate;
using namespace camgate::media;
using std::chrono::milliseconds;

namespace {

const DecoderConfig kConfig{Codec::H264, 640, 360, Bytes{1, 77, 0, 30, 0xFF, 0xE0, 0}};

AccessUnit unitAt(int ms, RandomAccess access = RandomAccess::None, std::uint8_t flags = 0) {
    AccessUnit unit;
    unit.random_access = access;
    unit.flags = flags;
    unit.decode_time = BootTime(milliseconds(ms));
    unit.presentation_time = BootTime(milliseconds(ms + 40));
    unit.bytes = Bytes(10, static_cast<std::uint8_t>(ms / 100));
    return unit;
}

/// What a viewer has of a camera with ten pictures a second.
class Viewer {
  public:
    Viewer() { open(); }
    void open() { file = stream.begin(kConfig, WallTime(std::chrono::seconds(1'700'000'000))).value(); }
    void add(const AccessUnit& unit, bool room = true) {
        const Bytes fragment = stream.add(unit, room).value();
        fragments += fragment.empty() ? 0 : 1;
        file.insert(file.end(), fragment.begin(), fragment.end());
    }
    Mp4ReadTrack track() const {
        const auto read = readMp4(file);
        REQUIRE(read);
        return read->tracks.at(0);
    }

    FragmentStream stream{milliseconds(500)};
    Bytes file;
    int fragments = 0;
};

}  // namespace

TEST_CASE("fragment stream: begins with a random access point, a fragment each half second", "[media]") {
    Viewer viewer;
    for (int ms = 1000; ms < 1300; ms += 100) viewer.add(unitAt(ms));
    for (int ms = 1300; ms <= 2300; ms += 100)
        viewer.add(unitAt(ms, ms == 1300 ? RandomAccess::Idr : RandomAccess::None));
    CHECK(viewer.fragments == 2);
    const auto track = viewer.track();
    REQUIRE(track.samples.size() == 10);
    CHECK(track.samples.front().sync);
    CHECK(track.samples.front().decode_ticks == 0);
    CHECK(track.samples.front().presentation_ticks == 40 * 90);
    CHECK(track.samples.back().decode_ticks == 900 * 90);
    CHECK(track.duration_ticks == 1000 * 90);
}

TEST_CASE("fragment stream: a random access point closes what came before it", "[media]") {
    Viewer viewer;
    viewer.add(unitAt(0, RandomAccess::Idr));
    viewer.add(unitAt(100));
    viewer.add(unitAt(200, RandomAccess::Idr));
    CHECK(viewer.fragments == 1);
    CHECK(viewer.track().samples.size() == 2);
}

TEST_CASE("fragment stream: without room it goes on with the next random access point, times keep",
          "[media]") {
    Viewer viewer;
    viewer.add(unitAt(0, RandomAccess::Idr));
    for (int ms = 100; ms <= 400; ms += 100) viewer.add(unitAt(ms));
    viewer.add(unitAt(500), false);
    for (int ms = 600; ms <= 1200; ms += 100) viewer.add(unitAt(ms));
    CHECK(viewer.fragments == 0);
    viewer.add(unitAt(1300, RandomAccess::Idr));
    for (int ms = 1400; ms <= 1800; ms += 100) viewer.add(unitAt(ms));
    CHECK(viewer.fragments == 1);
    const auto track = viewer.track();
    REQUIRE(track.samples.size() == 5);
    CHECK(track.samples.front().sync);
    CHECK(track.samples.front().decode_ticks == 1300 * 90);
    CHECK(track.fragments == 1);
}

TEST_CASE("fragment stream: a random access point that comes when there is no room is taken itself",
          "[media]") {
    Viewer viewer;
    viewer.add(unitAt(0, RandomAccess::Idr));
    viewer.add(unitAt(100));
    viewer.add(unitAt(200, RandomAccess::Idr), false);
    for (int ms = 300; ms <= 700; ms += 100) viewer.add(unitAt(ms));
    CHECK(viewer.track().samples.front().decode_ticks == 200 * 90);
}

TEST_CASE("fragment stream: an interruption leaves out what is not whole", "[media]") {
    Viewer viewer;
    viewer.add(unitAt(0, RandomAccess::Idr));
    viewer.add(unitAt(100));
    viewer.stream.interrupt();
    viewer.add(unitAt(900));
    viewer.add(unitAt(1000, RandomAccess::Idr));
    viewer.add(unitAt(1500));
    const auto track = viewer.track();
    REQUIRE(track.samples.size() == 1);
    CHECK(track.samples.front().decode_ticks == 1000 * 90);
    CHECK(track.samples.front().duration_ticks == 500 * 90);
}

TEST_CASE("fragment stream: leading pictures of the point it started at are left out, later ones are not",
          "[media]") {
    Viewer viewer;
    viewer.add(unitAt(0, RandomAccess::Open));
    viewer.add(unitAt(100, RandomAccess::None, kLeading));
    viewer.add(unitAt(200));
    viewer.add(unitAt(300, RandomAccess::Open));
    viewer.add(unitAt(400, RandomAccess::None, kLeading));
    viewer.add(unitAt(800));
    const auto track = viewer.track();
    REQUIRE(track.samples.size() == 4);
    CHECK(track.samples[0].duration_ticks == 200 * 90);
    CHECK(track.samples[3].decode_ticks == 400 * 90);
}

TEST_CASE("fragment stream: intra refresh is a start too", "[media]") {
    Viewer viewer;
    viewer.add(unitAt(0, RandomAccess::RecoveryPoint));
    viewer.add(unitAt(500));
    CHECK(viewer.track().samples.at(0).sync);
}

TEST_CASE("fragment stream: a new file begins at nought", "[media]") {
    Viewer viewer;
    viewer.add(unitAt(0, RandomAccess::Idr));
    viewer.add(unitAt(500));
    viewer.open();
    viewer.add(unitAt(600));
    viewer.add(unitAt(700, RandomAccess::Idr));
    viewer.add(unitAt(1200));
    const auto track = viewer.track();
    CHECK(track.samples.at(0).decode_ticks == 0);
    CHECK(track.samples.size() == 1);
}

TEST_CASE("fragment stream: nothing before a file was begun, and none of what cannot be described",
          "[media]") {
    FragmentStream stream(milliseconds(500));
    CHECK(stream.add(unitAt(0, RandomAccess::Idr), true)->empty());
    DecoderConfig config = kConfig;
    config.width_px = 0;
    CHECK_FALSE(stream.begin(config, {}));
    CHECK(stream.add(unitAt(0, RandomAccess::Idr), true)->empty());
}
