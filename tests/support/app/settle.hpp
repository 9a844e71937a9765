// Waits for a recorder's storage thread. For Catch tests. Header only.
#pragma once

#include <catch2/catch.hpp>

#include "app/recorder.hpp"
#include "support/base/fake_loop.hpp"

namespace camgate::test {

/// The storage thread has done all that it was given, and the loop knows.
inline void settle(app::Recorder& recorder, FakeLoop& loop) {
    bool reached = false;
    REQUIRE(recorder.thread().tryPost([&] { loop.post([&] { reached = true; }); }));
    while (!reached) {
        REQUIRE(loop.waitForPost());
        loop.runPosted();
    }
}

}  // namespace camgate::test
