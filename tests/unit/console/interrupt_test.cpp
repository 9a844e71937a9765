#include "console/interrupt.hpp"

#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <csignal>

using namespace camgate::console;

namespace {

struct Pipe {
    Pipe() { REQUIRE(::pipe(ends.data()) == 0); }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        ::close(ends[0]);
        ::close(ends[1]);
    }
    std::array<int, 2> ends{};
};

}  // namespace

TEST_CASE("interrupt: one that came before the wait ends it, whatever there is to read", "[console]") {
    Pipe pipe;
    noteInterrupts();
    clearInterrupt();
    REQUIRE(::write(pipe.ends[1], "x", 1) == 1);
    CHECK(waitForInput(pipe.ends[0]));
    std::raise(SIGINT);
    CHECK(interrupted());
    CHECK_FALSE(waitForInput(pipe.ends[0]));
    clearInterrupt();
    CHECK(waitForInput(pipe.ends[0]));
    std::signal(SIGINT, SIG_DFL);
}
