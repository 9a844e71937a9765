#include "motion/detector.hpp"

#include "scene_run.hpp"

using namespace camgate;
using namespace camgate::motion;
using namespace camgate::motion::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

int rejections(const Run& run, Rejection reason) {
    int sum = 0;
    for (const auto& result : run.results) sum += result.rejected[static_cast<std::size_t>(reason)];
    return sum;
}

}  // namespace

TEST_CASE("detector: every walker is found within 0.6 s and nothing else", "[motion]") {
    // 640x360 at 15 fps: 20 s empty, 6 s walk, three times.
    for (const std::uint32_t seed : {1U, 7U, 23U}) {
        CAPTURE(seed);
        const auto yard = scene({.seed = seed});
        auto eye = detector();
        const Run outcome = run(yard, eye, 78 * 15);
        CHECK(outcome.walks == 3);
        CHECK(outcome.found == 3);
        CHECK(outcome.worst_delay_s <= 0.6);
        CHECK(outcome.false_frames == 0);
    }
}

TEST_CASE("detector: boxes lie on the walker", "[motion]") {
    const auto yard = scene({.seed = 3, .empty = seconds(5)});
    auto eye = detector();
    const Run outcome = run(yard, eye, 11 * 15);
    int looked = 0;
    for (std::size_t i = 0; i < outcome.results.size(); ++i) {
        if (!yard.fullyInside(i) || !outcome.results[i].active) continue;
        const Box truth = *yard.truth(i);
        for (const auto& blob : outcome.results[i].blobs) {
            if (!blob.confirmed) continue;
            ++looked;
            // Of the picture: two blocks on the grid of 40x23.
            CHECK(std::abs((blob.box.x + blob.box.w / 2) - (truth.x + truth.w / 2)) < 0.06F);
            CHECK(std::abs((blob.box.y + blob.box.h / 2) - (truth.y + truth.h / 2)) < 0.09F);
            CHECK((blob.confidence > 0 && blob.confidence <= 1.0F));
        }
    }
    CHECK(looked > 40);
}

TEST_CASE("detector: minutes of an empty noisy yard stay calm", "[motion]") {
    const auto yard =
        scene({.width_px = 320, .height_px = 180, .seed = 5, .empty = seconds(180), .noise_sigma = 6.0F});
    auto eye = detector();
    const Run outcome = run(yard, eye, 180 * 15);
    CHECK(outcome.false_frames == 0);
}

TEST_CASE("detector: slow and fast cameras find the walker", "[motion]") {
    for (const int fps : {2, 5, 8, 25, 30}) {
        CAPTURE(fps);
        const auto yard = scene({.fps = fps, .seed = 9, .empty = seconds(6)});
        auto eye = detector();
        const Run outcome = run(yard, eye, static_cast<std::uint64_t>(24 * fps));
        CHECK(outcome.found == outcome.walks);
        CHECK(outcome.false_frames == 0);
    }
}

TEST_CASE("detector: gain and light that change everywhere are no event", "[motion][light]") {
    const auto yard = scene({.seed = 4, .empty = seconds(60)});
    auto eye = detector();
    // A step up, back, and a gain of 0.7, each for 10 s; then a ramp of 2 levels a second.
    const Run outcome = run(yard, eye, 58 * 15, [](std::uint64_t i, Picture& luma) {
        const auto second = i / 15;
        if (second >= 10 && second < 20) addLight(luma, 35);
        if (second >= 30 && second < 40) {
            for (auto& pixel : luma) pixel = static_cast<std::uint8_t>(pixel * 7 / 10);
        }
        if (second >= 42) addLight(luma, static_cast<int>((i - 42 * 15) * 2 / 15));
    });
    CHECK(outcome.false_frames == 0);
}

TEST_CASE("detector: a lamp that lights a part of the yard is no event", "[motion][light]") {
    const auto yard = scene({.seed = 6, .empty = seconds(60)});
    auto eye = detector();
    const Run outcome = run(yard, eye, 50 * 15, [](std::uint64_t i, Picture& luma) {
        if ((i / 15 / 8) % 2 == 0) return;
        // A pool of light of radius 140 px around (200, 250), up to 45 levels and 35 %.
        for (int y = 110; y < 360; ++y) {
            for (int x = 60; x < 340; ++x) {
                const int away = (x - 200) * (x - 200) + (y - 250) * (y - 250);
                if (away >= 140 * 140) continue;
                const int part = 256 - away * 256 / (140 * 140);
                auto& pixel = luma[static_cast<std::size_t>(y * 640 + x)];
                pixel = static_cast<std::uint8_t>(
                    std::min(pixel + part * 45 / 256 + pixel * part * 35 / 25600, 255));
            }
        }
    });
    CHECK(outcome.false_frames == 0);
}

TEST_CASE("detector: a walker is found 2 s after the whole picture changed", "[motion][light]") {
    // Another yard altogether from second 8: more than any gain and offset explains. The walk begins at 10 s.
    const auto before = scene({.seed = 100, .empty = seconds(10)});
    const auto yard = scene({.seed = 11, .empty = seconds(10)});
    auto eye = detector();
    const Run outcome = run(yard, eye, 16 * 15, [&before](std::uint64_t i, Picture& luma) {
        if (i < 8 * 15) REQUIRE(before.render(i, luma));
    });
    CHECK(outcome.found == 1);
    CHECK(outcome.worst_delay_s <= 0.6);
    CHECK(outcome.false_frames == 0);
    CHECK(rejections(outcome, Rejection::GlobalChange) > 0);
}

TEST_CASE("detector: settling has a hard end, whatever the picture does", "[motion][light]") {
    auto eye = detector();
    Picture luma(320 * 180);
    std::uint32_t dice = 1;
    int blind_frames = 0;
    int longest = 0;
    for (int i = 0; i < 15 * 20; ++i) {
        for (auto& pixel : luma)
            pixel = static_cast<std::uint8_t>((dice = dice * 1664525U + 1013904223U) >> 24U);
        const auto result = look(eye, luma, 320, 180, milliseconds(i * 1000 / 15));
        blind_frames = result.state == GlobalState::Settling ? blind_frames + 1 : 0;
        longest = std::max(longest, blind_frames);
    }
    CHECK(longest < 2 * 15);
}

TEST_CASE("detector: a black picture, then the yard", "[motion]") {
    const auto yard = scene({.seed = 12, .empty = seconds(10)});
    auto eye = detector();
    const Run outcome = run(yard, eye, 16 * 15, [](std::uint64_t i, Picture& luma) {
        if (i < 30) std::fill(luma.begin(), luma.end(), std::uint8_t{0});
    });
    CHECK(outcome.found == 1);
    CHECK(outcome.false_frames == 0);
}

TEST_CASE("detector: odd sizes and strides", "[motion]") {
    struct Size {
        int width, height;
    };
    for (const Size size : {Size{641, 361}, Size{352, 288}, Size{160, 120}, Size{333, 77}, Size{1281, 721}}) {
        CAPTURE(size.width, size.height);
        const auto yard = scene({.width_px = size.width,
                                 .height_px = size.height,
                                 .seed = 2,
                                 .empty = seconds(4),
                                 .walker_height = 0.4F});
        auto eye = detector();
        const auto stride = static_cast<std::size_t>(size.width) + 13;
        Picture luma(static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height));
        // Beside the picture everything flickers: nothing there may be looked at.
        Picture wide(stride * static_cast<std::size_t>(size.height));
        bool found = false;
        for (std::uint64_t i = 0; i < 10 * 15; ++i) {
            REQUIRE(yard.render(i, luma));
            std::fill(wide.begin(), wide.end(), static_cast<std::uint8_t>(i % 2 * 255));
            for (std::size_t y = 0; y < static_cast<std::size_t>(size.height); ++y) {
                std::copy_n(
                    luma.begin() + static_cast<std::ptrdiff_t>(y * static_cast<std::size_t>(size.width)),
                    size.width, wide.begin() + static_cast<std::ptrdiff_t>(y * stride));
            }
            const auto plane = LumaPlane::of(wide, size.width, size.height, stride);
            REQUIRE(plane);
            const auto result = eye.process(*plane, BootTime(yard.timeOf(i)));
            if (!yard.truth(i)) CHECK_FALSE(result.active);
            found = found || result.active;
        }
        CHECK(found);
    }
}

TEST_CASE("detector: every shape of plane that is accepted can be processed", "[motion]") {
    struct Size {
        int width, height;
    };
    for (const Size size :
         {Size{32, 32}, Size{4096, 32}, Size{32, 4096}, Size{33, 47}, Size{1080, 1920}, Size{4096, 4096}}) {
        CAPTURE(size.width, size.height);
        auto eye = detector();
        Picture luma(static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height), 90);
        for (int i = 0; i < 6; ++i) {
            luma[static_cast<std::size_t>(i)] = 255;
            CHECK_FALSE(look(eye, luma, size.width, size.height, milliseconds(i * 400)).active);
        }
    }
}

TEST_CASE("detector: a change of size starts again", "[motion]") {
    const auto large = scene({.seed = 2, .empty = seconds(5)});
    const auto small = scene({.width_px = 320, .height_px = 240, .seed = 2, .empty = seconds(5)});
    auto eye = detector();
    (void)run(large, eye, 45);
    Picture luma(320 * 240);
    REQUIRE(small.render(45, luma));
    CHECK(look(eye, luma, 320, 240, seconds(53)).state == GlobalState::Settling);
    bool found = false;
    for (std::uint64_t i = 46; i < 11 * 15; ++i) {
        REQUIRE(small.render(i, luma));
        const auto result = look(eye, luma, 320, 240, seconds(50) + small.timeOf(i));
        if (!small.truth(i)) CHECK_FALSE(result.active);
        found = found || result.active;
    }
    CHECK(found);
}

TEST_CASE("detector: time that jumps or stands still is survived", "[motion]") {
    const auto yard = scene({.seed = 2, .empty = seconds(8)});
    auto eye = detector();
    Picture luma(640 * 360);
    Duration at = seconds(100);
    bool found = false;
    for (std::uint64_t i = 0; i < 14 * 15; ++i) {
        REQUIRE(yard.render(i, luma));
        at += milliseconds(67);
        if (i == 30) at += seconds(3600);
        if (i == 60) at -= seconds(1000);
        const auto result = look(eye, luma, 640, 360, at);
        if (i == 30 || i == 60) CHECK(result.state == GlobalState::Settling);
        const auto again = look(eye, luma, 640, 360, at);  // twice at the same time
        if (!yard.truth(i)) CHECK_FALSE((result.active || again.active));
        found = found || result.active;
    }
    CHECK(found);
}

TEST_CASE("detector: the same pictures give the same results", "[motion]") {
    const auto yard = scene({.width_px = 320, .height_px = 180, .seed = 8, .empty = seconds(2)});
    auto one = detector();
    auto two = detector();
    const Run a = run(yard, one, 120);
    const Run b = run(yard, two, 120);
    for (std::size_t i = 0; i < a.results.size(); ++i) {
        REQUIRE(a.results[i].active == b.results[i].active);
        REQUIRE(a.results[i].blobs.size() == b.results[i].blobs.size());
        REQUIRE(a.results[i].rejected == b.results[i].rejected);
    }
}
