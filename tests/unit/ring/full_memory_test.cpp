// What the batcher gives up when a camera's memory runs out, and how the gap tells it.
#include <catch2/catch.hpp>
#include <map>

#include "ring/batcher.hpp"
#include "ring/record_codec.hpp"
#include "support/base/fake_clock.hpp"
#include "support/ring/draft_maker.hpp"
#include "support/ring/gap_check.hpp"

using namespace camgate;
using namespace camgate::ring;
using namespace std::chrono_literals;
using media::RandomAccess;
using media::StreamKind;

namespace {

constexpr std::size_t kUnit_bytes = 1000;
constexpr std::size_t kUnitCost_bytes = kUnit_bytes + kUnitOverhead_bytes;
const std::size_t kRecordCost_bytes = kRecordOverhead_bytes + test::smallConfig().box.size();

/// A card that takes nothing, and cameras that send 10 units a second.
struct Stall {
    test::FakeClock clock;
    Batcher batcher;
    std::map<StreamKey, std::vector<BootTime>> sent;
    std::vector<RecordDraft> on_its_way;

    explicit Stall(std::size_t round_bytes = 8U << 20U)
        : batcher({.boot_session = 42, .round_bytes = round_bytes}, clock) {}
    void addCamera(std::uint64_t camera, std::size_t quota_bytes) {
        batcher.addCamera(camera, quota_bytes);
        for (const auto stream : {StreamKind::Main, StreamKind::Sub}) {
            batcher.addStream(camera, stream, 1);
            REQUIRE(batcher.setConfig(camera, stream, test::smallConfig()));
        }
    }
    void send(std::uint64_t camera, RandomAccess access, StreamKind stream = StreamKind::Main,
              std::size_t size = kUnit_bytes) {
        media::AccessUnit unit;
        unit.stream = stream;
        unit.random_access = access;
        unit.config_id = test::smallConfig().id();
        unit.decode_time = unit.presentation_time = clock.bootNow();
        unit.bytes = Bytes(size, 1);
        REQUIRE(batcher.add(camera, std::move(unit)));
        sent[{camera, stream}].push_back(clock.bootNow());
    }
    /// Groups of `group` units of one camera's main stream.
    void film(std::uint64_t camera, int units, int group) {
        for (int i = 0; i < units; ++i) {
            send(camera, i % group == 0 ? RandomAccess::Idr : RandomAccess::None);
            clock.advance(100ms);
        }
    }
    /// A round is taken and the card does not answer.
    void takeRound() { on_its_way = batcher.takeDue(); }
    std::vector<RecordDraft> end() {
        std::vector<RecordDraft> all = std::move(on_its_way);
        std::ranges::move(batcher.takeAll(), std::back_inserter(all));
        return all;
    }
};

void checkGaps(const Stall& stall, const std::vector<RecordDraft>& drafts, StreamKey stream) {
    std::vector<test::StoredRecord> records;
    for (const RecordDraft& draft : drafts) {
        CHECK(checkDraft(draft));
        if (StreamKey{draft.header.camera_tag, draft.header.stream} == stream)
            records.push_back({draft.header, draft.samples});
    }
    test::checkGapsAreWhatIsMissing(stall.sent.at(stream), records);
}

}  // namespace

TEST_CASE("batcher: where memory runs out the oldest groups go, and one gap says which", "[ring][stall]") {
    Stall stall;
    // Room for 4 groups of 10 and half of one: with the fifth the first must go.
    stall.addCamera(7,
                    4 * (10 * kUnitCost_bytes + kRecordCost_bytes) + 5 * kUnitCost_bytes + kRecordCost_bytes);
    stall.batcher.sayWhenFull(GapReason::CardStalled);
    stall.film(7, 80, 10);
    CHECK(stall.batcher.stats(7).dropped_units == 40);
    const auto kept = stall.end();
    REQUIRE(kept.size() == 4);
    CHECK(kept[0].header.first_decode == stall.sent[{7, StreamKind::Main}][40]);
    // Nothing was stored in front of it: the daemon's start is where the gap began.
    CHECK(kept[0].header.gap == Gap{GapReason::DaemonStart, BootTime{}, 40});
    for (std::size_t i = 1; i < kept.size(); ++i) CHECK(kept[i].header.gap == Gap{});
    checkGaps(stall, kept, {7, StreamKind::Main});
}

TEST_CASE("batcher: of a group whose beginning is on its way to the card the rest goes first",
          "[ring][stall]") {
    Stall stall;
    stall.addCamera(7, 40 * kUnitCost_bytes + 8 * kRecordCost_bytes);
    stall.film(7, 15, 10);
    stall.takeRound();  // 10 units, and 5 of the second group
    REQUIRE(stall.on_its_way.size() == 2);
    stall.batcher.sayWhenFull(GapReason::CardStalled);
    for (int i = 15; i < 75; ++i) {
        stall.send(7, i % 10 == 0 ? RandomAccess::Idr : RandomAccess::None);
        stall.clock.advance(100ms);
    }
    const BootTime last_on_its_way = stall.on_its_way[1].header.last_decode;
    const auto all = stall.end();
    const auto after = std::ranges::find_if(
        all, [](const RecordDraft& draft) { return draft.header.gap.reason == GapReason::CardStalled; });
    REQUIRE(after != all.end());
    CHECK(after->header.starts_with == RandomAccess::Idr);
    CHECK(after->header.gap.since == last_on_its_way);
    checkGaps(stall, all, {7, StreamKind::Main});
}

TEST_CASE("batcher: a camera that floods its memory loses its own footage only", "[ring][stall]") {
    Stall stall;
    stall.addCamera(7, 100'000);
    stall.addCamera(8, 100'000);
    for (int i = 0; i < 70; ++i) {
        const auto access = i % 10 == 0 ? RandomAccess::Idr : RandomAccess::None;
        stall.send(7, access, StreamKind::Main, 20'000);
        stall.send(8, access);
        CHECK(stall.batcher.heldBytes(7) <= 100'000);
        stall.clock.advance(100ms);
    }
    // Groups of 200 kB: each loses its end, and the next one says so.
    stall.send(7, RandomAccess::Idr);
    CHECK(stall.batcher.stats(7).dropped_units > 0);
    CHECK(stall.batcher.stats(8).dropped_units == 0);
    const auto all = stall.end();
    checkGaps(stall, all, {7, StreamKind::Main});
    checkGaps(stall, all, {8, StreamKind::Main});
}

TEST_CASE("batcher: small units and many records count for the memory that they take", "[ring][stall]") {
    Stall stall;
    stall.addCamera(7, 50'000);
    for (int i = 0; i < 2000; ++i) {
        stall.send(7, i % 50 == 0 ? RandomAccess::Idr : RandomAccess::None, StreamKind::Main, 1);
        stall.clock.advance(10ms);
    }
    CHECK(stall.batcher.heldBytes(7) <= 50'000);
    CHECK(stall.batcher.stats(7).dropped_units > 1000);
}

TEST_CASE("batcher: both streams of a camera lose the same time", "[ring][stall]") {
    Stall stall;
    stall.addCamera(7, 100'000);
    for (int i = 0; i < 150; ++i) {
        const auto access = i % 10 == 0 ? RandomAccess::Idr : RandomAccess::None;
        stall.send(7, access);
        stall.send(7, access, StreamKind::Sub, 100);
        stall.clock.advance(100ms);
    }
    const auto all = stall.end();
    checkGaps(stall, all, {7, StreamKind::Main});
    checkGaps(stall, all, {7, StreamKind::Sub});
    const auto firstOf = [&all](StreamKind stream) {
        return std::ranges::find_if(
                   all, [stream](const RecordDraft& draft) { return draft.header.stream == stream; })
            ->header.first_decode;
    };
    CHECK(firstOf(StreamKind::Main) - firstOf(StreamKind::Sub) <= 1s);
    CHECK(firstOf(StreamKind::Sub) - firstOf(StreamKind::Main) <= 1s);
}

TEST_CASE("batcher: the only group there is keeps its beginning, its end goes", "[ring][stall]") {
    Stall stall;
    stall.addCamera(7, 50 * kUnitCost_bytes + kRecordCost_bytes);
    stall.film(7, 80, 1000);
    CHECK(stall.batcher.stats(7).dropped_units == 30);
    // Not before a random access point: what follows a hole cannot be decoded.
    stall.takeRound();
    stall.on_its_way.clear();
    CHECK(stall.batcher.heldBytes(7) == 0);
    stall.send(7, RandomAccess::None);
    stall.clock.advance(100ms);
    stall.send(7, RandomAccess::Idr);
    const auto drafts = stall.end();
    REQUIRE(drafts.size() == 1);
    CHECK(drafts[0].header.gap == Gap{GapReason::QuotaFull, stall.sent[{7, StreamKind::Main}][49], 31});
}

TEST_CASE("batcher: what was taken and cannot be stored is a gap in front of what waits", "[ring][stall]") {
    Stall stall;
    stall.addCamera(7, 1'000'000);
    stall.film(7, 12, 10);
    stall.takeRound();
    const auto first = stall.end();
    REQUIRE(first.size() == 2);
    stall.film(7, 20, 10);
    stall.takeRound();
    stall.film(7, 5, 10);
    const auto lost = std::move(stall.on_its_way);
    REQUIRE_FALSE(lost.empty());
    stall.batcher.giveUp(lost, GapReason::StorageError);
    std::uint32_t lost_units = 0;
    for (const RecordDraft& draft : lost) lost_units += draft.header.sample_count;
    CHECK(stall.batcher.stats(7).dropped_units == lost_units);
    const auto after = stall.batcher.takeAll();
    REQUIRE_FALSE(after.empty());
    CHECK(after[0].header.gap == Gap{GapReason::StorageError, first.back().header.last_decode, lost_units});
    CHECK(after[0].header.sequence == first.back().header.sequence + 1);
}

TEST_CASE("batcher: what waited for long goes out in rounds of bounded size, oldest first", "[ring][stall]") {
    Stall stall(30'000);
    stall.addCamera(7, 1'000'000);
    stall.film(7, 100, 10);
    std::size_t units = 0;
    std::uint64_t next = 1;
    int rounds = 0;
    for (auto round = stall.batcher.takeDue(); !round.empty(); round = stall.batcher.takeDue()) {
        std::size_t bytes = 0;
        for (const RecordDraft& draft : round) {
            CHECK(draft.header.sequence == next++);
            bytes += draft.header.payload_bytes;
            units += draft.header.sample_count;
        }
        CHECK(bytes <= 30'000);
        ++rounds;
    }
    CHECK(rounds >= 3);
    CHECK(units >= 80);  // the rest is not due yet
    for (auto rest = stall.batcher.takeRest(); !rest.empty(); rest = stall.batcher.takeRest()) {
        for (const RecordDraft& draft : rest) units += draft.header.sample_count;
    }
    CHECK(units == 100);
}
