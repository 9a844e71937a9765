#include <catch2/catch.hpp>

#include "clip/clip_builder.hpp"
#include "clip/clip_planner.hpp"
#include "crypto/file_key_source.hpp"
#include "evidence/leaf.hpp"
#include "evidence/record_box.hpp"
#include "media/mp4_reader.hpp"
#include "ring/camera_tag.hpp"
#include "ring/record_codec.hpp"
#include "support/base/fake_clock.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/ring/draft_maker.hpp"

using namespace camgate;
using namespace camgate::clip;
using namespace std::chrono_literals;
using media::RandomAccess;
using media::StreamKind;

namespace {

constexpr std::uint64_t kMiB = 1U << 20U;
// Boot time 100 s, where the footage of these tests begins.
const WallTime kStart(1'772'366'400s);

struct Rig {
    test::MemoryFileSystem files;
    test::FakeClock clock;
    std::unique_ptr<ring::Ring> ring;
    test::DraftWish wish;

    Rig() {
        open();
        wish.camera_tag = ring::cameraTag("gw-1", "gate");
        wish.sample_bytes = 200;
    }
    void open() {
        ring.reset();
        auto opened =
            ring::Ring::open(files, "/card/ring",
                             {.size_bytes = 20 * kMiB, .extent_bytes = 4 * kMiB, .gateway = "gw-1"}, clock);
        REQUIRE(opened);
        ring = std::move(*opened);
    }
    void append(ring::RecordDraft draft) {
        std::vector<ring::RecordDraft> round;
        round.push_back(std::move(draft));
        REQUIRE(ring->append(round));
    }
    /// Records of 1 s and ten samples, every `group`-th begins with a random access point.
    void record(int seconds, int group = 1) {
        for (int i = 0; i < seconds; ++i) {
            wish.starts_random = i % group == 0;
            append(test::makeDraft(wish));
            next();
        }
    }
    void next(Duration by = 1s) {
        ++wish.sequence;
        wish.first_decode += by;
    }
    ClipRequest request(Duration from, Duration to, Quality quality = Quality::Full) const {
        return {"gate", kStart + from, kStart + to, quality, "event-1"};
    }
    ClipPlan plan(Duration from, Duration to, Quality quality = Quality::Full) {
        auto made = makePlan(*ring, request(from, to, quality));
        INFO((made ? "" : made.error().describe()));
        REQUIRE(made);
        return *made;
    }
    Bytes all(const ClipPlan& plan, std::size_t step = 256U << 10U) {
        ClipBuilder builder(*ring, plan);
        Bytes bytes;
        while (bytes.size() < builder.layout().bytes()) {
            auto part = builder.read(bytes.size(), step);
            INFO((part ? "" : part.error().describe()));
            REQUIRE(part);
            REQUIRE(!part->empty());
            bytes.insert(bytes.end(), part->begin(), part->end());
        }
        CHECK(builder.read(bytes.size(), 10)->empty());
        CHECK_FALSE(builder.read(bytes.size() + 1, 10));
        return bytes;
    }
    std::vector<media::Mp4ReadTrack> tracks(const ClipPlan& plan) {
        const Bytes bytes = all(plan);
        const ClipLayout layout(plan);
        std::vector<media::Mp4ReadTrack> found;
        std::size_t at = 0;
        for (const std::uint64_t size : layout.fileBytes()) {
            const auto contents = media::readMp4(ByteView(bytes).subspan(at, static_cast<std::size_t>(size)));
            INFO((contents ? "" : contents.error().describe()));
            REQUIRE(contents);
            REQUIRE(contents->tracks.size() == 1);
            found.push_back(contents->tracks[0]);
            at += static_cast<std::size_t>(size);
        }
        CHECK(at == bytes.size());
        return found;
    }
};

std::vector<std::uint64_t> sequences(const ClipPlan& plan) {
    std::vector<std::uint64_t> numbers;
    for (const auto& file : plan.files) {
        for (const auto& record : file.records) numbers.push_back(record.sequence);
    }
    return numbers;
}

}  // namespace

TEST_CASE("clip: starts at the random access point at or before the asked start and holds the asked end",
          "[clip]") {
    Rig rig;
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

TEST_CASE("clip: the bytes of every sample are the ring's, and the samples tick as they were recorded",
          "[clip]") {
    Rig rig;
    rig.record(5);
    const auto plan = rig.plan(1s, 3s);
    const Bytes bytes = rig.all(plan);
    const auto track = rig.tracks(plan)[0];
    std::size_t sample = 0;
    for (const std::uint64_t sequence : sequences(plan)) {
        for (std::size_t i = 0; i < 10; ++i, ++sample) {
            const auto& read = track.samples[sample];
            const Bytes expected = test::unitBytes(rig.wish.camera_tag, sequence, i, 200);
            REQUIRE(read.size_bytes == 200);
            CHECK(std::equal(expected.begin(), expected.end(),
                             bytes.begin() + static_cast<std::ptrdiff_t>(read.offset_bytes)));
            CHECK(read.decode_ticks == sample * 9000);
        }
    }
}

TEST_CASE("clip: same plan, same bytes, whatever the steps, also after a start", "[clip]") {
    Rig rig;
    rig.record(20, 2);
    const auto plan = rig.plan(3s, 9s);
    const Bytes kept = encodePlan(plan);
    CHECK(encodePlan(rig.plan(3s, 9s)) == kept);
    const Bytes bytes = rig.all(plan);
    CHECK(rig.all(plan, 1000) == bytes);
    CHECK(rig.all(plan, 7) == bytes);
    rig.record(3);
    rig.open();
    const auto again = decodePlan(kept);
    REQUIRE(again);
    CHECK(encodePlan(*again) == kept);
    CHECK(rig.all(*again) == bytes);
    CHECK(planId(kept).size() == 64);
    CHECK(planId(encodePlan(rig.plan(3s, 10s))) != planId(kept));
}

TEST_CASE("clip: its size is known before any footage is read", "[clip]") {
    Rig rig;
    rig.record(10);
    const auto plan = rig.plan(2s, 5s);
    const ClipLayout layout(plan);
    CHECK(layout.bytes() == rig.all(plan).size());
    // One init segment, four records of ten samples of 200 bytes, each with its record box (24 + 144 + 16 x
    // 10) and its fragment's header.
    CHECK(layout.bytes() ==
          media::initSegmentSize(test::smallConfig()) + 4 * (328 + media::fragmentHeaderSize(10) + 2000));
}

TEST_CASE("clip: a new configuration begins a new file", "[clip]") {
    Rig rig;
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
    Rig rig;
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
    Rig rig;
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
    Rig rig;
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
    Rig rig;
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
    Rig rig;
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
    Rig rig;
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
    Rig rig;
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
    Rig rig;
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
    Rig rig;
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

TEST_CASE("clip: footage that was overwritten since is NotFound, damaged footage Corruption", "[clip]") {
    Rig rig;
    rig.record(3);
    const auto plan = rig.plan(0s, 2s);
    const auto at = plan.files[0].records[1].at;
    SECTION("damaged") {
        rig.files.overwrite("/card/ring", 4 * kMiB + at.extent * 4 * kMiB + at.offset_bytes + 1000,
                            Bytes(3, 0xEE));
        ClipBuilder builder(*rig.ring, plan);
        CHECK(builder.read(0, 3000));
        CHECK(builder.read(0, 1U << 20U).error().kind == ErrorKind::Corruption);
    }
    SECTION("overwritten") {
        rig.wish.sample_bytes = 100'000;
        rig.record(40);
        ClipBuilder builder(*rig.ring, plan);
        CHECK(builder.read(0, 1U << 20U).error().kind == ErrorKind::NotFound);
    }
}

TEST_CASE("clip: the manifest names records, leaves, files and gaps, and its leaves are the ledger's",
          "[clip]") {
    Rig rig;
    rig.record(2);
    rig.next();
    rig.record(2);
    const auto plan = rig.plan(0s, 5s);
    const ClipLayout layout(plan);
    const auto manifest = manifestOf(plan, planId(encodePlan(plan)), layout.fileBytes());
    CHECK(manifest.gateway == "gw-1");
    CHECK(manifest.camera == "gate");
    CHECK(manifest.asked == evidence::TimeSpan{kStart, kStart + 5s});
    CHECK(manifest.covered == evidence::TimeSpan{kStart, kStart + 4900ms});
    REQUIRE(manifest.records.size() == 4);
    CHECK(manifest.records[1].id == evidence::RecordId{42, 2});
    CHECK(manifest.records[1].start == kStart + 1s);
    CHECK(manifest.gaps.size() == 1);
    REQUIRE(manifest.files.size() == 1);
    CHECK(manifest.files[0].bytes == layout.bytes());
    CHECK(evidence::parseManifest(evidence::toJsonText(manifest)) == manifest);
    const auto& first = plan.files[0].records[0];
    const auto meta = rig.ring->readMeta(first.at);
    Bytes payload(first.payload_bytes);
    REQUIRE(rig.ring->readPayload(first.at, 0, payload));
    CHECK(evidence::leafHash(ring::encodeHeader(meta->header), ring::encodeSamples(meta->samples), payload) ==
          manifest.records[0].leaf);
}

TEST_CASE("clip: a plan that is cut, bent or of another builder is refused", "[clip]") {
    Rig rig;
    rig.record(3);
    auto plan = rig.plan(0s, 2s);
    const Bytes good = encodePlan(plan);
    for (std::size_t length = 0; length < good.size(); ++length) {
        REQUIRE_FALSE(decodePlan(ByteView(good).first(length)));
    }
    for (std::size_t byte = 0; byte < good.size(); ++byte) {
        Bytes bent = good;
        bent[byte] = static_cast<std::uint8_t>(bent[byte] ^ 0xFF);
        const auto decoded = decodePlan(bent);
        if (decoded) CHECK(encodePlan(*decoded) == bent);
    }
    plan.builder = "camgate-clip-1";
    CHECK(decodePlan(encodePlan(plan)).error().kind == ErrorKind::FailedPrecondition);
}

TEST_CASE("clip: a plan with times that no clock shows is refused, not computed with", "[clip]") {
    Rig rig;
    rig.record(3);
    const auto good = rig.plan(0s, 2s);
    auto plan = good;
    plan.files[0].records[0].first_decode = BootTime::min();
    CHECK(decodePlan(encodePlan(plan)).error().kind == ErrorKind::InvalidArgument);
    plan = good;
    plan.files[0].records[0].to_wall = Duration::max();
    CHECK(decodePlan(encodePlan(plan)).error().kind == ErrorKind::InvalidArgument);
}

TEST_CASE("quality: has its names", "[clip]") {
    CHECK(qualityFromText("preview") == Quality::Preview);
    CHECK(qualityFromText("full") == Quality::Full);
    CHECK(qualityFromText("best").error().kind == ErrorKind::InvalidArgument);
}

TEST_CASE("clip: a record's leaf follows from the clip's bytes, also where pictures are left out", "[clip]") {
    Rig rig;
    const bool all_skipped = GENERATE(false, true);
    auto draft = test::makeDraft(rig.wish);
    draft.samples[0].random_access = RandomAccess::Open;
    draft.header.starts_with = RandomAccess::Open;
    for (std::size_t i = 1; i < (all_skipped ? 10U : 4U); ++i) draft.samples[i].flags = media::kLeading;
    rig.append(std::move(draft));
    rig.next();
    rig.record(1);
    const auto plan = rig.plan(0s, 2s);
    CHECK(rig.tracks(plan)[0].samples.size() == (all_skipped ? 11U : 17U));
    const Bytes bytes = rig.all(plan);
    const PlannedRecord& first = plan.files[0].records[0];
    const std::size_t box = media::initSegmentSize(test::smallConfig());
    const std::size_t front = evidence::kRecordBoxFront_bytes;
    const ByteView header = ByteView(bytes).subspan(box + front, 144);
    const ByteView table = ByteView(bytes).subspan(box + front + 144, 16 * 10);
    // mdat is the last box in front of the next record's.
    const std::size_t moof = box + front + 144 + 160;
    const std::size_t payload =
        moof + (all_skipped ? media::fragmentHeaderSize(1) : media::fragmentHeaderSize(7, 2));
    CHECK(evidence::leafHash(header, table, ByteView(bytes).subspan(payload, 2000)) == first.leaf);
}

TEST_CASE("clip: says how its records lay on the card, and which of the missing ones were erased",
          "[clip][sealing]") {
    test::MemoryFileSystem stick;
    crypto::FileKeySource source(stick, "/stick/ring.key");
    Rig rig;
    rig.ring = ring::Ring::open(rig.files, "/card/sealed",
                                {.size_bytes = 20 * kMiB,
                                 .extent_bytes = 4 * kMiB,
                                 .gateway = "gw-1",
                                 .sealing = {.seal = true, .source = &source, .described = "yes (key file)"}},
                                rig.clock)
                   .value();
    // The footage begins at 12:00:00 UTC: 10 s before midnight, at midnight, and another day on.
    for (const Duration at : std::array<Duration, 3>{12h - 10s, 12h, 36h}) {
        rig.wish.first_decode = BootTime(100s + at);
        rig.record(5);
    }
    const std::int32_t second_day = ring::dayOf(kStart + 12h);
    REQUIRE(rig.ring->eraseDays(rig.wish.camera_tag, {second_day, second_day}));
    const auto plan_of = [&](Duration from, Duration to) {
        return makePlan(*rig.ring, {"gate", kStart + from, kStart + to, Quality::Full, "owner"});
    };
    const auto plan = plan_of(12h - 10s, 12h + 4s);
    REQUIRE(plan);
    CHECK(plan->sealed == "yes (key file)");
    REQUIRE(plan->gaps.size() == 1);
    CHECK(plan->gaps[0].reason == "erased");
    CHECK(decodePlan(encodePlan(*plan))->sealed == "yes (key file)");
    const auto erased = plan_of(12h, 12h + 4s);
    REQUIRE_FALSE(erased);
    CHECK(erased.error().kind == ErrorKind::NotFound);
    CHECK(erased.error().context.find("erased") != std::string::npos);
}
