#include "camera/camera_health.hpp"

#include <catch2/catch.hpp>

#include "support/base/fake_clock.hpp"

using namespace camgate;
using namespace camgate::camera;
using namespace std::chrono_literals;
using ipc::CameraState;

namespace {

/// A camera that delivers what the test says, looked at four times a second.
struct Watched {
    test::FakeClock clock;
    CameraHealth health{clock.bootNow(), HealthLimits{}};
    StreamCounters counters;

    enum Delivers { Nothing, Bytes, Frames, Keyframes };
    void run(std::chrono::milliseconds time, Delivers what) {
        for (; time > 0ms; time -= 250ms) {
            clock.advance(250ms);
            if (what >= Bytes) counters.bytes += 1000;
            if (what >= Frames) ++counters.frames;
            if (what >= Keyframes) ++counters.keyframes;
            health.update(counters, clock.bootNow());
        }
    }
};

}  // namespace

TEST_CASE("health: a camera is ok with its first keyframe", "[camera]") {
    Watched camera;
    CHECK(camera.health.state() == CameraState::Connecting);
    camera.run(1s, Watched::Frames);
    CHECK(camera.health.state() == CameraState::Connecting);
    camera.run(1s, Watched::Keyframes);
    CHECK(camera.health.state() == CameraState::Ok);
    CHECK(camera.health.detail().empty());
    camera.run(15s, Watched::Frames);  // a long group of pictures is no fault
    CHECK(camera.health.state() == CameraState::Ok);
    CHECK_FALSE(camera.health.mustEnd());
}

TEST_CASE("health: a camera that never answers is no-link within 10 s, then the worker ends", "[camera]") {
    Watched camera;
    camera.run(7s + 750ms, Watched::Nothing);
    CHECK(camera.health.state() == CameraState::Connecting);
    camera.run(250ms, Watched::Nothing);
    CHECK(camera.health.state() == CameraState::NoLink);
    CHECK_FALSE(camera.health.mustEnd());
    camera.run(5s, Watched::Nothing);  // 8 s to connect + (10 - 5) s of patience
    CHECK(camera.health.mustEnd());
}

TEST_CASE("health: a camera that answers but sends nothing is no-frames", "[camera]") {
    Watched camera;
    camera.health.onAnswered();
    camera.run(8s, Watched::Nothing);
    CHECK(camera.health.state() == CameraState::NoFrames);
}

TEST_CASE("health: a stream that stops is no-frames after 5 s and the worker ends after 10 s", "[camera]") {
    Watched camera;
    camera.run(2s, Watched::Keyframes);
    camera.run(4s + 750ms, Watched::Nothing);
    CHECK(camera.health.state() == CameraState::Ok);
    camera.run(250ms, Watched::Nothing);
    CHECK(camera.health.state() == CameraState::NoFrames);
    camera.run(4s + 750ms, Watched::Nothing);
    CHECK_FALSE(camera.health.mustEnd());
    camera.run(250ms, Watched::Nothing);
    CHECK(camera.health.mustEnd());
}

TEST_CASE("health: a stream that comes back in time is ok again", "[camera]") {
    Watched camera;
    camera.run(2s, Watched::Keyframes);
    camera.run(7s, Watched::Nothing);
    REQUIRE(camera.health.state() == CameraState::NoFrames);
    camera.run(250ms, Watched::Keyframes);
    CHECK(camera.health.state() == CameraState::Ok);
    CHECK_FALSE(camera.health.mustEnd());
}

TEST_CASE("health: bytes without frames are no-frames, counted from the first byte", "[camera]") {
    Watched camera;
    camera.run(6s, Watched::Nothing);  // a slow connection is not held against the frames
    camera.run(4s + 750ms, Watched::Bytes);
    CHECK(camera.health.state() == CameraState::Connecting);
    camera.run(500ms, Watched::Bytes);
    CHECK(camera.health.state() == CameraState::NoFrames);
    CHECK_FALSE(camera.health.mustEnd());
    camera.run(5s, Watched::Bytes);
    CHECK(camera.health.mustEnd());
}

TEST_CASE("health: frames without a keyframe are no-keyframes after 20 s", "[camera]") {
    Watched camera;
    camera.run(20s, Watched::Frames);
    CHECK(camera.health.state() == CameraState::Connecting);
    camera.run(250ms, Watched::Frames);
    CHECK(camera.health.state() == CameraState::NoKeyframes);
    CHECK_FALSE(camera.health.mustEnd());
    camera.run(40s, Watched::Frames);
    CHECK(camera.health.mustEnd());
}

TEST_CASE("health: keyframes that stop are no-keyframes, and ok when they come back", "[camera]") {
    Watched camera;
    camera.run(1s, Watched::Keyframes);
    camera.run(20s, Watched::Frames);
    CHECK(camera.health.state() == CameraState::NoKeyframes);
    camera.run(250ms, Watched::Keyframes);
    CHECK(camera.health.state() == CameraState::Ok);
}

TEST_CASE("health: a failure stands at once, the first one counts, and the worker ends", "[camera]") {
    Watched camera;
    camera.health.onFailure({CameraState::AuthFailed, "refused"});
    camera.health.onFailure({CameraState::NoLink, "closed"});
    camera.run(1s, Watched::Keyframes);
    CHECK(camera.health.state() == CameraState::AuthFailed);
    CHECK(camera.health.detail() == "refused");
    CHECK(camera.health.mustEnd());
}

TEST_CASE("health: what motion detection makes of the view is said while frames advance", "[camera][scene]") {
    Watched camera;
    camera.run(1s, Watched::Keyframes);
    camera.health.onScene(motion::SceneState::Covered);
    camera.run(1s, Watched::Keyframes);
    CHECK(camera.health.state() == CameraState::Covered);
    CHECK_FALSE(camera.health.detail().empty());
    CHECK_FALSE(camera.health.mustEnd());
    // No frames at all is worse than a covered lens.
    camera.run(6s, Watched::Nothing);
    CHECK(camera.health.state() == CameraState::NoFrames);
    camera.health.onScene(motion::SceneState::Ok);
    camera.run(1s, Watched::Keyframes);
    CHECK(camera.health.state() == CameraState::Ok);
}

TEST_CASE("health: every scene state has a camera state of its own name", "[camera][scene]") {
    for (std::size_t i = 0; i < static_cast<std::size_t>(motion::SceneState::Count); ++i) {
        const auto scene = static_cast<motion::SceneState>(i);
        Watched camera;
        camera.health.onScene(scene);
        camera.run(1s, Watched::Keyframes);
        CHECK(ipc::toString(camera.health.state()) == motion::toString(scene));
    }
}
