// What a thing that is followed must show to be motion, one rule at a time. 15 frames a second, 320x180.
#include "motion/track.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <functional>

#include "frame_rate.hpp"

using namespace camgate::motion;
using camgate::motion::test::kFrame_ms;

namespace {

using Walk = std::function<std::array<int, 2>(int)>;  ///< left and top in frame i

/// What is seen of it where the test does not say otherwise: a body that fills half of its box.
Observation bodyAt(int left, int top, int width, int height) {
    Observation seen;
    seen.box = {left, top, left + width, top + height};
    seen.blocks = seen.seeds = seen.moving = 2;
    seen.changed_px = width * height / 2;
    return seen;
}

Track followed(int frames, const Unrest& unrest, const std::function<Observation(int)>& seenIn) {
    const Grid grid = Grid::ofPlane(320, 180);
    Track track;
    for (int i = 0; i < frames && !track.confirmed; ++i) {
        const Observation seen = seenIn(i);
        if (i == 0) {
            track.begin(seen);
        } else {
            track.age_ms += kFrame_ms;
            track.update(seen, kFrame_ms);
        }
        track.judge(grid, kFrame_ms, unrest);
    }
    return track;
}

bool confirmedAfter(int frames, const Unrest& unrest, const Walk& walk, int size) {
    return followed(frames, unrest,
                    [&](int i) {
                        const auto [x, y] = walk(i);
                        return bodyAt(x, y, size, size);
                    })
        .confirmed;
}

std::array<int, 2> walks(int i) {
    return {20 + 3 * i, 80};
}

std::array<int, 2> falls(int i) {
    return {100 + i % 2, 10 + 4 * i};
}

}  // namespace

TEST_CASE("track: straight on is motion, zigzag is not", "[motion][track]") {
    const auto zigzag = [](int i) { return std::array{20 + 3 * i, i % 2 == 0 ? 74 : 86}; };
    CHECK(confirmedAfter(8, {}, walks, 16));
    CHECK_FALSE(confirmedAfter(30, {}, zigzag, 16));
}

TEST_CASE("track: who is far away is slow, and is believed for going straight for seconds",
          "[motion][track]") {
    const auto far = [](int i) { return std::array{20 + i / 4, 80}; };
    const Unrest some{.clutter_q4 = 8, .weak_q4 = 8};
    CHECK_FALSE(confirmedAfter(30, some, far, 10));
    CHECK(confirmedAfter(120, some, far, 10));
}

TEST_CASE("track: what changes its shape must convince for longer", "[motion][track]") {
    const auto seenUntilBelieved = [](int wider) {
        int frames = 0;
        followed(60, {}, [&](int i) {
            frames = i;
            Observation seen = bodyAt(20 + 3 * i, 80, 16 + (i % 2) * wider, 24);
            seen.changed_px = seen.box.area() / 3;
            return seen;
        });
        return frames;
    };
    CHECK(seenUntilBelieved(12) >= seenUntilBelieved(0) + 3);
}

TEST_CASE("track: two clear sightings among many faint ones do not make it clear", "[motion][track]") {
    const auto faint = [](int clear_ones) {
        return followed(12, {},
                        [clear_ones](int i) {
                            Observation seen = bodyAt(40, 80, 6, 10);
                            seen.weak = i < 12 - clear_ones;
                            return seen;
                        })
            .faint();
    };
    CHECK(faint(0));
    CHECK(faint(2));
    CHECK_FALSE(faint(6));
}

TEST_CASE("track: a leap from one thing to another is no way", "[motion][track]") {
    const auto leaps = [](int i) { return std::array{i < 12 ? 40 : 90, 80}; };
    CHECK_FALSE(confirmedAfter(30, {}, leaps, 8));
    // Leaves that light up here and there: each step lands where nothing was.
    const auto everywhere = [](int i) { return std::array{40 + 12 * i, 80 + 5 * (i % 2)}; };
    CHECK_FALSE(confirmedAfter(20, {}, everywhere, 8));
}

TEST_CASE("track: what comes and goes where it first was, a clock or a flag, is not motion",
          "[motion][track]") {
    const auto sways = [](int i) { return std::array{100 + (i % 20 < 10 ? i % 20 : 20 - i % 20), 40}; };
    // After half a swing it looks like somebody; after two and a half seconds it has never left.
    Track track;
    const Grid grid = Grid::ofPlane(320, 180);
    for (int i = 0; i < 120; ++i) {
        const auto [x, y] = sways(i);
        const Observation seen = bodyAt(x, y, 16, 16);
        if (i == 0) track.begin(seen);
        track.age_ms += kFrame_ms;
        if (i > 0) track.update(seen, kFrame_ms);
        // As where it flickers: long evidence is asked, and by then it has not left.
        if (track.age_ms > 2600) track.judge(grid, kFrame_ms, {});
    }
    CHECK_FALSE(track.confirmed);
    CHECK(track.lacks == Rejection::NoDisplacement);
}

TEST_CASE("track: what falls or flies many of its lengths a second is weather", "[motion][track]") {
    // 4 px in 66 ms are 60 px, or 7 of its lengths, a second.
    const Track flake = followed(30, {}, [](int i) { return bodyAt(falls(i)[0], falls(i)[1], 8, 8); });
    CHECK_FALSE(flake.confirmed);
    CHECK(flake.lacks == Rejection::Weather);
    const auto flies = [](int i) { return std::array{20 + 6 * i, 100}; };
    CHECK_FALSE(confirmedAfter(30, {}, flies, 16));
    CHECK(confirmedAfter(30, {}, flies, 40));
}

TEST_CASE(
    "track: a thin streak that rises its own height in a second flies, a body that goes so is a car from "
    "above",
    "[motion][track]") {
    const auto rises = [](int fill_percent) {
        return [fill_percent](int i) {
            Observation seen = bodyAt(100 + i, 150 - 2 * i, 40, 24);
            seen.changed_px = 40 * 24 * fill_percent / 100;
            return seen;
        };
    };
    CHECK_FALSE(followed(30, {}, rises(25)).confirmed);
    CHECK(followed(30, {}, rises(60)).confirmed);
    // Evidence from before does not count: who lands and walks on begins anew.
    const auto lands = [](int i) {
        Observation seen = bodyAt(100 + 3 * i, i < 15 ? 120 - 4 * i : 60, 24, 24);
        seen.changed_px = 24 * 24 / 4;
        return seen;
    };
    CHECK_FALSE(followed(17, {}, lands).confirmed);
    CHECK(followed(60, {}, lands).confirmed);
}

TEST_CASE("track: in snow a body is found, flakes joined to a blob are not", "[motion][track]") {
    const Unrest snow{.clutter_q4 = 16, .weak_q4 = 100};
    CHECK(confirmedAfter(40, snow, walks, 40));
    const Track flakes = followed(40, snow, [](int i) {
        Observation seen = bodyAt(walks(i)[0], walks(i)[1], 40, 40);
        seen.changed_px = 40 * 40 / 8;
        return seen;
    });
    CHECK_FALSE(flakes.confirmed);
}

TEST_CASE("track: what is gone before the slow eye has seen it is weather, unless it has a body",
          "[motion][track]") {
    const auto seen = [](int changed_parts) {
        return [changed_parts](int i) {
            Observation one = bodyAt(20 + 12 * i, 80, 70, 40);
            one.lasting_percent = 25;
            one.changed_px = 70 * 40 * changed_parts / 10;
            return one;
        };
    };
    CHECK_FALSE(followed(15, {}, seen(3)).confirmed);
    CHECK(followed(15, {}, seen(6)).confirmed);
}

TEST_CASE("track: what is left of somebody who has gone ends sooner than somebody who stands still",
          "[motion][track]") {
    const Grid grid = Grid::ofPlane(320, 180);
    const auto lastsFor_ms = [&grid](int width) {
        Track track = followed(30, {}, [](int i) { return bodyAt(20 + 3 * i, 60, 24, 48); });
        REQUIRE(track.confirmed);
        const auto goOn = [&](const Observation& seen) {
            track.age_ms += kFrame_ms;
            track.update(seen, kFrame_ms);
            track.judge(grid, kFrame_ms, {});
        };
        for (int i = 0; i < 45; ++i) goOn(bodyAt(track.box.left + 3, 60, 24, 48));
        int lasted_ms = 0;
        for (; track.confirmed; lasted_ms += kFrame_ms) {
            Observation seen = bodyAt(track.box.left, 60, width, 48);
            seen.moving = 0;
            goOn(seen);
        }
        return lasted_ms;
    };
    CHECK(lastsFor_ms(9) * 3 < lastsFor_ms(24) * 2);
}
