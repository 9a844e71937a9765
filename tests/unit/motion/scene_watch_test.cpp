// What is done to the camera itself is told within 10 s and withdrawn when it is over; light is none of it.
#include <cstring>

#include "scene_run.hpp"
#include "support/motion/film.hpp"

using namespace camgate;
using namespace camgate::motion;
using namespace camgate::motion::test;
using std::chrono::seconds;

namespace {

constexpr int kWidth = 640;
constexpr int kHeight = 360;
constexpr std::uint64_t kFrom = 12 * 15;  // frames
constexpr std::uint64_t kTo = 28 * 15;

struct Told {
    double onset_s = -1;  ///< after the beginning
    double release_s = -1;
    bool other = false;  ///< another state than the expected one
};

Told watch(SceneState expected, const Mischief& mischief, int darker = 1) {
    const auto yard = scene({.seed = 3, .empty = seconds(60)});
    auto eye = detector();
    Told told;
    const Run outcome = run(yard, eye, 40 * 15, [&](std::uint64_t i, Picture& luma) {
        for (auto& pixel : luma) pixel = static_cast<std::uint8_t>(pixel / darker);
        if (i >= kFrom && i < kTo) mischief(i, luma);
    });
    for (std::uint64_t i = 0; i < outcome.results.size(); ++i) {
        const SceneState state = outcome.results[static_cast<std::size_t>(i)].scene;
        told.other = told.other || (state != expected && state != SceneState::Ok);
        const auto since = [i](std::uint64_t frame) {
            return (static_cast<double>(i) - static_cast<double>(frame)) / 15;
        };
        if (state == expected && told.onset_s < 0) told.onset_s = since(kFrom);
        if (state == SceneState::Ok && told.onset_s >= 0 && told.release_s < 0) told.release_s = since(kTo);
    }
    return told;
}

void check(SceneState expected, const Mischief& mischief, int darker = 1) {
    CAPTURE(toString(expected));
    const Told told = watch(expected, mischief, darker);
    CHECK(told.onset_s > 0);
    CHECK(told.onset_s <= 10);
    CHECK(told.release_s > 0);
    CHECK(told.release_s <= 10);
    CHECK_FALSE(told.other);
}

/// Running mean along lines of `length` pixels, `step` apart; the ends repeat.
void smooth(Picture& luma, std::size_t first, std::size_t step, int length, int radius) {
    std::vector<int> line(static_cast<std::size_t>(length));
    for (int k = 0; k < length; ++k)
        line[static_cast<std::size_t>(k)] = luma[first + static_cast<std::size_t>(k) * step];
    const auto at = [&](int k) { return line[static_cast<std::size_t>(std::clamp(k, 0, length - 1))]; };
    int sum = 0;
    for (int k = -radius; k <= radius; ++k) sum += at(k);
    for (int k = 0; k < length; ++k) {
        luma[first + static_cast<std::size_t>(k) * step] = static_cast<std::uint8_t>(sum / (2 * radius + 1));
        sum += at(k + radius + 1) - at(k - radius);
    }
}

/// Two running means each way are close to a lens out of focus.
void blur(Picture& luma, int radius) {
    for (int pass = 0; pass < 2; ++pass) {
        for (std::size_t y = 0; y < kHeight; ++y) smooth(luma, y * kWidth, 1, kWidth, radius);
        for (std::size_t x = 0; x < kWidth; ++x) smooth(luma, x, kWidth, kHeight, radius);
    }
}

struct SpoiltFilm {
    const char* what;
    camgate::test::film::Tamper tamper;
    SceneState expected;
    std::uint64_t seed;
    int width_px, height_px;
    float fps;
    camgate::test::film::Place place;
};

/// By night.
void check(const SpoiltFilm& spoilt) {
    CAPTURE(spoilt.what, spoilt.seed);
    camgate::test::film::FilmSettings settings;
    settings.seed = spoilt.seed;
    settings.place = spoilt.place;
    settings.tamper = spoilt.tamper;
    settings.night = true;
    settings.width_px = spoilt.width_px;
    settings.height_px = spoilt.height_px;
    settings.fps = spoilt.fps;
    camgate::test::film::Film film(settings);
    const auto when = *film.tampering().moment();
    auto eye = detector();
    double told_s = -1;
    while (film.next() && film.time_s() < when.to_s) {
        const MotionResult result = look(eye, Picture(film.luma().begin(), film.luma().end()),
                                         settings.width_px, settings.height_px, film.time());
        CAPTURE(film.time_s(), toString(result.scene));
        CHECK((result.scene == SceneState::Ok || result.scene == spoilt.expected));
        if (result.scene == spoilt.expected && told_s < 0)
            told_s = static_cast<double>(film.time_s() - when.from_s);
    }
    CHECK(told_s > 0);
    CHECK(told_s <= 10);
}

void checkNothingSaid(const camgate::test::film::FilmSettings& settings) {
    camgate::test::film::Film film(settings);
    auto eye = detector();
    while (film.next()) {
        const MotionResult result = look(eye, Picture(film.luma().begin(), film.luma().end()),
                                         settings.width_px, settings.height_px, film.time());
        INFO("at " << film.time_s() << " s");
        CHECK(result.scene == SceneState::Ok);
    }
}

}  // namespace

TEST_CASE("scene: a black picture is black", "[motion][tamper]") {
    check(SceneState::Black, [](std::uint64_t i, Picture& luma) {
        for (std::size_t p = 0; p < luma.size(); ++p)
            luma[p] = static_cast<std::uint8_t>(6 + (p * 7 + i * 13) % 3);
    });
}

TEST_CASE("scene: a black picture without noise was not frozen when it ends", "[motion][tamper]") {
    for (const std::uint64_t late : {0U, 3U, 5U}) {
        CAPTURE(late);
        check(SceneState::Black, [late](std::uint64_t i, Picture& luma) {
            if (i < kTo - late) std::fill(luma.begin(), luma.end(), std::uint8_t{4});
        });
    }
}

TEST_CASE("scene: a hand over the lens is covered", "[motion][tamper]") {
    check(SceneState::Covered, [](std::uint64_t i, Picture& luma) {
        for (std::size_t p = 0; p < luma.size(); ++p)
            luma[p] = static_cast<std::uint8_t>(50 + p / kWidth / 30 + (p * 7 + i * 13) % 5);
    });
}

TEST_CASE("scene: another view is moved", "[motion][tamper]") {
    check(SceneState::Moved, [](std::uint64_t, Picture& luma) { std::reverse(luma.begin(), luma.end()); });
}

TEST_CASE("scene: the same picture again and again is frozen, though the clock ticks", "[motion][tamper]") {
    Picture stuck;
    check(SceneState::Frozen, [&stuck](std::uint64_t i, Picture& luma) {
        if (stuck.empty()) stuck = luma;
        luma = stuck;
        for (int y = 8; y < 24; ++y)
            std::memset(luma.data() + y * kWidth + 8, static_cast<int>(i / 15 % 2 * 200), 60);
    });
}

TEST_CASE("scene: a hand over half of the lens is covered, not moved", "[motion][tamper]") {
    check(SceneState::Covered, [](std::uint64_t i, Picture& luma) {
        for (std::size_t p = 0; p < luma.size(); ++p) {
            if (p % kWidth < kWidth * 6 / 10) luma[p] = static_cast<std::uint8_t>(60 + (p * 7 + i * 13) % 5);
        }
    });
}

TEST_CASE("scene: a pale cloth by dusk is covered, no flood of light", "[motion][tamper]") {
    const Mischief cloth = [](std::uint64_t i, Picture& luma) {
        for (std::size_t p = 0; p < luma.size(); ++p)
            luma[p] = static_cast<std::uint8_t>(180 + p / kWidth / 60 + (p * 7 + i * 13) % 5);
    };
    check(SceneState::Covered, cloth, 2);
}

TEST_CASE("scene: a rough cloth is covered, not moved", "[motion][tamper]") {
    check(SceneState::Covered, [](std::uint64_t i, Picture& luma) {
        for (std::size_t p = 0; p < luma.size(); ++p) {
            const std::size_t patch = p % kWidth / 24 * 7 + p / kWidth / 24 * 13;
            luma[p] = static_cast<std::uint8_t>(70 + patch * patch % 11 + (p * 7 + i * 13) % 5);
        }
    });
}

TEST_CASE("scene: a lens out of focus is blurred", "[motion][tamper]") {
    check(SceneState::Blurred, [](std::uint64_t, Picture& luma) { blur(luma, 9); });
}

TEST_CASE("scene: a torch into the lens is overexposed", "[motion][tamper]") {
    check(SceneState::Overexposed, [](std::uint64_t, Picture& luma) {
        for (auto& pixel : luma) pixel = static_cast<std::uint8_t>(std::min(pixel * 3 + 60, 255));
    });
}

TEST_CASE("scene: light and gain are nothing that was done to the camera", "[motion][tamper][light]") {
    const Mischief darker = [](std::uint64_t, Picture& luma) {
        for (auto& pixel : luma) pixel = static_cast<std::uint8_t>(pixel / 3);
    };
    const Mischief infrared = [](std::uint64_t, Picture& luma) {
        // Other surfaces are bright in infra-red: the edges stay, their sign may not.
        for (auto& pixel : luma)
            pixel = static_cast<std::uint8_t>(pixel < 110 ? 150 - pixel / 2 : pixel - 30);
    };
    for (const Mischief& mischief : {darker, infrared}) {
        const Told told = watch(SceneState::Ok, mischief);
        CHECK_FALSE(told.other);
    }
}

TEST_CASE("scene: surfaces that look unlike by infra-red light are still in their places",
          "[motion][tamper][light]") {
    camgate::test::film::FilmSettings settings;
    settings.seed = 533743954350589452;  // of 48 films one of three that were called moved
    settings.width_px = 640;
    settings.height_px = 480;
    settings.fps = 5;
    settings.nuisance = camgate::test::film::Nuisance::IrSwitch;
    settings.length_s = 60;
    checkNothingSaid(settings);
}

TEST_CASE("scene: what is learnt right after a lamp was lit is no structure", "[motion][tamper][light]") {
    camgate::test::film::FilmSettings settings;
    settings.seed = 17592945567888638023U;
    settings.place = camgate::test::film::Place::Street;
    settings.night = true;
    settings.width_px = 480;
    settings.height_px = 270;
    settings.nuisance = camgate::test::film::Nuisance::Lamp;
    settings.length_s = 32;
    checkNothingSaid(settings);
}

TEST_CASE("scene: edges that are only weakened are out of focus", "[motion][tamper]") {
    check(SpoiltFilm{"half of the tiles are pale", camgate::test::film::Tamper::Blurred, SceneState::Blurred,
                     7214431498362592676U, 704, 576, 12, camgate::test::film::Place::Yard});
}

TEST_CASE("scene: a torch by night takes the contrast, though what is dark keeps its structure",
          "[motion][tamper]") {
    using camgate::test::film::Place;
    using camgate::test::film::Tamper;
    check(SpoiltFilm{"contrast of the structure", Tamper::Overexposed, SceneState::Overexposed,
                     13686685646537229837U, 480, 270, 10, Place::Street});
    check(SpoiltFilm{"contrast of the layout", Tamper::Overexposed, SceneState::Overexposed,
                     3259382085089205590U, 704, 576, 12, Place::Yard});
}

TEST_CASE("scene: a flood of light is not learnt while it grows", "[motion][tamper]") {
    using camgate::test::film::Place;
    using camgate::test::film::Tamper;
    check(SpoiltFilm{"every 8 s the usual picture is learnt anew", Tamper::Overexposed,
                     SceneState::Overexposed, 15368304393551112647U, 352, 288, 20, Place::Street});
}

TEST_CASE("scene: a push that shows plain walls where edges were is not a cover", "[motion][tamper]") {
    using camgate::test::film::Place;
    using camgate::test::film::Tamper;
    check(SpoiltFilm{"structure elsewhere", Tamper::Moved, SceneState::Moved, 1808724115953583871U, 640, 360,
                     15, Place::Yard});
    check(SpoiltFilm{"noise moves a tenth of the blocks, always", Tamper::Moved, SceneState::Moved,
                     8411126104019736632U, 480, 270, 10, Place::Gate});
}

TEST_CASE("scene: a camera turned along a street is moved, though the bands of the picture stay",
          "[motion][tamper]") {
    using camgate::test::film::Place;
    using camgate::test::film::Tamper;
    check(SpoiltFilm{"sky, houses, street", Tamper::Moved, SceneState::Moved, 11343178899800064128U, 640, 360,
                     8, Place::Street});
}
