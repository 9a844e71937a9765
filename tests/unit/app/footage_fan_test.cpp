#include <catch2/catch.hpp>

#include "app/footage_fan.hpp"
#include "media/mp4_reader.hpp"
#include "support/base/fake_clock.hpp"

using namespace camgate;
using namespace camgate::app;
using media::StreamKind;
using test::FakeClock;

namespace {

struct Ring final : FootageSink {
    int configs = 0, units = 0, gaps = 0;
    bool paused = false;
    void onStreamConfig(StreamKind, media::DecoderConfig) override { ++configs; }
    Status onAccessUnit(media::AccessUnit) override {
        ++units;
        return {};
    }
    void onInterrupted() override { ++gaps; }
    void onPause(bool is) override { paused = is; }
};

struct Viewer final : uplink::LiveViewer {
    bool room = true;
    std::vector<Bytes> files;
    int fragments = 0;
    BootTime newest{};
    std::string over;
    FootageFan* leaves = nullptr;  ///< with its first fragment
    bool hasRoom() const override { return room; }
    void onFile(Bytes bytes) override { files.push_back(std::move(bytes)); }
    void onFragment(Bytes bytes, BootTime at) override {
        files.back().insert(files.back().end(), bytes.begin(), bytes.end());
        ++fragments;
        newest = at;
        if (leaves != nullptr) leaves->unwatch();
    }
    void onOver(std::string_view reason) override { over = reason; }
};

media::DecoderConfig configOf(std::uint16_t width) {
    return {media::Codec::H264, width, 360, Bytes{1, 77, 0, 30, 0xFF, 0xE0, 0}};
}

/// A camera with ten pictures a second in each stream, a random access point each second.
struct Fan {
    FakeClock clock;
    Ring ring;
    FootageFan fan{ring, clock};
    int taken = 0;

    void film(int pictures) {
        for (int i = 0; i < pictures; ++i, ++taken) {
            for (const auto stream : {StreamKind::Main, StreamKind::Sub}) {
                media::AccessUnit unit;
                unit.stream = stream;
                unit.random_access = taken % 10 == 0 ? media::RandomAccess::Idr : media::RandomAccess::None;
                unit.decode_time = unit.presentation_time = clock.bootNow();
                unit.bytes = Bytes(stream == StreamKind::Main ? 900 : 90);
                CHECK(fan.onAccessUnit(std::move(unit)));
            }
            clock.advance(std::chrono::milliseconds(100));
        }
    }
};

}  // namespace

TEST_CASE("fan: the ring gets all, a viewer the stream that it wants, as a file that can be read", "[app]") {
    Fan f;
    Viewer viewer;
    f.fan.onStreamConfig(StreamKind::Main, configOf(1280));
    f.fan.onStreamConfig(StreamKind::Sub, configOf(320));
    f.film(5);
    REQUIRE(f.fan.watch(StreamKind::Sub, viewer));
    f.film(26);
    CHECK(f.ring.units == 62);
    CHECK(f.ring.configs == 2);
    REQUIRE(viewer.files.size() == 1);
    const auto read = media::readMp4(viewer.files[0]);
    REQUIRE(read);
    CHECK(read->tracks[0].config.width_px == 320);
    CHECK(read->tracks[0].samples.size() == 20);
    CHECK(viewer.newest == f.clock.bootNow() - std::chrono::milliseconds(100));
    f.fan.unwatch();
    f.film(20);
    CHECK(viewer.fragments == 4);
    CHECK(viewer.over.empty());
}

TEST_CASE("fan: another camera set-up is a new file, the same one again is none", "[app]") {
    Fan f;
    Viewer viewer;
    REQUIRE(f.fan.watch(StreamKind::Main, viewer));
    CHECK(viewer.files.empty());
    f.fan.onStreamConfig(StreamKind::Main, configOf(1280));
    f.film(8);
    f.fan.onInterrupted();
    f.fan.onStreamConfig(StreamKind::Main, configOf(1280));
    f.fan.onStreamConfig(StreamKind::Sub, configOf(320));
    CHECK(viewer.files.size() == 1);
    CHECK(f.ring.gaps == 1);
    f.fan.onStreamConfig(StreamKind::Main, configOf(1920));
    CHECK(viewer.files.size() == 2);
    f.fan.beginFileAnew();
    CHECK(viewer.files.size() == 3);
    f.film(20);
    CHECK(media::readMp4(viewer.files[2])->tracks[0].samples.size() >= 10);
}

TEST_CASE("fan: what a viewer has no room for is left out up to a random access point", "[app]") {
    Fan f;
    Viewer viewer;
    f.fan.onStreamConfig(StreamKind::Main, configOf(1280));
    REQUIRE(f.fan.watch(StreamKind::Main, viewer));
    f.film(10);
    viewer.room = false;
    f.film(7);
    viewer.room = true;
    f.film(20);
    const auto samples = media::readMp4(viewer.files.at(0))->tracks[0].samples;
    CHECK(f.ring.units == 74);
    bool jumped = false;
    for (std::size_t i = 1; i < samples.size(); ++i) {
        const bool gap = samples[i].decode_ticks - samples[i - 1].decode_ticks > 9000;
        CHECK((!gap || samples[i].sync));
        jumped = jumped || gap;
    }
    CHECK(jumped);
}

TEST_CASE("fan: what cannot be described ends the view and is recorded all the same", "[app]") {
    Fan f;
    Viewer viewer;
    REQUIRE(f.fan.watch(StreamKind::Main, viewer));
    f.fan.onStreamConfig(StreamKind::Main, configOf(0));
    CHECK(viewer.over == "failed");
    CHECK(f.ring.configs == 1);
}

TEST_CASE("fan: a pause ends a view and lets none begin", "[app]") {
    Fan f;
    Viewer viewer;
    REQUIRE(f.fan.watch(StreamKind::Main, viewer));
    f.fan.onPause(true);
    CHECK(viewer.over == "paused");
    CHECK(f.ring.paused);
    CHECK(f.fan.watch(StreamKind::Main, viewer).error().kind == ErrorKind::FailedPrecondition);
    f.fan.onPause(false);
    CHECK(f.fan.watch(StreamKind::Main, viewer));
}

TEST_CASE("fan: a viewer hears that the camera is gone, and may leave at any time", "[app]") {
    Viewer first, second;
    {
        Fan f;
        REQUIRE(f.fan.watch(StreamKind::Main, first));
        REQUIRE(f.fan.watch(StreamKind::Main, second));
        CHECK(first.over == "removed");
    }
    CHECK(second.over == "removed");
    Fan f;
    Viewer brief;
    brief.leaves = &f.fan;
    f.fan.onStreamConfig(StreamKind::Main, configOf(1280));
    REQUIRE(f.fan.watch(StreamKind::Main, brief));
    f.film(30);
    CHECK(brief.fragments == 1);
    CHECK(f.ring.units == 60);
}
