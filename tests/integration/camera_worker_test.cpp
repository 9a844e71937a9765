// The real worker and the simulated camera, as camgated sees them: over a socket.
#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <optional>
#include <sstream>

#include "base/epoll_loop.hpp"
#include "ipc/camera_messages.hpp"
#include "ipc/frame_channel.hpp"
#include "ipc/roles.hpp"
#include "support/camera/scripted_rtsp.hpp"
#include "support/camera/simulated_camera.hpp"
#include "support/places/places.hpp"

using namespace camgate;
using namespace camgate::test;
using namespace std::chrono_literals;
using ipc::CameraMessage;
using ipc::CameraState;
using media::StreamKind;

namespace {

/// A worker that says nothing for so long is taken for hung (docs/design/processes.md).
constexpr Duration kKilledAfter = 5s;

/// What has come from one stream, checked as it comes.
struct SeenStream {
    std::optional<media::DecoderConfig> config;
    int units = 0;
    int random_access = 0;
    bool config_came_first = true;
    bool times_grow = true;
    BootTime last_decode;

    void take(const media::AccessUnit& unit) {
        ++units;
        if (unit.random_access != media::RandomAccess::None) ++random_access;
        config_came_first = config_came_first && config && config->id() == unit.config_id;
        times_grow =
            times_grow && unit.decode_time > last_decode && unit.presentation_time >= unit.decode_time;
        last_decode = unit.decode_time;
    }
};

/// Plays camgated's side of the socket.
class WatchedWorker {
  public:
    explicit WatchedWorker(const ipc::CameraSettings& settings) : WatchedWorker() { begin(settings); }
    WatchedWorker() {
        int ends[2];
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
        program.emplace(
            std::vector<std::string>{places::programFolder() + "/camgate-camera", "--role", "camera"},
            UniqueFd(ends[1]));
        channel.emplace(
            *loop, UniqueFd(ends[0]), ipc::ChannelLimits{ipc::longestFromCamera},
            [this](std::uint16_t type, ByteView payload) { onMessage(type, payload); },
            [this](const Error& why) { closed = why; });
    }
    void begin(const ipc::CameraSettings& settings) { send(CameraMessage::Settings, ipc::encode(settings)); }
    void send(CameraMessage type, const Bytes& payload) {
        channel->send(static_cast<std::uint16_t>(type), payload);
    }
    /// Runs until `done` holds, or for `longest`.
    bool until(Duration longest, const std::function<bool()>& done) {
        const BootTime end = clock.bootNow() + longest;
        while (!done() && clock.bootNow() < end) loop->turn(20ms);
        return done();
    }
    bool untilState(CameraState state, Duration longest) {
        return until(longest, [&] { return report.state == state; });
    }
    std::optional<int> untilEnd(Duration longest) {
        until(longest, [&] { return program->exitStatus().has_value(); });
        return program->exitStatus();
    }
    bool wellFormed() const {
        for (const auto& [kind, stream] : streams) {
            if (!stream.config_came_first || !stream.times_grow) return false;
        }
        return hello && !malformed;
    }

    SystemClock clock;
    std::unique_ptr<EpollLoop> loop = EpollLoop::open(clock).value();
    std::optional<ChildProgram> program;
    std::optional<ipc::FrameChannel> channel;
    std::optional<Error> closed;

    bool hello = false;
    bool malformed = false;
    ipc::CameraReport report;
    int reports = 0;
    Duration longest_silence{0};
    BootTime last_report;
    std::map<StreamKind, SeenStream> streams;
    int motion_results = 0;
    std::optional<motion::MotionResult> first_active;
    std::optional<ipc::Snapshot> snapshot;

  private:
    template <class T>
    bool take(Result<T> decoded, T& into) {
        malformed = malformed || !decoded;
        if (decoded) into = std::move(*decoded);
        return decoded.has_value();
    }
    void onMessage(std::uint16_t type, ByteView payload) {
        ipc::WorkerHello said;
        ipc::StreamConfig config;
        media::AccessUnit unit;
        motion::MotionResult result;
        switch (static_cast<CameraMessage>(type)) {
            case CameraMessage::Hello:
                malformed = malformed || reports > 0;
                hello = take(ipc::decodeHello(payload), said) && said.protocol == ipc::kProtocolVersion;
                break;
            case CameraMessage::StreamConfig:
                if (take(ipc::decodeStreamConfig(payload), config))
                    streams[config.stream].config = config.config;
                break;
            case CameraMessage::AccessUnit:
                if (take(ipc::decodeAccessUnit(payload), unit)) streams[unit.stream].take(unit);
                break;
            case CameraMessage::Motion:
                if (take(ipc::decodeMotion(payload), result)) onMotion(result);
                break;
            case CameraMessage::Report:
                onReport(payload);
                break;
            case CameraMessage::Snapshot:
                snapshot.emplace();
                take(ipc::decodeSnapshot(payload), *snapshot);
                break;
            default:
                malformed = true;
        }
    }
    void onReport(ByteView payload) {
        const BootTime now = clock.bootNow();
        if (reports > 0) longest_silence = std::max(longest_silence, now - last_report);
        last_report = now;
        if (take(ipc::decodeCameraReport(payload), report)) ++reports;
    }
    void onMotion(const motion::MotionResult& result) {
        ++motion_results;
        if (result.active && !first_active) first_active = result;
    }
};

ipc::CameraSettings settingsFor(std::string main, std::string sub = {}) {
    ipc::CameraSettings settings;
    settings.camera = "test";
    settings.main_url = std::move(main);
    settings.sub_url = std::move(sub);
    return settings;
}

void expectBothStreams(WatchedWorker& worker, media::Codec codec) {
    CHECK(worker.untilState(CameraState::Ok, 15s));
    CHECK(worker.until(15s, [&] {
        return worker.streams[StreamKind::Main].random_access >= 2 &&
               worker.streams[StreamKind::Sub].units >= 20 && worker.motion_results >= 10;
    }));
    CHECK(worker.wellFormed());
    REQUIRE(worker.streams[StreamKind::Main].config);
    REQUIRE(worker.streams[StreamKind::Sub].config);
    CHECK(worker.streams[StreamKind::Main].config->codec == codec);
    CHECK(worker.streams[StreamKind::Main].config->width_px == 1280);
    CHECK(worker.streams[StreamKind::Sub].config->width_px == 640);
    CHECK(worker.report.bad_units == 0);
    CHECK(worker.report.dropped_units == 0);
}

/// 8 s of film at 10 frames a second, gone with the test.
struct Film {
    std::filesystem::path path;

    Film(const std::string& name, const std::string& coder) {
        path = std::filesystem::temp_directory_path() / (std::to_string(::getpid()) + name);
        std::vector<std::string> command{"/usr/bin/gst-launch-1.0", "-q"};
        std::istringstream graph(
            "videotestsrc num-buffers=80 pattern=ball ! "
            "video/x-raw,width=320,height=240,framerate=10/1 ! " +
            coder + " ! filesink location=" + path.string());
        for (std::string word; graph >> word;) command.push_back(word);
        ChildProgram program(command);
        while (program.readLine(20s)) {
        }
        for (int i = 0; i < 100 && !program.exitStatus(); ++i) ::usleep(20'000);
        REQUIRE(program.exitStatus() == 0);
    }
    ~Film() { std::filesystem::remove(path); }
    Film(const Film&) = delete;
    Film& operator=(const Film&) = delete;
};

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

TEST_CASE("camera worker: a film is paced and looped, encoded if it is neither H.264 nor H.265",
          "[integration]") {
    struct Row {
        const char* name;
        const char* coder;
    };
    const auto row = GENERATE(
        Row{"mpeg4.avi", "avenc_mpeg4 ! avimux"}, Row{"h264.mp4", "x264enc key-int-max=20 ! mp4mux"},
        Row{"h265.mkv", "x265enc key-int-max=20 option-string=pools=none ! h265parse ! matroskamux"});
    CAPTURE(row.name);
    const Film film(row.name, row.coder);
    // At four times its speed it comes round every 2 s.
    WatchedWorker worker(settingsFor("file:" + film.path.string() + "?loop=1&fps=40"));
    CHECK(worker.untilState(CameraState::Ok, 15s));
    const BootTime began = worker.clock.bootNow();
    const int before = worker.streams[StreamKind::Main].units;
    CHECK(worker.until(20s, [&] { return worker.streams[StreamKind::Main].units - before >= 240; }));
    CHECK(worker.clock.bootNow() - began > 4s);  // 240 frames at 40 a second are 6 s
    CHECK(worker.wellFormed());
    CHECK(worker.report.state == CameraState::Ok);
    REQUIRE(worker.streams[StreamKind::Main].config);
    CHECK(worker.streams[StreamKind::Main].config->width_px == 320);
    CHECK(worker.motion_results > 20);
}

TEST_CASE("camera worker: a film that is not looped ends as no-frames", "[integration]") {
    const Film film("once.mp4", "x264enc key-int-max=20 ! mp4mux");
    WatchedWorker worker(settingsFor("file:" + film.path.string() + "?fps=40"));
    CHECK(worker.untilEnd(15s) == 20 + static_cast<int>(CameraState::NoFrames));
    CHECK(worker.report.detail == "the file has ended");
    CHECK(worker.streams[StreamKind::Main].units >= 79);
}

TEST_CASE("camera worker: a file that is not there, or no video, or no URL", "[integration]") {
    struct Row {
        const char* url;
        CameraState state;
    };
    const auto row = GENERATE(Row{"file:/nowhere/film.mp4", CameraState::NoLink},
                              Row{"file:/etc/os-release?loop=1", CameraState::Unsupported},
                              Row{"v4l2:/dev/video99", CameraState::NoLink},
                              Row{"http://camera/", CameraState::Unsupported});
    CAPTURE(row.url);
    WatchedWorker worker(settingsFor(row.url));
    CHECK(worker.untilState(row.state, 10s));
    CHECK(worker.untilEnd(5s).value_or(0) != 0);
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
