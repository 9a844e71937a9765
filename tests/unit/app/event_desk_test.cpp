#include "app/event_desk.hpp"

#include <catch2/catch.hpp>

#include "support/ipc/fake_worker.hpp"

using namespace camgate;
using namespace camgate::app;
using namespace std::chrono_literals;
using ipc::CameraMessage;
using ipc::encode;
using uplink::ReportPhase;

namespace {

struct NoFootage final : FootageSink {
    void onStreamConfig(media::StreamKind, media::DecoderConfig) override {}
    Status onAccessUnit(media::AccessUnit) override { return {}; }
    void onInterrupted() override {}
    void onPause(bool) override {}
};

config::CameraConfig gateCamera() {
    config::CameraConfig camera;
    camera.id = "gate";
    camera.main = "test:yard";
    for (const char* name : {"street", "door", "path"}) camera.motion.zones.emplace_back().name = name;
    return camera;
}

struct EventDeskFixture final : CameraObserver {
    test::FakeClock clock;
    test::FakeLoop loop{clock};
    test::FakeLauncher launcher;
    NoFootage footage;
    std::vector<uplink::EventReport> reports;
    EventDesk desk{clock, [this](const uplink::EventReport& report) { reports.push_back(report); },
                   [] { return uplink::kMaxStill_bytes; }};
    std::unique_ptr<CameraSession> session;
    std::unique_ptr<test::FakeWorker> worker;

    explicit EventDeskFixture(const config::CameraConfig& camera = gateCamera()) {
        session = std::make_unique<CameraSession>(loop, launcher, camera, footage, *this);
        session->start();
        worker = std::make_unique<test::FakeWorker>(loop, launcher.started.back());
        (void)worker->heard();
    }
    void onCameraState(const CameraSession&) override {}
    void onEventUpdate(CameraSession& camera, const events::EventUpdate& update) override {
        desk.onUpdate(camera, update);
    }

    void motion(std::uint16_t zones) {
        motion::MotionResult result;
        result.captured_at = clock.bootNow();
        result.state = motion::GlobalState::Normal;
        result.active = true;
        result.blobs = {{{0.25F, 0.5F, 0.125F, 0.375F}, 0.75F, 1, true, zones}};
        worker->say(CameraMessage::Motion, encode(result));
    }
    /// A second passes before a camera that sees nothing.
    void quiet(int seconds) {
        for (int i = 0; i < seconds; ++i) {
            loop.advance(1s);
            motion::MotionResult result;
            result.captured_at = clock.bootNow();
            result.state = motion::GlobalState::Normal;
            worker->say(CameraMessage::Motion, encode(result));
        }
    }
    /// Widths that the worker was asked for, with the request's number.
    std::vector<ipc::SnapshotRequest> asked() {
        std::vector<ipc::SnapshotRequest> requests;
        for (const auto& heard : worker->heard()) {
            if (heard.type != static_cast<std::uint16_t>(CameraMessage::SnapshotRequest)) continue;
            requests.push_back(ipc::decodeSnapshotRequest(heard.payload).value());
        }
        return requests;
    }
    void answer(const ipc::SnapshotRequest& request, std::size_t bytes) {
        worker->say(CameraMessage::Snapshot,
                    encode(ipc::Snapshot{request.id, "", clock.bootNow(), Bytes(bytes, 0xD8)}));
    }
    ReportPhase lastPhase() const { return reports.back().phase; }
};

}  // namespace

TEST_CASE("event desk: start, update and end are told with zones' names and wall times", "[app]") {
    EventDeskFixture f;
    const WallTime start = f.clock.wallNow().time;
    f.motion(0b010);
    REQUIRE(f.reports.size() == 1);
    const uplink::EventReport first = f.reports[0];
    CHECK(first.camera == "gate");
    CHECK(first.event.size() == 32);
    CHECK(first.phase == ReportPhase::Start);
    CHECK(first.alarm);
    CHECK(first.start == start);
    CHECK(first.last_motion == start);
    CHECK(first.clip_from == start - 5s);
    CHECK_FALSE(first.end);
    CHECK_FALSE(first.clip_to);
    CHECK(first.quality == WallQuality::Ntp);
    CHECK(first.error_bound == 10ms);
    CHECK(first.confidence == Approx(0.75));
    CHECK(first.box == std::array<double, 4>{0.25, 0.5, 0.125, 0.375});
    CHECK(first.zones == std::vector<std::string>{"door"});
    CHECK_FALSE(first.still);

    for (int i = 0; i < 10; ++i) {
        f.loop.advance(1s);
        f.motion(0b100);
    }
    REQUIRE(f.reports.size() == 2);
    CHECK(f.lastPhase() == ReportPhase::Update);
    CHECK(f.reports[1].event == first.event);
    CHECK(f.reports[1].last_motion == start + 10s);
    CHECK(f.reports[1].zones == std::vector<std::string>{"door", "path"});

    f.quiet(8);
    REQUIRE(f.lastPhase() == ReportPhase::End);
    const uplink::EventReport& last = f.reports.back();
    CHECK(last.event == first.event);
    CHECK(last.start == start);
    CHECK(last.end == start + 10s);
    CHECK(last.clip_to == start + 15s);
}

TEST_CASE("event desk: a camera without alarms tells events that are none", "[app]") {
    config::CameraConfig camera = gateCamera();
    camera.motion.alarm = false;
    EventDeskFixture f(camera);
    f.motion(1);
    REQUIRE(f.reports.size() == 1);
    CHECK_FALSE(f.reports[0].alarm);
}

TEST_CASE("event desk: a clock that is not set is told with the times", "[app]") {
    EventDeskFixture f;
    f.clock.setWall({WallTime(0s), WallQuality::Unsynced, 0ms});
    f.motion(1);
    CHECK(f.reports.at(0).quality == WallQuality::Unsynced);
}

TEST_CASE("event desk: a still follows the start as an update of the newest report", "[app]") {
    EventDeskFixture f;
    f.motion(0b001);
    const auto requests = f.asked();
    REQUIRE(requests.size() == 1);
    CHECK(requests[0].max_width_px == 640);
    f.loop.advance(1s);
    const WallTime taken = f.clock.wallNow().time;
    f.answer(requests[0], uplink::kMaxStill_bytes);
    REQUIRE(f.reports.size() == 2);
    CHECK(f.lastPhase() == ReportPhase::Update);
    CHECK(f.reports[1].event == f.reports[0].event);
    CHECK(f.reports[1].zones == std::vector<std::string>{"street"});
    REQUIRE(f.reports[1].still);
    CHECK(f.reports[1].still->at == taken);
    CHECK(f.reports[1].still->jpeg == Bytes(uplink::kMaxStill_bytes, 0xD8));

    for (int i = 0; i < 10; ++i) {
        f.loop.advance(1s);
        f.motion(0b001);
    }
    CHECK(f.lastPhase() == ReportPhase::Update);
    CHECK_FALSE(f.reports.back().still);  // once is enough
    CHECK(f.asked().empty());
}

TEST_CASE("event desk: a still after the end is dropped", "[app]") {
    config::CameraConfig camera = gateCamera();
    camera.motion.merge_gap_s = 1;
    camera.motion.post_roll_s = 1;
    EventDeskFixture f(camera);
    f.motion(1);
    const auto requests = f.asked();
    REQUIRE(requests.size() == 1);
    f.quiet(3);
    REQUIRE(f.lastPhase() == ReportPhase::End);
    SECTION("nothing follows") {
        const std::size_t told = f.reports.size();
        f.answer(requests[0], 1000);
        CHECK(f.reports.size() == told);
    }
    SECTION("the next event keeps its own") {
        f.loop.advance(500ms);
        f.motion(1);
        REQUIRE(f.lastPhase() == ReportPhase::Start);
        const std::size_t told = f.reports.size();
        f.answer(requests[0], 1000);
        CHECK(f.reports.size() == told);
        const auto again = f.asked();
        REQUIRE(again.size() == 1);
        f.answer(again[0], 1000);
        REQUIRE(f.reports.back().still);
        CHECK(f.reports.back().event != f.reports[0].event);
    }
}

TEST_CASE("event desk: an event does without a still that cannot be had", "[app]") {
    EventDeskFixture f;
    f.motion(1);
    const auto requests = f.asked();
    REQUIRE(requests.size() == 1);
    SECTION("the worker has none") {
        f.worker->say(CameraMessage::Snapshot,
                      encode(ipc::Snapshot{requests[0].id, "nothing decoded yet", {}, {}}));
    }
    SECTION("the worker ends") {
        f.worker->leave();
    }
    SECTION("the worker does not answer") {
        for (int i = 0; i < 6; ++i) {
            f.loop.advance(1s);
            f.motion(1);
        }
    }
    CHECK(f.reports.size() == 1);
    CHECK(f.lastPhase() == ReportPhase::Start);
}

TEST_CASE("event desk: a picture that is too large is asked for smaller", "[app]") {
    EventDeskFixture f;
    f.motion(1);
    std::vector<std::uint16_t> widths_px;
    for (int i = 0; i < 2; ++i) {
        const auto requests = f.asked();
        REQUIRE(requests.size() == 1);
        widths_px.push_back(requests[0].max_width_px);
        f.answer(requests[0], uplink::kMaxStill_bytes + 1);
    }
    const auto smallest = f.asked();
    REQUIRE(smallest.size() == 1);
    widths_px.push_back(smallest[0].max_width_px);
    CHECK(widths_px == std::vector<std::uint16_t>{640, 480, 320});
    CHECK(f.reports.size() == 1);
    SECTION("until it fits") {
        f.answer(smallest[0], uplink::kMaxStill_bytes);
        REQUIRE(f.reports.size() == 2);
        CHECK(f.reports[1].still);
    }
    SECTION("and given up if it never does") {
        f.answer(smallest[0], uplink::kMaxStill_bytes + 1);
        CHECK(f.asked().empty());
        CHECK(f.reports.size() == 1);
    }
}
