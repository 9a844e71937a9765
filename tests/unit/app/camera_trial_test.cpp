#include "app/camera_trial.hpp"

#include <catch2/catch.hpp>

#include "support/ipc/fake_worker.hpp"

using namespace camgate;
using namespace camgate::app;
using namespace std::chrono_literals;
using ipc::CameraMessage;

namespace {

ipc::CameraSettings yard() {
    ipc::CameraSettings settings;
    settings.camera = "test";
    settings.main_url = "test:yard";
    return settings;
}

struct TrialFixture {
    test::FakeClock clock;
    test::FakeLoop loop{clock};
    test::FakeLauncher launcher;
    std::optional<Result<TrialResult>> result;
    CameraTrial trial{loop, launcher, yard(),
                      [this](Result<TrialResult> done) { result.emplace(std::move(done)); }};
    std::unique_ptr<test::FakeWorker> worker;

    TrialFixture() {
        trial.start();
        worker = std::make_unique<test::FakeWorker>(loop, launcher.started.at(0));
    }
    void unit(media::RandomAccess access, std::size_t bytes) {
        media::AccessUnit out;
        out.random_access = access;
        out.decode_time = out.presentation_time = clock.bootNow();
        out.bytes = Bytes(bytes, 0);
        worker->say(CameraMessage::AccessUnit, ipc::encode(out));
    }
    void report(ipc::CameraState state, const std::string& detail) {
        ipc::CameraReport out;
        out.state = state;
        out.detail = detail;
        worker->say(CameraMessage::Report, ipc::encode(out));
    }
};

}  // namespace

TEST_CASE("camera trial: rate, size and length of a group are measured, then a still is asked for",
          "[app][trial]") {
    TrialFixture f;
    ipc::StreamConfig config;
    config.config = {media::Codec::H264, 640, 480, Bytes{1}};
    f.worker->say(CameraMessage::StreamConfig, ipc::encode(config));
    f.report(ipc::CameraState::Ok, "");
    // 10 pictures a second of 1250 bytes: 100 kbit/s; a keyframe every 2 s.
    for (int i = 0; i < 45; ++i) {
        f.unit(i % 20 == 0 ? media::RandomAccess::Idr : media::RandomAccess::None, 1250);
        f.loop.advance(100ms);
    }
    const auto heard = f.worker->heard();
    REQUIRE(heard.back().type == static_cast<std::uint16_t>(CameraMessage::SnapshotRequest));
    f.worker->say(CameraMessage::Snapshot,
                  ipc::encode(ipc::Snapshot{1, "", f.clock.bootNow(), Bytes{0xFF, 0xD8}}));
    REQUIRE(f.result.has_value());
    REQUIRE(f.result->has_value());
    const TrialResult& got = **f.result;
    CHECK(got.main.config->width_px == 640);
    CHECK(*got.main.fps() == Approx(10));
    CHECK(*got.main.kbps() == Approx(102).margin(3));
    CHECK(got.main.group == Duration(2s));
    CHECK(got.still.size() == 2);
    CHECK(f.launcher.started[0].killed);
}

TEST_CASE("camera trial: a camera that refuses says so at once", "[app][trial]") {
    TrialFixture f;
    f.report(ipc::CameraState::AuthFailed, "401 Unauthorized");
    f.loop.advance(300ms);
    REQUIRE(f.result.has_value());
    CHECK(f.result->error().context == "auth-failed: 401 Unauthorized");
}

TEST_CASE("camera trial: what never comes ends with the camera's state after 25 s", "[app][trial]") {
    TrialFixture f;
    f.report(ipc::CameraState::Connecting, "");
    f.loop.advance(24s);
    CHECK_FALSE(f.result.has_value());
    f.loop.advance(2s);
    REQUIRE(f.result.has_value());
    CHECK(f.result->error().kind == ErrorKind::Timeout);
}
