#include "media/timestamp_mender.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "support/media/streams.hpp"

using namespace camgate;
using namespace camgate::media;
using camgate::media::test::at;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

using Pts = std::optional<BootTime>;

std::int64_t ms(Duration duration) {
    return std::chrono::duration_cast<milliseconds>(duration).count();
}

}  // namespace

TEST_CASE("mender: a regular stream keeps its steps and starts at the arrival", "[media]") {
    TimestampMender mender;
    for (int i = 0; i < 200; ++i) {
        // Arrivals jitter by up to 12 ms; the first one, which anchors, has none.
        const BootTime arrival = at(90'000 + 40 * i + i * 7 % 13);
        const MendedTimes times = mender.mend(at(5'000'000 + 40 * i), arrival);
        CHECK(times.presentation_time == at(90'000 + 40 * i));
        CHECK(times.decode_time == times.presentation_time);
        CHECK_FALSE(times.mended);
        CHECK(times.discontinuity == (i == 0));
    }
    CHECK(mender.frameInterval() == milliseconds(40));
}

TEST_CASE("mender: B pictures get decode times from the stated depth", "[media]") {
    TimestampMender mender;
    mender.setReorderDepth(2);
    const auto order = test::pyramidOrder();
    BootTime last = at(-1'000'000);
    for (std::size_t i = 0; i < order.size(); ++i) {
        const MendedTimes times = mender.mend(at(100 * order[i]), at(10'300 + 100 * static_cast<int>(i)));
        CHECK_FALSE(times.mended);
        CHECK(times.decode_time > last);
        CHECK(times.presentation_time >= times.decode_time);
        // Two pictures of depth: once the interval is known, picture i is decoded 200 ms before it would be
        // shown.
        if (i >= 2) CHECK(times.decode_time == at(10'300 + 100 * static_cast<int>(i) - 200));
        CHECK(times.presentation_time == at(10'300 + 100 * order[i]));
        last = times.decode_time;
    }
}

TEST_CASE("mender: a depth that nobody stated is learned from the first B pictures", "[media]") {
    TimestampMender mender;
    std::optional<Duration> shift;
    const auto order = test::pyramidOrder();
    for (std::size_t i = 0; i < order.size(); ++i) {
        const MendedTimes times = mender.mend(at(100 * order[i]), at(10'300 + 100 * static_cast<int>(i)));
        CHECK(times.presentation_time >= times.decode_time);
        if (i < 6) continue;
        CHECK_FALSE(times.mended);
        shift = shift.value_or(times.presentation_time - at(100 * order[i]));
        CHECK(times.presentation_time == at(100 * order[i]) + *shift);
    }
    CHECK(mender.reorderDepth() == 2);
}

TEST_CASE("mender: a jump of hours is anchored anew at the arrival", "[media]") {
    const std::int64_t jump_ms =
        GENERATE(hours(9) / milliseconds(1), -(hours(9) / milliseconds(1)), std::int64_t{-600});
    TimestampMender mender;
    for (int i = 0; i < 100; ++i) {
        const MendedTimes times =
            mender.mend(at(50'000'000 + 40 * i + (i >= 50 ? jump_ms : 0)), at(1000 + 40 * i));
        CHECK(times.presentation_time == at(1000 + 40 * i));
        CHECK(times.discontinuity == (i == 0 || i == 50));
        CHECK(times.mended == (i == 50));
    }
}

TEST_CASE("mender: missing times are filled in", "[media]") {
    TimestampMender mender;
    BootTime last = at(0);
    for (int i = 0; i < 200; ++i) {
        const bool missing = i % 3 == 2;
        const MendedTimes times = mender.mend(missing ? Pts() : Pts(at(40 * i)), at(1000 + 40 * i));
        CHECK(times.mended == missing);
        CHECK(std::abs(ms(times.presentation_time - at(1000 + 40 * i))) <= 5);
        CHECK(times.decode_time > last);
        last = times.decode_time;
    }
}

TEST_CASE("mender: times that never come or never change follow the arrival", "[media]") {
    const bool constant = GENERATE(true, false);
    TimestampMender mender;
    for (int i = 0; i < 300; ++i) {
        const BootTime arrival = at(1000 + 66 * i);
        const MendedTimes times = mender.mend(constant ? Pts(at(0)) : Pts(), arrival);
        if (i > 50) {
            CHECK(std::abs(ms(times.presentation_time - arrival)) <= 10);
            CHECK(times.mended);
        }
    }
}

TEST_CASE("mender: pairs of equal times are spread", "[media]") {
    TimestampMender mender;
    BootTime last = at(0);
    for (int i = 0; i < 100; ++i) {
        const MendedTimes times = mender.mend(at(80 * (i / 2)), at(1000 + 40 * i));
        if (i > 0) CHECK(times.presentation_time > last);
        CHECK(std::abs(ms(times.presentation_time - at(1000 + 40 * i))) <= 80);
        last = times.presentation_time;
    }
}

TEST_CASE("mender: a wrong clock rate is followed", "[media]") {
    // From a quartz that is off by 300 ppm to cameras that count at half or twice the speed.
    const double rate = GENERATE(1.0003, 0.9997, 0.5, 2.0);
    TimestampMender mender;
    std::int64_t worst = 0;
    std::size_t discontinuities = 0;
    for (int i = 0; i < 200'000; ++i) {
        const auto pts_us = static_cast<std::int64_t>(40'000.0 * i * rate);
        const BootTime arrival = at(1000 + 40 * std::int64_t{i});
        const MendedTimes times = mender.mend(BootTime(std::chrono::microseconds(pts_us)), arrival);
        worst = std::max(worst, std::abs(ms(times.presentation_time - arrival)));
        discontinuities += times.discontinuity ? 1 : 0;
    }
    INFO("rate " << rate << ", worst " << worst << " ms, discontinuities " << discontinuities);
    if (std::abs(rate - 1) < 0.01) {
        CHECK(worst <= 20);
        CHECK(discontinuities == 1);
    } else {
        CHECK(worst <= 5000);
    }
}

TEST_CASE("mender: a camera that is 500 ppm off for 24 h over a jittery line stays with the boot clock",
          "[media][time]") {
    // 500 ppm are 43 s a day; frames come 0 to 60 ms late.
    const double rate = GENERATE(1.0005, 0.9995);
    constexpr std::int64_t kFrames = 24 * 3600 * 5;  // 5 a second
    std::minstd_rand random(7);
    TimestampMender mender;
    std::int64_t earliest = 0, latest = 0;
    std::size_t discontinuities = 0;
    BootTime last_decode;
    for (std::int64_t i = 0; i < kFrames; ++i) {
        const auto pts_us = static_cast<std::int64_t>(200'000.0 * static_cast<double>(i) * rate);
        const BootTime shown = at(1000 + 200 * i);
        const BootTime arrival = shown + milliseconds(random() % 60);
        const MendedTimes times = mender.mend(BootTime(std::chrono::microseconds(pts_us)), arrival);
        REQUIRE(times.decode_time > last_decode);
        last_decode = times.decode_time;
        earliest = std::min(earliest, ms(times.presentation_time - shown));
        latest = std::max(latest, ms(times.presentation_time - shown));
        discontinuities += times.discontinuity ? 1 : 0;
    }
    INFO("rate " << rate << ", " << earliest << " to " << latest << " ms");
    CHECK(discontinuities == 1);
    CHECK(earliest >= -20);
    CHECK(latest <= 120);
}

TEST_CASE("mender: a burst of kept frames at the start is let in and settles", "[media]") {
    // The server sends 4 s of kept frames at once, then live ones.
    TimestampMender mender;
    for (int i = 0; i < 1500; ++i) {
        const BootTime arrival = at(std::max(10'000, 10'000 + 40 * (i - 100)));
        const MendedTimes times = mender.mend(at(40 * i), arrival);
        CHECK(times.presentation_time <= arrival + kMaxEarly);
        CHECK(times.discontinuity == (i == 0));
        if (i > 1000) CHECK(std::abs(ms(times.presentation_time - arrival)) <= 40);
    }
}

TEST_CASE("mender: a stalled network does not move the frames that it held up", "[media]") {
    TimestampMender mender;
    for (int i = 0; i < 300; ++i) {
        const int captured_ms = 10'000 + 40 * i;
        // From 14.0 s to 17.0 s nothing comes through.
        const int arrival_ms = captured_ms >= 14'000 && captured_ms < 17'000 ? 17'000 : captured_ms;
        const MendedTimes times = mender.mend(at(40 * i), at(arrival_ms));
        CHECK(times.presentation_time == at(captured_ms));
        CHECK_FALSE(times.mended);
    }
}

TEST_CASE("mender: a gap is a discontinuity, a slow camera is not", "[media]") {
    TimestampMender mender;
    for (int i = 0; i < 50; ++i) {
        const int t = 40 * i + (i >= 25 ? 3600'000 : 0);
        const MendedTimes times = mender.mend(at(t), at(1000 + t));
        CHECK(times.discontinuity == (i == 0 || i == 25));
    }
    TimestampMender slow;
    for (int i = 0; i < 20; ++i) {
        const MendedTimes times = slow.mend(at(1500 * i), at(1000 + 1500 * i));
        CHECK(times.discontinuity == (i == 0));
    }
}

TEST_CASE("mender: two sessions mixed up come out in order and near their arrival", "[media]") {
    TimestampMender mender;
    for (int i = 0; i < 200; ++i) {
        const BootTime arrival = at(1000 + 20 * i);
        const MendedTimes times = mender.mend(at(20 * i + (i % 2 == 0 ? 0 : 7'000'000)), arrival);
        CHECK(std::abs(ms(times.presentation_time - arrival)) <= 20);
    }
}

TEST_CASE("mender: whatever comes, order and bounds hold and nothing is lost", "[media]") {
    const unsigned seed = GENERATE(range(1U, 200U));
    std::mt19937_64 random(seed);
    const auto below = [&](std::int64_t limit) {
        return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(limit));
    };
    const auto order = test::pyramidOrder();
    TimestampMender mender;
    if (below(2) == 0) mender.setReorderDepth(static_cast<std::uint8_t>(below(5)));
    std::int64_t arrival_ns = below(1'000'000'000'000);
    std::int64_t camera_ns = below(4'000'000'000'000) - 2'000'000'000'000;
    std::optional<MendedTimes> last;
    for (std::int64_t i = 0; i < 3000; ++i) {
        const std::int64_t interval = 66'000'000;
        if (below(400) == 0) camera_ns += below(40'000'000'000'000) - 20'000'000'000'000;
        if (below(300) == 0) camera_ns += below(6'000'000'000) - 3'000'000'000;
        if (below(500) == 0) arrival_ns += below(20'000'000'000);
        if (below(30) != 0) arrival_ns += below(2 * interval);
        if (below(2) != 0) camera_ns += below(2 * interval);
        const std::int64_t shown = camera_ns + interval * order[static_cast<std::size_t>(i % 30)];
        if (i % 30 == 29) camera_ns += 30 * interval;
        Pts pts = BootTime(Duration(shown));
        if (below(15) == 0) pts.reset();
        if (below(900) == 0) pts = BootTime(Duration(below(2) == 0 ? INT64_MAX : INT64_MIN));
        const MendedTimes times = mender.mend(pts, BootTime(Duration(arrival_ns)));
        const BootTime arrival{Duration(arrival_ns)};
        REQUIRE(times.presentation_time >= times.decode_time);
        if (last) REQUIRE(times.decode_time >= last->decode_time + kMinStep);
        // Crowded frames push ahead by one step each; 3000 steps are 0.3 s.
        REQUIRE(times.presentation_time <= arrival + kMaxEarly + 3000 * kMinStep);
        REQUIRE(times.presentation_time >= arrival - kMaxLate);
        // At most 16 pictures wait for reordering, and steps of 2 s are jumps.
        REQUIRE(times.decode_time >= arrival - kMaxLate - 16 * kJump);
        last = times;
    }
}

TEST_CASE("mender: a pyramid of B pictures keeps the camera's distances", "[media][time]") {
    TimestampMender mender;
    mender.setReorderDepth(2);
    std::vector<std::int64_t> shown_ms;
    std::int64_t newest_ms = 0;
    int mended = 0;
    for (std::int64_t group = 0; group < 12; ++group) {
        for (const std::int64_t step : {5, 3, 1, 2, 4}) {
            const std::int64_t pts_ms = group * 500 + step * 100;
            newest_ms = std::max(newest_ms, pts_ms);
            const auto times = mender.mend(BootTime(std::chrono::milliseconds(1'000'000 + pts_ms)),
                                           BootTime(std::chrono::milliseconds(1'000'000 + newest_ms)));
            CHECK(times.presentation_time >= times.decode_time);
            if (group == 0) continue;  // what comes before the first whole group is not known
            mended += times.mended ? 1 : 0;
            shown_ms.push_back((times.presentation_time.time_since_epoch() + std::chrono::microseconds(500)) /
                               std::chrono::milliseconds(1));
        }
    }
    std::ranges::sort(shown_ms);
    CHECK(mended == 0);
    for (std::size_t i = 1; i < shown_ms.size(); ++i) CHECK(shown_ms[i] - shown_ms[i - 1] == 100);
}
