#include <array>
#include <catch2/catch.hpp>

#include "ipc/supervisor.hpp"
#include "support/base/fake_loop.hpp"
#include "support/ipc/fake_launcher.hpp"

using namespace camgate;
using namespace camgate::ipc;
using namespace std::chrono_literals;

namespace {

struct Owner final : WorkerOwner {
    int started = 0;
    std::vector<std::string> ended;
    bool refuse_messages = false;
    int messages = 0;

    void onWorkerStarted() override { ++started; }
    Status onWorkerMessage(std::uint16_t, ByteView) override {
        ++messages;
        if (refuse_messages) return fail(ErrorKind::Corruption, "nonsense");
        return {};
    }
    void onWorkerEnded(const Error& why) override { ended.push_back(why.context); }
};

struct SupervisorFixture {
    explicit SupervisorFixture(SupervisorPolicy wanted = {}) : policy(wanted) {}

    SupervisorPolicy policy;
    test::FakeClock clock;
    test::FakeLoop loop{clock};
    test::FakeLauncher launcher;
    Owner owner;
    Supervisor supervisor{loop,
                          launcher,
                          WorkerRole::Camera,
                          ChannelLimits{[](std::uint16_t) { return std::size_t{100}; }, 1000},
                          policy,
                          owner};

    /// The newest worker says one empty message of type 20.
    void speak() {
        const std::array<std::uint8_t, 8> empty_frame{0, 0, 0, 0, 20, 0, 0, 0};
        REQUIRE(::send(launcher.started.back().worker_end.get(), empty_frame.data(), empty_frame.size(), 0) ==
                8);
        loop.makeAllReadable();
    }
    void workerDies() {
        launcher.started.back().worker_end.reset();
        loop.makeAllReadable();
    }
};

}  // namespace

TEST_CASE("supervisor: a worker that dies comes back after 1, 2, 4 ... 30 s", "[ipc]") {
    SupervisorFixture f;
    f.supervisor.start();
    CHECK(f.owner.started == 1);
    for (const auto back_off : {1s, 2s, 4s, 8s, 16s, 30s, 30s}) {
        const auto starts = f.supervisor.starts();
        f.workerDies();
        CHECK_FALSE(f.supervisor.running());
        f.loop.advance(back_off - 1ms);
        CHECK(f.supervisor.starts() == starts);
        f.loop.advance(1ms);
        CHECK(f.supervisor.starts() == starts + 1);
    }
}

TEST_CASE("supervisor: a random part of the back-off is waited, from an eighth to all of it", "[ipc]") {
    static double random = 0;
    SupervisorFixture f({.random = [] { return random; }});
    f.supervisor.start();
    f.workerDies();
    CHECK(f.supervisor.backOff() == 125ms);
    f.loop.advance(125ms);
    CHECK(f.supervisor.starts() == 2);
    random = 0.5;
    f.workerDies();
    CHECK(f.supervisor.backOff() == 1125ms);
    f.loop.advance(1125ms);
    CHECK(f.supervisor.starts() == 3);
}

TEST_CASE("supervisor: having run for 30 s forgets the back-off", "[ipc]") {
    SupervisorFixture f;
    f.supervisor.start();
    for (int i = 0; i < 5; ++i) {
        f.workerDies();
        f.loop.advance(30s);
    }
    REQUIRE(f.supervisor.running());
    for (int i = 0; i < 30; ++i) {
        f.loop.advance(1s);
        f.speak();
    }
    f.workerDies();
    f.loop.advance(1s);
    CHECK(f.supervisor.running());
}

TEST_CASE("supervisor: a silent worker is killed after 10 s", "[ipc]") {
    SupervisorFixture f;
    f.supervisor.start();
    f.speak();
    f.loop.advance(9s);
    f.speak();
    f.loop.advance(9s);
    CHECK(f.supervisor.running());
    f.loop.advance(1s);
    CHECK_FALSE(f.supervisor.running());
    CHECK(f.launcher.started[0].killed);
    REQUIRE(f.owner.ended.size() == 1);
}

TEST_CASE("supervisor: a worker has 20 s to its first message, each time", "[ipc]") {
    SupervisorFixture f({.longest_silence = 5s});
    f.supervisor.start();
    f.loop.advance(19s);
    CHECK(f.supervisor.running());
    f.speak();
    f.loop.advance(5s);
    CHECK_FALSE(f.supervisor.running());
    f.loop.advance(1s);
    REQUIRE(f.supervisor.starts() == 2);
    f.loop.advance(19s);
    CHECK(f.supervisor.running());
    f.loop.advance(1s);
    CHECK(f.owner.ended.back() == "the worker did not start in time");
}

TEST_CASE("supervisor: a message its owner refuses ends the worker", "[ipc][hostile]") {
    SupervisorFixture f;
    f.owner.refuse_messages = true;
    f.supervisor.start();
    f.speak();
    CHECK_FALSE(f.supervisor.running());
    CHECK(f.owner.ended == std::vector<std::string>{"nonsense"});
    CHECK(f.launcher.started[0].killed);
}

TEST_CASE("supervisor: nothing more is heard from a worker that was ended in mid-burst", "[ipc][hostile]") {
    SupervisorFixture f;
    f.owner.refuse_messages = true;
    f.supervisor.start();
    const std::array<std::uint8_t, 16> two_frames{0, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0};
    REQUIRE(::send(f.launcher.started[0].worker_end.get(), two_frames.data(), two_frames.size(), 0) == 16);
    f.loop.makeAllReadable();
    CHECK(f.owner.messages == 1);
}

TEST_CASE("supervisor: a program that cannot be started is tried again", "[ipc]") {
    SupervisorFixture f;
    f.launcher.refuse = true;
    f.supervisor.start();
    CHECK(f.owner.ended.size() == 1);
    f.launcher.refuse = false;
    f.loop.advance(1s);
    CHECK(f.supervisor.running());
}

TEST_CASE("supervisor: stop ends the worker without a word and without a restart", "[ipc]") {
    SupervisorFixture f;
    f.supervisor.start();
    f.supervisor.stop();
    f.loop.advance(60s);
    CHECK(f.owner.ended.empty());
    CHECK(f.launcher.started.size() == 1);
    CHECK(f.launcher.started[0].killed);
}

TEST_CASE("supervisor: a worker asked to leave hears it and has 2 s", "[ipc]") {
    SupervisorFixture f;
    f.supervisor.start();
    f.supervisor.stopAfter(3, {});
    std::array<std::uint8_t, 16> heard{};
    CHECK(::recv(f.launcher.started[0].worker_end.get(), heard.data(), heard.size(), 0) == 8);
    f.speak();
    CHECK(f.owner.messages == 0);
    CHECK_FALSE(f.launcher.started[0].killed);
    f.loop.advance(2s);
    CHECK(f.launcher.started[0].killed);
    CHECK(f.owner.ended.empty());
}
