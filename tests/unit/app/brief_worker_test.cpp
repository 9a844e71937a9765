#include "app/brief_worker.hpp"

#include <catch2/catch.hpp>

#include "app/camera_desk.hpp"
#include "ipc/finder_messages.hpp"
#include "support/ipc/fake_worker.hpp"

using namespace camgate;
using namespace camgate::app;
using namespace std::chrono_literals;
using ipc::FinderMessage;

namespace {

struct CameraDeskFixture {
    test::FakeClock clock;
    test::FakeLoop loop{clock};
    test::FakeLauncher launcher;
    config::Configuration configuration;
    std::string paused;
    CameraDesk desk{loop, launcher, configuration, [this](const std::string&) { return paused; }};
    std::vector<Result<std::string>> answers;

    control::ControlBackend::Answer answer() {
        return [this](Result<std::string> result) { answers.push_back(std::move(result)); };
    }
};

}  // namespace

TEST_CASE("camera desk: a search is asked of a finder and its answer handed on", "[app][finder]") {
    CameraDeskFixture f;
    f.desk.discover(R"({"interface":"lo","seconds":2,"scan":true})", f.answer());
    REQUIRE(f.launcher.started.size() == 1);
    CHECK(f.launcher.started[0].role == ipc::WorkerRole::Finder);
    test::FakeWorker worker(f.loop, f.launcher.started[0]);
    const auto heard = worker.heard();
    REQUIRE(heard.size() == 1);
    const auto asked = ipc::decodeFinderSearch(heard[0].payload);
    REQUIRE(asked);
    CHECK(asked->interface == "lo");
    CHECK(asked->listen_ms == 2000);
    worker.say(FinderMessage::Found,
               ipc::encode(std::vector<ipc::FoundCamera>{{"10.0.0.5", "http://10.0.0.5/", "Gate", ""}}));
    REQUIRE(f.answers.size() == 1);
    CHECK(f.answers[0] == R"({"cameras":[{"address":"10.0.0.5","name":"Gate","url":"http://10.0.0.5/"}]})");
    CHECK(f.launcher.started[0].killed);
}

TEST_CASE("camera desk: a finder that lies, stands still or goes is an error in words", "[app][finder]") {
    CameraDeskFixture f;
    SECTION("it lies") {
        f.desk.describe(R"({"url":"http://10.0.0.5/"})", f.answer());
        test::FakeWorker worker(f.loop, f.launcher.started[0]);
        worker.say(FinderMessage::Found, ipc::encode(std::vector<ipc::FoundCamera>{}));
        CHECK(f.answers.at(0).error().kind == ErrorKind::Corruption);
    }
    SECTION("it stands still") {
        f.desk.discover("{}", f.answer());
        test::FakeWorker worker(f.loop, f.launcher.started[0]);
        f.loop.advance(26s);
        CHECK(f.answers.at(0).error().kind == ErrorKind::Timeout);
    }
    SECTION("it says why it cannot") {
        f.desk.describe(R"({"url":"http://10.0.0.5/"})", f.answer());
        test::FakeWorker worker(f.loop, f.launcher.started[0]);
        worker.say(FinderMessage::Failed, ipc::encodeFinderFailure({ErrorKind::PermissionDenied, 0, "no"}));
        CHECK(f.answers.at(0).error().context == "no");
    }
    SECTION("a third errand waits for its turn") {
        for (int i = 0; i < 3; ++i) f.desk.discover("{}", f.answer());
        CHECK(f.launcher.started.size() == 2);
        CHECK(f.answers.at(0).error().kind == ErrorKind::Unavailable);
    }
    CHECK(f.answers.size() == 1);
}

TEST_CASE("camera desk: nobody looks at a camera that is paused", "[app][pause]") {
    CameraDeskFixture f;
    f.configuration.cameras.emplace_back();
    f.configuration.cameras.back().id = "gate";
    f.paused = "by its owner";
    f.desk.test(R"({"camera":"gate"})", f.answer());
    REQUIRE(f.answers.size() == 1);
    CHECK(f.answers[0].error().kind == ErrorKind::FailedPrecondition);
    CHECK(f.launcher.started.empty());
}
