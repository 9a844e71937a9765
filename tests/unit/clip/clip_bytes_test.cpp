// What a clip is made of: its bytes, its manifest, its plan as bytes.
#include <catch2/catch.hpp>

#include "crypto/file_key_source.hpp"
#include "evidence/leaf.hpp"
#include "evidence/record_box.hpp"
#include "ring/record_codec.hpp"
#include "support/clip/planning_rig.hpp"

using namespace camgate;
using namespace camgate::clip;
using namespace std::chrono_literals;
using media::RandomAccess;
using media::StreamKind;
using namespace camgate::test;

TEST_CASE("clip: the bytes of every sample are the ring's, and the samples tick as they were recorded",
          "[clip]") {
    PlanningRig rig;
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
    PlanningRig rig;
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
    PlanningRig rig;
    rig.record(10);
    const auto plan = rig.plan(2s, 5s);
    const ClipLayout layout(plan);
    CHECK(layout.bytes() == rig.all(plan).size());
    // One init segment, four records of ten samples of 200 bytes, each with its record box (24 + 144 + 16 x
    // 10) and its fragment's header.
    CHECK(layout.bytes() ==
          media::initSegmentSize(test::smallConfig()) + 4 * (328 + media::fragmentHeaderSize(10) + 2000));
}

TEST_CASE("clip: footage that was overwritten since is NotFound, damaged footage Corruption", "[clip]") {
    PlanningRig rig;
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
    PlanningRig rig;
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
    PlanningRig rig;
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
    PlanningRig rig;
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
    PlanningRig rig;
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
    PlanningRig rig;
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
