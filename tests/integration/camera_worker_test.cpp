// The real worker and the simulated camera, as camgated sees them: over a socket.
#include "support/camera/scripted_rtsp.hpp"
#include "support/camera/simulated_camera.hpp"
#include "support/camera/watched_worker.hpp"

using namespace camgate;
using namespace camgate::test;

namespace {

/// A worker that says nothing for so long is taken for hung (docs/design/processes.md).
constexpr Duration kKilledAfter = 5s;

/// Width and height out of a JPEG's start-of-frame marker; components too: 3 is colour.
struct JpegHead {
    int width = 0, height = 0, components = 0;
};
JpegHead readJpeg(const Bytes& jpeg) {
    for (std::size_t i = 2; i + 9 < jpeg.size() && jpeg[i] == 0xFF;) {
        if (jpeg[i + 1] == 0xC0) {
            return {jpeg[i + 7] * 256 + jpeg[i + 8], jpeg[i + 5] * 256 + jpeg[i + 6], jpeg[i + 9]};
        }
        i += 2U + static_cast<std::size_t>(jpeg[i + 2] * 256 + jpeg[i + 3]);
    }
    return {};
}

}  // namespace

TEST_CASE("camera worker: H.264 with a sub-stream and digest password", "[integration]") {
    SimulatedCamera camera(
        {"--user", "admin", "--password", "pa:ss/w@rd", "--sub", "yard", "--codec", "h264"});
    REQUIRE(camera.ready());
    auto settings = settingsFor(camera.mainUrl(), camera.subUrl());
    settings.user = "admin";
    settings.password = "pa:ss/w@rd";
    WatchedWorker worker(settings);
    expectBothStreams(worker, media::Codec::H264);
    CHECK(worker.longest_silence < kKilledAfter);
}

TEST_CASE("camera worker: H.265 with a sub-stream", "[integration]") {
    SimulatedCamera camera({"--sub", "yard", "--codec", "h265"});
    REQUIRE(camera.ready());
    WatchedWorker worker(settingsFor(camera.mainUrl(), camera.subUrl()));
    expectBothStreams(worker, media::Codec::H265);
}

TEST_CASE("camera worker: basic authentication, and credentials out of the URL", "[integration]") {
    SimulatedCamera camera({"--user", "me", "--password", "secret", "--basic", "--size", "640x360"});
    REQUIRE(camera.ready());
    std::string url = camera.mainUrl();
    url.insert(std::string("rtsp://").size(), "me:secret@");
    WatchedWorker worker(settingsFor(url));
    CHECK(worker.untilState(CameraState::Ok, 15s));
}

TEST_CASE("camera worker: B-frames come in decoding order with mended times", "[integration]") {
    SimulatedCamera camera({"--bframes", "--size", "640x360"});
    REQUIRE(camera.ready());
    WatchedWorker worker(settingsFor(camera.mainUrl()));
    CHECK(worker.until(20s, [&] { return worker.streams[StreamKind::Main].units >= 60; }));
    CHECK(worker.wellFormed());
}

TEST_CASE("camera worker: UDP when asked for", "[integration]") {
    SimulatedCamera camera({"--size", "640x360"});
    REQUIRE(camera.ready());
    auto settings = settingsFor(camera.mainUrl());
    settings.transport = ipc::RtspTransport::Udp;
    WatchedWorker worker(settings);
    CHECK(worker.untilState(CameraState::Ok, 15s));
}

TEST_CASE("camera worker: a wrong password is auth-failed and stands in no report", "[integration]") {
    SimulatedCamera camera({"--user", "admin", "--password", "right"});
    REQUIRE(camera.ready());
    auto settings = settingsFor(camera.mainUrl());
    settings.user = "admin";
    settings.password = "wrongest";
    WatchedWorker worker(settings);
    CHECK(worker.untilState(CameraState::AuthFailed, 10s));
    CHECK(worker.report.detail.find("wrongest") == std::string::npos);
    CHECK(worker.untilEnd(5s) == 20 + static_cast<int>(CameraState::AuthFailed));
}

TEST_CASE("camera worker: an unreachable camera is no-link", "[integration]") {
    // Nothing listens on port 1; 192.0.2.1 (TEST-NET-1) answers nothing at all.
    const auto url = GENERATE(as<std::string>{}, "rtsp://127.0.0.1:1/main", "rtsp://192.0.2.1/main",
                              "rtsp://no-such-camera.invalid/main");
    CAPTURE(url);
    WatchedWorker worker(settingsFor(url));
    CHECK(worker.untilState(CameraState::NoLink, 10s));
    CHECK(worker.longest_silence < kKilledAfter);
    CHECK(worker.untilEnd(10s) == 20 + static_cast<int>(CameraState::NoLink));
}

TEST_CASE("camera worker: a camera that takes the connection and says nothing is no-link", "[integration]") {
    WatchedWorker worker;
    ScriptedRtsp camera(*worker.loop, "127.0.0.1", [](const std::string&) { return std::string(); });
    worker.begin(settingsFor(camera.url()));
    CHECK(worker.untilState(CameraState::NoLink, 10s));
    CHECK(worker.longest_silence < kKilledAfter);
}

TEST_CASE("camera worker: a redirect to another host is refused, and nothing is said there",
          "[integration]") {
    WatchedWorker worker;
    ScriptedRtsp other(*worker.loop, "127.0.0.2", [](const std::string&) { return std::string(); });
    ScriptedRtsp camera(*worker.loop, "127.0.0.1", [&](const std::string&) {
        return "RTSP/1.0 302 Moved Temporarily\r\nLocation: " + other.url() + "\r\n";
    });
    auto settings = settingsFor(camera.url());
    settings.user = "admin";
    settings.password = "secret";
    worker.begin(settings);
    CHECK(worker.untilState(CameraState::NoLink, 10s));
    CHECK(worker.report.detail.find("127.0.0.2") != std::string::npos);
    CHECK_FALSE(camera.heard().empty());
    CHECK(other.heard().empty());
}

TEST_CASE("camera worker: a path that the camera does not have is no-frames", "[integration]") {
    SimulatedCamera camera({});
    REQUIRE(camera.ready());
    WatchedWorker worker(settingsFor(camera.subUrl()));
    CHECK(worker.untilState(CameraState::NoFrames, 10s));
    CHECK(worker.report.detail.find("404") != std::string::npos);
}

TEST_CASE("camera worker: a stream that stops is no-frames, then the worker ends", "[integration]") {
    SimulatedCamera camera({"--size", "640x360", "--stop-after", "3"});
    REQUIRE(camera.ready());
    WatchedWorker worker(settingsFor(camera.mainUrl()));
    REQUIRE(worker.untilState(CameraState::Ok, 10s));
    CHECK(worker.untilState(CameraState::NoFrames, 13s));  // 3 s of pictures, then 10 s
    CHECK(worker.untilEnd(10s) == 20 + static_cast<int>(CameraState::NoFrames));
}

TEST_CASE("camera worker: a camera that vanishes is noticed", "[integration]") {
    SimulatedCamera camera({"--size", "640x360"});
    REQUIRE(camera.ready());
    WatchedWorker worker(settingsFor(camera.mainUrl()));
    REQUIRE(worker.untilState(CameraState::Ok, 10s));
    camera.program().signal(GENERATE(SIGSTOP, SIGKILL));
    CHECK(worker.until(10s, [&] {
        return worker.report.state == CameraState::NoFrames || worker.report.state == CameraState::NoLink;
    }));
    CHECK(worker.untilEnd(10s).value_or(0) > 20);
    camera.program().signal(SIGCONT);
}

TEST_CASE("camera worker: garbage is no-frames and never a crash", "[integration]") {
    SimulatedCamera camera({"--size", "640x360", "--garbage"});
    REQUIRE(camera.ready());
    WatchedWorker worker(settingsFor(camera.mainUrl()));
    CHECK(worker.untilState(CameraState::NoFrames, 10s));
    CHECK(worker.untilEnd(15s) == 20 + static_cast<int>(CameraState::NoFrames));
}

TEST_CASE("camera worker: an unknown codec is unsupported, by its name", "[integration]") {
    const auto [option, name] = GENERATE(std::pair("vp8", "VP8"), std::pair("mpeg4", "MP4V-ES"));
    SimulatedCamera camera({"--size", "640x360", "--unknown-codec", option});
    REQUIRE(camera.ready());
    WatchedWorker worker(settingsFor(camera.mainUrl()));
    CHECK(worker.untilState(CameraState::Unsupported, 10s));
    CHECK(worker.report.detail.find(name) != std::string::npos);
    CHECK(worker.untilEnd(5s) == 20 + static_cast<int>(CameraState::Unsupported));
}

TEST_CASE("camera worker: a missing sub-stream costs no main stream, motion comes from there",
          "[integration]") {
    SimulatedCamera camera({"--size", "640x360"});
    REQUIRE(camera.ready());
    WatchedWorker worker(settingsFor(camera.mainUrl(), camera.subUrl()));
    CHECK(worker.until(
        20s, [&] { return worker.motion_results >= 10 && worker.report.state == CameraState::Ok; }));
    CHECK(worker.report.detail.find("sub-stream") != std::string::npos);
}

TEST_CASE("camera worker: the walker in the yard is motion, the empty yard is not", "[integration]") {
    SimulatedCamera camera({"--sub", "yard", "--empty", "12", "--walk", "6", "--truth", "/dev/stdout"});
    REQUIRE(camera.ready());
    const SystemClock clock;
    const BootTime epoch = clock.bootNow();
    WatchedWorker worker(settingsFor(camera.mainUrl(), camera.subUrl()));
    CHECK(worker.until(25s, [&] { return worker.first_active.has_value(); }));
    REQUIRE(worker.first_active);
    // He enters 12 s after the epoch (which lies up to a second before ours) and is gone at 18 s.
    const Duration after = worker.first_active->captured_at - epoch;
    CHECK(after > 10s);
    CHECK(after < 18s);
}

TEST_CASE("camera worker: a snapshot is a colour JPEG of the asked width", "[integration]") {
    WatchedWorker worker(settingsFor("test:yard?width=640&height=360&empty_s=2"));
    worker.send(CameraMessage::SnapshotRequest, ipc::encode(ipc::SnapshotRequest{7, 320}));
    REQUIRE(worker.until(5s, [&] { return worker.snapshot.has_value(); }));
    if (worker.snapshot->jpeg.empty()) CHECK(worker.snapshot->error == "no picture yet");
    REQUIRE(worker.until(10s, [&] { return worker.motion_results > 0; }));
    worker.snapshot.reset();
    worker.send(CameraMessage::SnapshotRequest, ipc::encode(ipc::SnapshotRequest{8, 320}));
    REQUIRE(worker.until(5s, [&] { return worker.snapshot.has_value(); }));
    CHECK(worker.snapshot->error.empty());
    CHECK(worker.snapshot->id == 8);
    REQUIRE(worker.snapshot->jpeg.size() > 1000);
    const JpegHead head = readJpeg(worker.snapshot->jpeg);
    CHECK(head.width == 320);
    CHECK(head.height == 180);
    CHECK(head.components == 3);
}

TEST_CASE("camera worker: without motion detection snapshots still come", "[integration]") {
    SimulatedCamera camera({"--size", "640x360"});
    REQUIRE(camera.ready());
    auto settings = settingsFor(camera.mainUrl());
    settings.detect_motion = false;
    WatchedWorker worker(settings);
    REQUIRE(worker.untilState(CameraState::Ok, 10s));
    CHECK(worker.until(10s, [&] {
        worker.send(CameraMessage::SnapshotRequest, ipc::encode(ipc::SnapshotRequest{1, 640}));
        worker.until(200ms, [] { return false; });
        return worker.snapshot && !worker.snapshot->jpeg.empty();
    }));
    CHECK(worker.motion_results == 0);
}

TEST_CASE("camera worker: test: and its sub-stream, in both codecs", "[integration]") {
    const auto codec = GENERATE(as<std::string>{}, "h264", "h265");
    WatchedWorker worker(settingsFor("test:yard?codec=" + codec + "&empty_s=4&walk_s=6",
                                     "test:yard?width=640&height=360&empty_s=4&walk_s=6&codec=" + codec));
    CHECK(worker.untilState(CameraState::Ok, 15s));
    CHECK(
        worker.until(20s, [&] { return worker.first_active && worker.streams[StreamKind::Sub].units > 20; }));
    CHECK(worker.wellFormed());
}

TEST_CASE("camera worker: it ends when camgated closes the socket", "[integration]") {
    WatchedWorker worker(settingsFor("test:yard?width=320&height=180"));
    CHECK(worker.untilState(CameraState::Ok, 15s));
    worker.channel.reset();
    CHECK(worker.untilEnd(2s) == 0);
}

TEST_CASE("camera worker: a message that it must not get ends it", "[integration]") {
    WatchedWorker worker(settingsFor("test:yard?width=320&height=180"));
    worker.send(CameraMessage::SnapshotRequest, Bytes{1});
    CHECK(worker.untilEnd(5s) == 3);
}
