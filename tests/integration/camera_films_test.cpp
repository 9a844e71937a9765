// The real worker on files.
#include <filesystem>
#include <sstream>

#include "support/camera/watched_worker.hpp"

using namespace camgate;
using namespace camgate::test;

namespace {

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

}  // namespace

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
