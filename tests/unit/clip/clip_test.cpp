#include <catch2/catch.hpp>

#include "support/clip/planning_rig.hpp"

using namespace camgate;
using namespace camgate::clip;
using namespace std::chrono_literals;
using media::RandomAccess;
using media::StreamKind;
using namespace camgate::test;

TEST_CASE("clip: starts at the random access point at or before the asked start and holds the asked end",
          "[clip]") {
    PlanningRig rig;
    rig.record(30, 4);
    // Random access points at 0, 4, 8 s...; 10.5 s lies in the group of 8 s; 13.2 s in the record of 13 s.
    const auto plan = rig.plan(10500ms, 13200ms);
    CHECK(sequences(plan) == std::vector<std::uint64_t>{9, 10, 11, 12, 13, 14});
    CHECK(plan.gaps.empty());
    const auto tracks = rig.tracks(plan);
    REQUIRE(tracks.size() == 1);
    CHECK(tracks[0].fragments == 6);
    CHECK(tracks[0].samples.size() == 60);
    CHECK(tracks[0].samples[0].sync);
    // Six records of 1 s; the last sample lasts as long as the mean one, 0.1 s.
    CHECK(tracks[0].duration_ticks == 540000);
    CHECK(tracks[0].config == test::smallConfig());
    // On a random access point: from there.
    CHECK(sequences(rig.plan(8s, 9s)).front() == 9);
}

TEST_CASE("clip: a new configuration begins a new file", "[clip]") {
    PlanningRig rig;
    rig.record(3);
    rig.wish.config = test::smallConfig(0x42);
    rig.wish.config.width_px = 320;
    rig.record(3);
    const auto plan = rig.plan(1s, 5s);
    REQUIRE(plan.files.size() == 2);
    CHECK(plan.gaps.empty());
    const auto tracks = rig.tracks(plan);
    CHECK(tracks[0].config.width_px == 640);
    CHECK(tracks[1].config == rig.wish.config);
    CHECK(tracks[0].samples.size() == 20);
    CHECK(tracks[1].samples.size() == 30);
    CHECK(tracks[1].samples[0].decode_ticks == 0);
}

TEST_CASE("clip: another boot begins a new file and is a gap", "[clip]") {
    PlanningRig rig;
    rig.record(3);
    rig.wish.boot_session = 43;
    rig.wish.first_decode = BootTime(5s);
    rig.wish.time_map.offset += 100s;
    rig.record(3);
    // The first boot ends at 2.9 s, the second begins at 5 s of its own clock, which is 5 s on the wall.
    const auto plan = rig.plan(0s, 8s);
    REQUIRE(plan.files.size() == 2);
    REQUIRE(plan.gaps.size() == 1);
    CHECK(plan.gaps[0] == PlannedGap{kStart + 2900ms, kStart + 5s, "daemon-start"});
    CHECK(rig.tracks(plan).size() == 2);
}

TEST_CASE("clip: what is missing is listed with its reason", "[clip]") {
    PlanningRig rig;
    rig.record(3);
    SECTION("declared") {
        rig.next(4s);
        auto draft = test::makeDraft(rig.wish);
        draft.header.gap = {ring::GapReason::CameraLost, BootTime(102900ms), 0};
        rig.append(std::move(draft));
        rig.next();
        const auto plan = rig.plan(0s, 7s);
        REQUIRE(plan.gaps.size() == 1);
        CHECK(plan.gaps[0] == PlannedGap{kStart + 2900ms, kStart + 7s, "camera-lost"});
        // The last picture before the gap stands until the next one.
        const auto track = rig.tracks(plan)[0];
        CHECK(track.samples[29].duration_ticks == 4 * 90000 + 9000);
        CHECK(track.samples[30].decode_ticks == 7 * 90000);
    }
    SECTION("a record that is not there") {
        rig.next();
        rig.record(2);
        const auto plan = rig.plan(0s, 5s);
        REQUIRE(plan.gaps.size() == 1);
        CHECK(plan.gaps[0] == PlannedGap{kStart + 2900ms, kStart + 4s, "missing-records"});
    }
    SECTION("a long silence") {
        rig.wish.first_decode += 60s;
        rig.record(1);
        const auto plan = rig.plan(0s, 70s);
        REQUIRE(plan.gaps.size() == 2);
        CHECK(plan.gaps[0] == PlannedGap{kStart + 2900ms, kStart + 63s, "no-frames"});
        CHECK(plan.gaps[1] == PlannedGap{kStart + 63900ms, kStart + 70s, "no-footage"});
    }
    SECTION("what follows a hole without a random access point") {
        rig.next();
        rig.wish.starts_random = false;
        rig.append(test::makeDraft(rig.wish));
        rig.next();
        rig.record(1);
        const auto plan = rig.plan(0s, 6s);
        CHECK(sequences(plan) == std::vector<std::uint64_t>{1, 2, 3, 6});
        REQUIRE(plan.gaps.size() == 1);
        CHECK(plan.gaps[0] == PlannedGap{kStart + 2900ms, kStart + 5s, "missing-records"});
    }
    SECTION("before the first and behind the last record") {
        const auto plan = rig.plan(-20s, 20s);
        REQUIRE(plan.gaps.size() == 2);
        CHECK(plan.gaps[0] == PlannedGap{kStart - 20s, kStart, "no-footage"});
        CHECK(plan.gaps[1] == PlannedGap{kStart + 2900ms, kStart + 20s, "no-footage"});
    }
}

TEST_CASE("clip: footage of a box that did not know the time is found on the corrected time",
          "[clip][time]") {
    PlanningRig rig;
    // 1970 and a bit, as a box without a clock has it; the time comes after three records.
    const Duration known = rig.wish.time_map.offset;
    rig.wish.time_map = {1000s, WallQuality::Unsynced, 0ms};
    rig.record(3);
    const auto before = rig.ring->coverage(rig.wish.camera_tag, StreamKind::Main);
    REQUIRE(before);
    CHECK(before->from == WallTime(1100s));
    rig.wish.time_map = {known, WallQuality::Ntp, 12ms};
    rig.record(2);
    const bool started_again = GENERATE(false, true);
    if (started_again) rig.open();
    const auto plan = rig.plan(0s, 4900ms);
    CHECK(sequences(plan) == std::vector<std::uint64_t>{1, 2, 3, 4, 5});
    CHECK(plan.gaps.empty());
    CHECK(plan.time_quality == WallQuality::Ntp);
    CHECK(plan.files[0].records[0].wallStart() == kStart);
    // Nothing is where it was once thought to be.
    const auto old = makePlan(*rig.ring, {"gate", WallTime(1100s), WallTime(1103s), Quality::Full, ""});
    REQUIRE_FALSE(old);
    CHECK_THAT(old.error().context, Catch::Contains("from 2026-03-01T12:00:00.000Z"));
}

TEST_CASE("clip: a wall clock that is set forward and back neither doubles nor loses footage",
          "[clip][time]") {
    PlanningRig rig;
    const Duration known = rig.wish.time_map.offset;
    for (const Duration step : {0s, 3600s, -1800s, 0s}) {
        rig.wish.time_map.offset = known + step;
        rig.record(3);
    }
    // Of maps of one quality the newest is the best known: all of the boot lies on the last one.
    const auto plan = rig.plan(0s, 12s);
    CHECK(sequences(plan).size() == 12);
    CHECK(plan.gaps.empty());
    CHECK(rig.tracks(plan)[0].duration_ticks == 12 * 90000);
}

TEST_CASE("clip: preview takes the sub-stream, and the main stream where there is none", "[clip]") {
    PlanningRig rig;
    rig.record(3);
    CHECK(rig.plan(0s, 2s, Quality::Preview).stream == StreamKind::Main);
    rig.wish.stream = StreamKind::Sub;
    rig.wish.sequence = 1;
    rig.wish.first_decode = BootTime(100s);
    rig.record(3);
    CHECK(rig.plan(0s, 2s, Quality::Preview).stream == StreamKind::Sub);
    CHECK(rig.plan(0s, 2s, Quality::Full).stream == StreamKind::Main);
}

TEST_CASE("clip: leading pictures that cannot be decoded are left out, and the size is right", "[clip]") {
    PlanningRig rig;
    for (int i = 0; i < 3; ++i) {
        auto draft = test::makeDraft(rig.wish);
        draft.samples[0].random_access = RandomAccess::Open;
        draft.header.starts_with = RandomAccess::Open;
        draft.samples[0].presentation_offset_ns = 300'000'000;
        draft.samples[1].flags = media::kLeading;
        draft.samples[2].flags = media::kLeading | media::kDisposable;
        draft.samples[4].flags = media::kLeading;
        rig.append(std::move(draft));
        rig.next();
    }
    const auto plan = rig.plan(0s, 2s);
    CHECK(plan.files[0].records[0].skipped_samples == 2);
    CHECK(plan.files[0].records[1].skipped_samples == 0);
    const auto track = rig.tracks(plan)[0];
    REQUIRE(track.samples.size() == 28);
    CHECK(track.samples[0].sync);
    CHECK(track.samples[0].presentation_ticks == 27000);
    CHECK(track.samples[0].duration_ticks == 27000);
    CHECK(track.samples[1].decode_ticks == 27000);
    const Bytes bytes = rig.all(plan);
    const Bytes fourth = test::unitBytes(rig.wish.camera_tag, 1, 3, 200);
    CHECK(std::equal(fourth.begin(), fourth.end(),
                     bytes.begin() + static_cast<std::ptrdiff_t>(track.samples[1].offset_bytes)));
    CHECK(rig.all(plan, 11) == bytes);
}

TEST_CASE("clip: an intra refresh starts where the picture is whole by the asked start", "[clip]") {
    PlanningRig rig;
    for (int i = 0; i < 10; ++i) {
        auto draft = test::makeDraft(rig.wish);
        draft.samples[0].random_access = RandomAccess::RecoveryPoint;
        draft.header.starts_with = RandomAccess::RecoveryPoint;
        rig.append(std::move(draft));
        rig.next();
    }
    const auto plan = rig.plan(5s, 8s);
    // Two seconds are given to recover: 3 s is record 4.
    CHECK(sequences(plan).front() == 4);
    const auto track = rig.tracks(plan)[0];
    CHECK(track.samples[0].sync);
    CHECK_FALSE(track.samples[10].sync);
}

TEST_CASE("clip: where an intra refresh would begin, a picture that needs nothing is preferred if it is near",
          "[clip]") {
    PlanningRig rig;
    for (int i = 0; i < 40; ++i) {
        auto draft = test::makeDraft(rig.wish);
        // IDR pictures at 0 and 5 s, refreshes else.
        if (i != 0 && i != 5) {
            draft.samples[0].random_access = RandomAccess::RecoveryPoint;
            draft.header.starts_with = RandomAccess::RecoveryPoint;
        }
        rig.append(std::move(draft));
        rig.next();
    }
    CHECK(sequences(rig.plan(12s, 13s)).front() == 6);
    // From 32 s on the refresh two seconds before is taken: the IDR picture is over 15 s away.
    CHECK(sequences(rig.plan(32s, 33s)).front() == 31);
}

TEST_CASE("clip: a request without footage says what there is", "[clip]") {
    PlanningRig rig;
    rig.record(3);
    const auto refused = [&rig](const ClipRequest& request, ErrorKind kind, const std::string& says) {
        const auto made = makePlan(*rig.ring, request);
        REQUIRE_FALSE(made);
        CHECK(made.error().kind == kind);
        CHECK_THAT(made.error().context, Catch::Contains(says));
    };
    auto request = rig.request(100s, 110s);
    refused(request, ErrorKind::NotFound,
            "main stream from 2026-03-01T12:00:00.000Z to 2026-03-01T12:00:02.900Z");
    refused(rig.request(-100s, -90s), ErrorKind::NotFound, "main stream from");
    request.camera = "yard";
    refused(request, ErrorKind::NotFound, "nothing is recorded of camera yard");
    refused(rig.request(2s, 2s), ErrorKind::InvalidArgument, "hour");
    refused(rig.request(2s, 1s), ErrorKind::InvalidArgument, "hour");
    refused(rig.request(0s, 3601s), ErrorKind::InvalidArgument, "hour");
}
