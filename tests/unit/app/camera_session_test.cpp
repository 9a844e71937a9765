#include "app/camera_session.hpp"

#include <catch2/catch.hpp>

#include "support/ipc/fake_worker.hpp"

using namespace camgate;
using namespace camgate::app;
using namespace std::chrono_literals;
using ipc::CameraMessage;
using ipc::CameraState;
using ipc::encode;

namespace {

struct Footage final : FootageSink {
    int configs = 0;
    int units = 0;
    int interruptions = 0;
    bool refuse = false;
    bool paused = false;
    void onStreamConfig(media::StreamKind, media::DecoderConfig) override { ++configs; }
    Status onAccessUnit(media::AccessUnit) override {
        ++units;
        if (refuse) return fail(ErrorKind::InvalidArgument, "a time that does not grow");
        return {};
    }
    void onInterrupted() override { ++interruptions; }
    void onPause(bool now) override { paused = now; }
};

struct Observer final : CameraObserver {
    std::vector<CameraState> states;
    std::vector<events::EventPhase> phases;
    void onCameraState(const CameraSession& camera) override { states.push_back(camera.state()); }
    void onEventUpdate(CameraSession&, const events::EventUpdate& update) override {
        phases.push_back(update.phase);
    }
};

struct SessionFixture {
    test::FakeClock clock;
    test::FakeLoop loop{clock};
    test::FakeLauncher launcher;
    Footage footage;
    Observer observer;
    config::CameraConfig config = [] {
        config::CameraConfig camera;
        camera.id = "gate";
        camera.main = "test:yard";
        camera.bitrate_kbps = 64;
        return camera;
    }();
    CameraSession session{loop, launcher, config, footage, observer};

    std::unique_ptr<test::FakeWorker> worker;

    SessionFixture() {
        session.start();
        meetWorker();
    }

    void meetWorker() { worker = std::make_unique<test::FakeWorker>(loop, launcher.started.back()); }
    void say(CameraMessage type, const Bytes& payload) { worker->say(type, payload); }
    void loseWorker() { worker->leave(); }
    void report(CameraState state, std::uint64_t frames = 0) {
        ipc::CameraReport out;
        out.state = state;
        out.frames = frames;
        say(CameraMessage::Report, encode(out));
    }
    void motion(bool active) {
        motion::MotionResult result;
        result.captured_at = clock.bootNow();
        result.state = motion::GlobalState::Normal;
        result.active = active;
        if (active) result.blobs = {{{0.1F, 0.1F, 0.1F, 0.2F}, 0.8F, 1, true, 0}};
        say(CameraMessage::Motion, encode(result));
    }
};

Bytes unitOf(std::size_t bytes) {
    media::AccessUnit unit;
    unit.bytes.resize(bytes);
    return encode(unit);
}

}  // namespace

TEST_CASE("camera session: counters add up over workers, the state is the newest", "[app]") {
    SessionFixture f;
    f.report(CameraState::Ok, 100);
    f.loseWorker();
    CHECK(f.session.state() == CameraState::Connecting);
    CHECK(f.footage.interruptions == 1);
    f.loop.advance(1s);
    f.meetWorker();
    f.report(CameraState::Ok, 7);
    CHECK(f.session.totals().frames == 107);
    CHECK(f.observer.states == std::vector{CameraState::Ok, CameraState::Connecting, CameraState::Ok});
}

TEST_CASE("camera session: what a worker said is wrong stays its camera's state when it ends", "[app]") {
    SessionFixture f;
    f.report(CameraState::AuthFailed);
    f.loseWorker();
    CHECK(f.session.state() == CameraState::AuthFailed);
    f.loop.advance(1s);
    f.meetWorker();
    f.report(CameraState::Connecting);
    CHECK(f.session.state() == CameraState::AuthFailed);
    f.report(CameraState::NoLink);
    CHECK(f.session.state() == CameraState::NoLink);
}

TEST_CASE("camera session: a worker that lies is ended", "[app][hostile]") {
    SessionFixture f;
    SECTION("a message that does not decode") {
        f.say(CameraMessage::Motion, {1, 2, 3});
    }
    SECTION("a type that only camgated sends") {
        f.say(CameraMessage::Settings, {});
    }
    SECTION("a unit the recorder refuses") {
        f.footage.refuse = true;
        f.say(CameraMessage::AccessUnit, unitOf(10));
    }
    SECTION("motion of another time") {
        f.clock.advance(60s);
        motion::MotionResult old;
        old.captured_at = f.clock.bootNow() - 40s;
        f.say(CameraMessage::Motion, encode(old));
    }
    SECTION("far more than it may send: 64 kbit/s x 4 for 10 s and 4 MiB are 4.5 MB") {
        for (int i = 0; i < 20; ++i) f.say(CameraMessage::AccessUnit, unitOf(250'000));
    }
    CHECK(f.launcher.started[0].killed);
}

TEST_CASE("camera session: motion becomes an event and quiet ends it", "[app]") {
    SessionFixture f;
    f.motion(true);
    CHECK(f.observer.phases == std::vector{events::EventPhase::Start});
    for (int i = 0; i < 15; ++i) {
        f.loop.advance(1s);
        f.motion(false);
    }
    CHECK(f.observer.phases.back() == events::EventPhase::End);
}

TEST_CASE("camera session: a session that is stopped ends its event", "[app]") {
    SessionFixture f;
    for (int i = 0; i < 20; ++i) {
        f.motion(true);
        f.loop.advance(200ms);
    }
    REQUIRE(f.observer.phases.size() >= 1);
    REQUIRE(f.observer.phases.back() != events::EventPhase::End);
    f.session.stop();
    CHECK(f.observer.phases.back() == events::EventPhase::End);
}

TEST_CASE("camera session: a snapshot is answered by the worker, by the clock or by the worker's end",
          "[app]") {
    SessionFixture f;
    std::vector<Result<ipc::Snapshot>> answers;
    const auto ask = [&] {
        f.session.snapshot(640, [&](Result<ipc::Snapshot> answer) { answers.push_back(std::move(answer)); });
    };
    ask();
    f.say(CameraMessage::Snapshot, encode(ipc::Snapshot{1, "", {}, {0xFF, 0xD8}}));
    REQUIRE(answers.size() == 1);
    CHECK(answers[0]->jpeg == Bytes{0xFF, 0xD8});
    ask();
    for (int i = 0; i < 5; ++i) {
        f.report(CameraState::Ok);
        f.loop.advance(1s);
    }
    REQUIRE(answers.size() == 2);
    CHECK(answers[1].error().kind == ErrorKind::Timeout);
    ask();
    f.loseWorker();
    REQUIRE(answers.size() == 3);
    CHECK_FALSE(answers[2].has_value());
    ask();
    CHECK(answers.size() == 4);
}

TEST_CASE("camera session: the worker is told which zones count at this hour", "[app][zones]") {
    SessionFixture f;
    f.loop.advance(1s);
    const auto toldZones = [&f] {
        std::vector<std::uint16_t> told;
        for (const auto& heard : f.worker->heard()) {
            if (heard.type == static_cast<std::uint16_t>(CameraMessage::ActiveZones))
                told.push_back(ipc::decodeActiveZones(heard.payload)->zones);
        }
        return told;
    };
    // One zone of two belongs to the night; the fake clock begins at noon.
    config::CameraConfig yard = f.config;
    yard.motion.zones.resize(2);
    yard.motion.zones[1].hours = "22:00-06:00";
    CHECK(toldZones().empty());
    CameraSession session(f.loop, f.launcher, yard, f.footage, f.observer);
    session.start();
    f.meetWorker();
    CHECK(toldZones() == std::vector<std::uint16_t>{0xFFFD});
    f.clock.stepWall(std::chrono::hours(11));
    f.loop.advance(1s);
    CHECK(toldZones() == std::vector<std::uint16_t>{0xFFFF});
    f.clock.stepWall(std::chrono::hours(11));
    f.loop.advance(1s);
    CHECK(toldZones() == std::vector<std::uint16_t>{0xFFFD});
    // Without the time every zone counts.
    f.clock.setWall({WallTime(std::chrono::seconds(0)), WallQuality::Unsynced, std::chrono::milliseconds(0)});
    f.loop.advance(1s);
    CHECK(toldZones() == std::vector<std::uint16_t>{0xFFFF});
    session.stop();
}

TEST_CASE("camera session: a pause ends worker and event, and is a state of its own", "[app][pause]") {
    SessionFixture f;
    f.report(CameraState::Ok, 100);
    f.motion(true);
    f.loop.advance(500ms);
    f.session.pause("by its owner");
    CHECK(f.footage.paused);
    CHECK(f.session.stateName() == "paused");
    CHECK(f.session.detail() == "by its owner");
    CHECK_FALSE(delivers(f.session.state()));
    CHECK(f.session.pid() == 0);
    std::optional<Error> why;
    f.session.snapshot(640, [&](Result<ipc::Snapshot> taken) { why = taken.error(); });
    REQUIRE(why);
    CHECK_THAT(why->context, Catch::Contains("paused"));
    const auto starts = f.session.workerStarts();
    f.loop.advance(10min);
    CHECK(f.session.workerStarts() == starts);
    CHECK(f.session.totals().frames == 100);

    f.session.resume();
    CHECK_FALSE(f.footage.paused);
    CHECK(f.session.stateName() == "connecting");
    CHECK(f.session.detail().empty());
    CHECK(f.session.workerStarts() == starts + 1);
    f.meetWorker();
    f.report(CameraState::Ok, 7);
    CHECK(f.session.totals().frames == 107);
}

TEST_CASE("camera session: paused before its start it has no worker", "[app][pause]") {
    SessionFixture f;
    CameraSession paused(f.loop, f.launcher, f.config, f.footage, f.observer);
    paused.pause("by its hours");
    paused.start();
    CHECK(paused.workerStarts() == 0);
    paused.resume();
    CHECK(paused.workerStarts() == 1);
    paused.pause("by its hours");
    paused.stop();
    paused.resume();
    CHECK(paused.workerStarts() == 1);
}
