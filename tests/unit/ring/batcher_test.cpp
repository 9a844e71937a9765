#include "ring/batcher.hpp"

#include <catch2/catch.hpp>

#include "ring/record_codec.hpp"
#include "support/base/fake_clock.hpp"
#include "support/ring/draft_maker.hpp"

using namespace camgate;
using namespace camgate::ring;
using namespace std::chrono_literals;
using media::RandomAccess;
using media::StreamKind;

namespace {

struct BatcherRig {
    test::FakeClock clock;
    BatcherOptions options;
    media::DecoderConfig config = test::smallConfig();
    Batcher batcher;

    explicit BatcherRig(std::size_t record_bytes = 2U << 20U)
        : options{.boot_session = 42, .record_bytes = record_bytes}, batcher(options, clock) {
        batcher.addCamera(7, 100'000);
        batcher.addStream(7, StreamKind::Main, 5);
        REQUIRE(batcher.setConfig(7, StreamKind::Main, config));
    }
    media::AccessUnit unit(RandomAccess access = RandomAccess::None, std::size_t size = 100) const {
        media::AccessUnit made;
        made.random_access = access;
        made.config_id = config.id();
        made.decode_time = clock.bootNow();
        made.presentation_time = made.decode_time;
        made.bytes = Bytes(size, 1);
        return made;
    }
    Status add(RandomAccess access = RandomAccess::None, std::size_t size = 100) {
        return batcher.add(7, unit(access, size));
    }
    /// One unit each 100 ms, a random access point each `group`; collects what falls due.
    std::vector<RecordDraft> run(int units, int group) {
        std::vector<RecordDraft> all;
        for (int i = 0; i < units; ++i) {
            REQUIRE(add(i % group == 0 ? RandomAccess::Idr : RandomAccess::None));
            for (auto& draft : batcher.takeDue()) all.push_back(std::move(draft));
            clock.advance(100ms);
        }
        for (auto& draft : batcher.takeAll()) all.push_back(std::move(draft));
        return all;
    }
};

}  // namespace

TEST_CASE("batcher: a batch falls due 1.2 s after its oldest unit arrived", "[ring]") {
    BatcherRig rig;
    CHECK_FALSE(rig.batcher.nextDue());
    REQUIRE(rig.add(RandomAccess::Idr));
    const BootTime first = rig.clock.bootNow();
    rig.clock.advance(1100ms);
    REQUIRE(rig.add());
    CHECK(rig.batcher.nextDue() == first + 1200ms);
    CHECK(rig.batcher.takeDue().empty());
    rig.clock.advance(100ms);
    const auto drafts = rig.batcher.takeDue();
    REQUIRE(drafts.size() == 1);
    const RecordHeader& header = drafts[0].header;
    CHECK(header.sample_count == 2);
    CHECK(header.payload_bytes == 200);
    CHECK(header.first_decode == first);
    CHECK(header.last_decode == first + 1100ms);
    CHECK(header.sequence == 5);
    CHECK(header.boot_session == 42);
    CHECK(header.starts_with == RandomAccess::Idr);
    CHECK(header.gap.reason == GapReason::DaemonStart);
    CHECK(header.time_map.quality == WallQuality::Ntp);
    CHECK(drafts[0].samples[1].decode_delta_ns == 1'100'000'000);
    CHECK(checkDraft(drafts[0]));
    CHECK_FALSE(rig.batcher.nextDue());
}

TEST_CASE("batcher: every random access point begins a record, whatever the group's length", "[ring]") {
    const int group = GENERATE(5, 7, 10, 12, 20, 40, 100);
    BatcherRig rig;
    std::uint32_t samples = 0;
    std::uint64_t sequence = 5;
    for (const RecordDraft& draft : rig.run(200, group)) {
        REQUIRE(checkDraft(draft));
        CHECK(draft.header.sequence == sequence++);
        for (std::size_t i = 1; i < draft.samples.size(); ++i) {
            CHECK(draft.samples[i].random_access == RandomAccess::None);
        }
        CHECK(draft.header.last_decode - draft.header.first_decode < 1200ms + 100ms);
        samples += draft.header.sample_count;
    }
    CHECK(samples == 200);
}

TEST_CASE("batcher: all-intra streams do not become records of one unit", "[ring]") {
    BatcherRig rig;
    // Records of at least 0.5 s: 20 s give at most 40, and the rounds of 1.2 s cut a few more.
    CHECK(rig.run(200, 1).size() <= 60);
}

TEST_CASE("batcher: one round takes the batches of all cameras", "[ring]") {
    BatcherRig rig;
    rig.batcher.addCamera(8, 100'000);
    rig.batcher.addStream(8, StreamKind::Sub, 1);
    REQUIRE(rig.batcher.setConfig(8, StreamKind::Sub, rig.config));
    REQUIRE(rig.add(RandomAccess::Idr));
    rig.clock.advance(800ms);
    auto other = rig.unit(RandomAccess::Idr);
    other.stream = StreamKind::Sub;
    REQUIRE(rig.batcher.add(8, other));
    rig.clock.advance(400ms);
    CHECK(rig.batcher.takeDue().size() == 2);
}

TEST_CASE("batcher: a batch that has just begun waits for the next round", "[ring]") {
    BatcherRig rig;
    REQUIRE(rig.add(RandomAccess::Idr));
    rig.clock.advance(1100ms);
    REQUIRE(rig.add(RandomAccess::Idr));
    rig.clock.advance(100ms);
    CHECK(rig.batcher.takeDue().size() == 1);
    CHECK(rig.batcher.nextDue() == rig.clock.bootNow() + 1100ms);
}

TEST_CASE("batcher: a new configuration begins a new record", "[ring]") {
    BatcherRig rig;
    REQUIRE(rig.add(RandomAccess::Idr));
    rig.clock.advance(100ms);
    rig.config = test::smallConfig(0x42);
    REQUIRE(rig.batcher.setConfig(7, StreamKind::Main, rig.config));
    REQUIRE(rig.add(RandomAccess::Idr));
    const auto drafts = rig.batcher.takeAll();
    REQUIRE(drafts.size() == 2);
    CHECK(drafts[0].header.config_id == test::smallConfig().id());
    CHECK(drafts[1].header.config_id == rig.config.id());
    CHECK(drafts[1].config == rig.config);
}

TEST_CASE("batcher: a record ends before it is over its size", "[ring]") {
    BatcherRig rig(1000);
    for (int i = 0; i < 25; ++i) {
        REQUIRE(rig.add());
        rig.clock.advance(10ms);
    }
    const auto drafts = rig.batcher.takeAll();
    REQUIRE(drafts.size() == 3);
    CHECK(drafts[0].header.payload_bytes == 1000);
    CHECK(drafts[2].header.payload_bytes == 500);
}

TEST_CASE("batcher: a worker that lies is found out", "[ring]") {
    BatcherRig rig;
    REQUIRE(rig.add(RandomAccess::Idr));
    auto unit = rig.unit();
    const auto refused = [&rig](const media::AccessUnit& bad) {
        const auto done = rig.batcher.add(7, bad);
        return !done && done.error().kind == ErrorKind::InvalidArgument;
    };
    CHECK(refused(unit));  // the same time again
    rig.clock.advance(100ms);
    unit = rig.unit();
    unit.decode_time += 11s;
    unit.presentation_time += 11s;
    CHECK(refused(unit));
    unit = rig.unit();
    unit.decode_time -= 11s;
    CHECK(refused(unit));
    unit = rig.unit();
    unit.presentation_time -= 1ns;
    CHECK(refused(unit));
    unit = rig.unit();
    unit.presentation_time += 5s;
    CHECK(refused(unit));
    unit = rig.unit();
    unit.config_id ^= 1;
    CHECK(refused(unit));
    unit = rig.unit();
    unit.bytes.clear();
    CHECK(refused(unit));
    unit.bytes.resize(media::kMaxAccessUnit_bytes + 1);
    CHECK(refused(unit));
    CHECK(rig.batcher.add(9, rig.unit()).error().kind == ErrorKind::NotFound);
    CHECK(rig.batcher.setConfig(9, StreamKind::Main, rig.config).error().kind == ErrorKind::NotFound);
    auto huge = rig.config;
    huge.box.resize(5000);
    CHECK(rig.batcher.setConfig(7, StreamKind::Main, huge).error().kind == ErrorKind::InvalidArgument);
    CHECK(rig.add());
}

TEST_CASE("batcher: after a worker's end older times are leftovers, and the gap is declared", "[ring]") {
    BatcherRig rig;
    REQUIRE(rig.add(RandomAccess::Idr));
    const auto stale = rig.unit(RandomAccess::Idr);
    rig.batcher.noteGap(7, StreamKind::Main, GapReason::CameraLost);
    CHECK(rig.batcher.add(7, stale));
    rig.clock.advance(2s);
    REQUIRE(rig.add(RandomAccess::Idr));
    const auto drafts = rig.batcher.takeAll();
    REQUIRE(drafts.size() == 2);
    CHECK(drafts[1].header.gap.reason == GapReason::CameraLost);
    CHECK(drafts[1].header.gap.dropped_units == 1);
}

TEST_CASE("batcher: a camera that is taken away leaves its last record", "[ring]") {
    BatcherRig rig;
    REQUIRE(rig.add(RandomAccess::Idr));
    rig.batcher.removeCamera(7);
    CHECK(rig.add().error().kind == ErrorKind::NotFound);
    CHECK(rig.batcher.takeAll().size() == 1);
}

TEST_CASE("batcher: a pause is the reason of its gap, also over a restart of the daemon", "[ring]") {
    BatcherRig rig;
    rig.batcher.noteGap(7, StreamKind::Main, GapReason::Paused);  // nothing since the daemon's start
    REQUIRE(rig.add(RandomAccess::Idr));
    rig.batcher.noteGap(7, StreamKind::Main, GapReason::Paused);
    rig.batcher.noteGap(7, StreamKind::Main, GapReason::CameraLost);
    rig.clock.advance(1h);
    REQUIRE(rig.add(RandomAccess::Idr));
    const auto drafts = rig.batcher.takeAll();
    REQUIRE(drafts.size() == 2);
    CHECK(drafts[0].header.gap.reason == GapReason::Paused);
    CHECK(drafts[1].header.gap.reason == GapReason::Paused);
}
