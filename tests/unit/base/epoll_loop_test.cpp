#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <optional>
#include <thread>

#include "base/epoll_loop.hpp"

using namespace camgate;
using namespace std::chrono_literals;

namespace {

/// However long the machine takes between two lines of a test, they are said at one time.
struct HeldClock final : Clock {
    BootTime bootNow() const override { return held ? *held : system.bootNow(); }
    WallReading wallNow() const override { return system.wallNow(); }
    SystemClock system;
    std::optional<BootTime> held = system.bootNow();
};

struct LoopFixture {
    SystemClock clock;
    std::unique_ptr<EpollLoop> loop = EpollLoop::open(clock).value();
    LoopHandle end_of_patience = loop->runAfter(5s, [this] { loop->stop(); });
};

}  // namespace

TEST_CASE("loop: timers run in the order they fall due, and a cancelled one never", "[base][loop]") {
    HeldClock clock;
    const auto loop = EpollLoop::open(clock).value();
    std::string order;
    auto later = loop->runAfter(2ms, [&] { order += 'b', loop->stop(); });
    auto sooner = loop->runAfter(1ms, [&] { order += 'a'; });
    auto never = loop->runAfter(1ms, [&] { order += 'x'; });
    never.cancel();
    clock.held.reset();
    loop->run();
    CHECK(order == "ab");
}

TEST_CASE("loop: a periodic timer may cancel itself from its own callback", "[base][loop]") {
    LoopFixture f;
    int runs = 0;
    LoopHandle timer;
    timer = f.loop->runEvery(1ms, [&] {
        if (++runs == 3) timer.cancel(), f.loop->stop();
    });
    f.loop->run();
    CHECK(runs == 3);
}

TEST_CASE("loop: post from another thread wakes the loop", "[base][loop]") {
    LoopFixture f;
    bool ran = false;
    std::thread other([&] { f.loop->post([&] { ran = true, f.loop->stop(); }); });
    f.loop->run();
    other.join();
    CHECK(ran);
}

TEST_CASE("loop: a watched descriptor reports data and hang-up as readable", "[base][loop]") {
    LoopFixture f;
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends.data()) == 0);
    UniqueFd near(ends[0]), far(ends[1]);
    std::string got;
    bool closed = false;
    auto watch = f.loop->watch(near.get(), Ready::Read, [&](bool readable, bool) {
        REQUIRE(readable);
        std::array<char, 16> buffer{};
        const auto count = ::read(near.get(), buffer.data(), buffer.size());
        if (count > 0) got.append(buffer.data(), static_cast<std::size_t>(count));
        if (count == 0) closed = true, f.loop->stop();
    });
    REQUIRE(::write(far.get(), "hi", 2) == 2);
    far.reset();
    f.loop->run();
    CHECK(got == "hi");
    CHECK(closed);
}

TEST_CASE("loop: after a stop it can run again", "[base][loop]") {
    LoopFixture f;
    int runs = 0;
    for (int i = 0; i < 2; ++i) {
        const auto timer = f.loop->runAfter(1ms, [&] { ++runs, f.loop->stop(); });
        f.loop->run();
    }
    CHECK(runs == 2);
}
