// A sealed ring's crash order, proven: cut behind every step of days that begin, records, erasures and
// starts. The key lies on another medium, which no cut touches.
#include <catch2/catch.hpp>

#include "support/ring/sealed_rig.hpp"

using namespace camgate;
using namespace camgate::ring;
using namespace std::chrono_literals;
using camgate::test::SealedRig;

namespace {

struct SealedPromise {
    std::size_t acknowledged = SIZE_MAX;  ///< from this step on it is there
    std::size_t given_up = SIZE_MAX;      ///< up to here: then it may be erased or overwritten
    std::size_t erased = SIZE_MAX;        ///< from here on it is gone
};
using Key = std::pair<std::uint64_t, std::uint64_t>;  // camera, sequence

struct SealedRun : SealedRig {
    std::map<Key, SealedPromise> promises;

    std::set<Key> present() {
        std::set<Key> found;
        for (const std::uint64_t camera : {1U, 2U}) {
            for (const RecordInfo& info : find(camera)) found.insert({camera, info.header.sequence});
        }
        return found;
    }
    void record(std::size_t sample_bytes) {
        const std::size_t before = card.steps();
        REQUIRE(append({1, 2}, sample_bytes));
        const auto kept = present();
        for (auto& [key, promise] : promises) {
            if (!kept.contains(key) && promise.given_up == SIZE_MAX) promise.given_up = before;
        }
        for (const std::uint64_t camera : {1U, 2U})
            promises[{camera, next[camera]}].acknowledged = card.steps();
    }
    void erase(std::uint64_t camera) {
        const auto there = find(camera);
        const std::size_t before = card.steps();
        REQUIRE(ring->eraseDays(camera, {.last = today() - 1}));
        const auto left = present();
        for (const RecordInfo& info : there) {
            const Key key{camera, info.header.sequence};
            if (left.contains(key)) continue;
            promises[key].given_up = std::min(promises[key].given_up, before);
            promises[key].erased = card.steps();
        }
    }
};

void checkCut(const SealedRun& run, std::size_t step, std::uint64_t seed) {
    CAPTURE(step, seed);
    const auto disk = run.card.powerCut(step, seed);
    auto opened = Ring::open(*disk, test::kSealedRing, run.options, run.clock);
    if (!opened) FAIL(opened.error().describe());
    Ring& ring = **opened;
    std::set<Key> whole;
    for (const std::uint64_t camera : {1U, 2U}) {
        const auto found = ring.find(camera, media::StreamKind::Main, WallTime(0s), WallTime(4'000'000'000s));
        REQUIRE(found);
        for (const RecordInfo& info : *found) {
            // Opening all of it each time is all that this test would do: one cut of ten, and what is new.
            const auto promise = run.promises.find({camera, info.header.sequence});
            const bool old = promise != run.promises.end() && promise->second.acknowledged + 4 < step;
            const bool look = !old || (step + seed) % 10 == 0;
            if (look && !test::holdsItsContent(ring, info)) FAIL("a record that is not what was written");
            whole.insert({camera, info.header.sequence});
        }
    }
    for (const auto& [key, promise] : run.promises) {
        CAPTURE(key.first, key.second);
        const bool promised = promise.acknowledged <= step && step <= promise.given_up;
        if (promised && !whole.contains(key)) FAIL("a record that was acknowledged is lost");
        if (promise.erased <= step && whole.contains(key)) FAIL("a record that was erased is back");
    }
    test::DraftWish wish;
    wish.sequence = ring.nextSequence(1, media::StreamKind::Main);
    wish.first_decode = run.clock.bootNow();
    wish.time_map = run.clock.timeMap();
    std::vector<RecordDraft> round;
    round.push_back(test::makeDraft(wish));
    const auto appended = ring.append(round);
    REQUIRE(appended);
    if (!test::holdsItsContent(ring, appended->records[0])) FAIL("the ring does not go on");
}

}  // namespace

TEST_CASE("sealed ring: no cut loses what was acknowledged or brings back what was erased",
          "[ring][sealing][fault]") {
    SealedRun run;
    run.options.size_bytes = 16 * test::kMiB;
    run.open();
    // Three extents of some 8 records: the ring is overwritten more than twice.
    for (int day = 0; day < 7; ++day) {
        for (int i = 0; i < 5; ++i) run.record(45'000);
        if (day % 3 == 2) run.open();
        run.clock.advance(24h);
        if (day % 2 == 1) run.erase(1);
    }
    for (std::size_t step = 0; step <= run.card.steps(); ++step) {
        for (std::uint64_t seed = 0; seed < 2; ++seed) checkCut(run, step, step * 2 + seed);
    }
}
