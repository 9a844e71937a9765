// The power is cut behind every step of setting a ring up and of its first round, each cut with many fates of
// the sectors that were not synced. What comes after is cut in power_cuts_test.cpp.
#include <catch2/catch.hpp>
#include <chrono>
#include <map>
#include <set>

#include "ring/ring.hpp"
#include "support/base/fake_clock.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/ring/draft_maker.hpp"
#include "support/ring/ring_place.hpp"

using namespace camgate;
using namespace camgate::ring;
using namespace std::chrono_literals;

namespace {

const RingOptions kSetUpOptions{
    .size_bytes = 16 * test::kMiB, .extent_bytes = 4 * test::kMiB, .gateway = "gw-1"};

/// After so many steps this record was acknowledged, and from then on it was no longer promised.
struct SetUpPromise {
    std::size_t acknowledged = SIZE_MAX;
    std::size_t given_up = SIZE_MAX;
};

struct SetUpRun {
    test::MemoryFileSystem disk;
    test::FakeClock clock;
    std::unique_ptr<Ring> ring;
    std::uint64_t next = 1;
    std::map<std::uint64_t, SetUpPromise> promises;

    void open() {
        ring.reset();
        auto opened = Ring::open(disk, test::kRingPath, kSetUpOptions, clock);
        REQUIRE(opened);
        ring = std::move(*opened);
    }
    std::set<std::uint64_t> present() {
        std::set<std::uint64_t> found;
        auto infos = ring->find(7, media::StreamKind::Main, WallTime(0s), WallTime(4'000'000'000s));
        REQUIRE(infos);
        for (const RecordInfo& info : *infos) found.insert(info.header.sequence);
        return found;
    }
    void append(std::size_t records, std::size_t record_bytes) {
        std::vector<RecordDraft> round;
        const std::uint64_t first = next;
        for (std::size_t i = 0; i < records; ++i) {
            test::DraftWish wish;
            wish.sequence = next;
            wish.samples = 4;
            wish.sample_bytes = record_bytes / 4;
            wish.first_decode = BootTime(100s + std::chrono::seconds(next));
            round.push_back(test::makeDraft(wish));
            ++next;
        }
        const std::size_t before = disk.steps();
        REQUIRE(ring->append(round));
        // What an extent opened in this round held may be gone from the round's first step on.
        const auto kept = present();
        for (auto& [sequence, promise] : promises) {
            if (!kept.contains(sequence) && promise.given_up == SIZE_MAX) promise.given_up = before;
        }
        for (std::uint64_t sequence = first; sequence < next; ++sequence)
            promises[sequence].acknowledged = disk.steps();
    }
};

/// Checks one cut; the number of records that were there although nobody had promised them.
void checkCut(const SetUpRun& run, std::size_t step, std::uint64_t seed) {
    const auto disk = run.disk.powerCut(step, seed);
    test::FakeClock clock;
    auto ring = Ring::open(*disk, test::kRingPath, kSetUpOptions, clock);
    CAPTURE(step, seed);
    if (!ring) FAIL(ring.error().describe());
    const auto found = (*ring)->find(7, media::StreamKind::Main, WallTime(0s), WallTime(4'000'000'000s));
    REQUIRE(found);
    std::set<std::uint64_t> whole;
    for (const RecordInfo& info : *found) {
        CAPTURE(info.header.sequence);
        // Never a wrong frame, and nothing in the index that is not there. What was long durable is looked at
        // in one cut of ten: reading all of it each time is all that this test would do.
        const auto promise = run.promises.find(info.header.sequence);
        const bool old = promise != run.promises.end() && promise->second.acknowledged + 8 < step;
        const bool look = !old || (step + seed) % 10 == 0;
        if (look && !test::holdsItsContent(**ring, info)) FAIL("a record that is not what was written");
        whole.insert(info.header.sequence);
    }
    for (const auto& [sequence, promise] : run.promises) {
        const bool promised = promise.acknowledged <= step && step <= promise.given_up;
        CAPTURE(sequence);
        if (promised && !whole.contains(sequence)) FAIL("a record that was acknowledged is lost");
    }
    // Life goes on: a further round is taken and found.
    std::vector<RecordDraft> round;
    test::DraftWish wish;
    wish.sequence = (*ring)->nextSequence(7, media::StreamKind::Main);
    wish.first_decode = BootTime(100s + std::chrono::seconds(wish.sequence));
    round.push_back(test::makeDraft(wish));
    const auto appended = (*ring)->append(round);
    REQUIRE(appended);
    if (!test::holdsItsContent(**ring, appended->records[0])) FAIL("the ring does not go on");
}

void checkAll(SetUpRun& run, std::size_t from, std::uint64_t seeds, std::uint64_t seed_base) {
    for (std::size_t step = from; step <= run.disk.steps(); ++step) {
        for (std::uint64_t seed = 0; seed < seeds; ++seed)
            checkCut(run, step, seed_base + step * 1000 + seed);
    }
}

}  // namespace

TEST_CASE("ring: a power cut during set-up leaves no ring or a whole one", "[ring][fault]") {
    SetUpRun run;
    run.open();
    run.append(2, 4000);
    checkAll(run, 0, 100, 1);
}
