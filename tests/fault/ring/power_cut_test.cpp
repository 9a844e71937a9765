// The ring's crash order, proven: the power is cut behind every step of a run that sets up, appends, closes,
// wraps and starts again, each cut with many fates of the sectors that were not synced.
#include <catch2/catch.hpp>
#include <chrono>
#include <map>
#include <random>
#include <set>

#include "ring/ring.hpp"
#include "support/base/fake_clock.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/ring/draft_maker.hpp"

using namespace camgate;
using namespace camgate::ring;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t kMiB = 1U << 20U;
const std::string kPath = "/card/ring";
const RingOptions kOptions{.size_bytes = 16 * kMiB, .extent_bytes = 4 * kMiB, .gateway = "gw-1"};

/// After so many steps this record was acknowledged, and from then on it was no longer promised.
struct Promise {
    std::size_t acknowledged = SIZE_MAX;
    std::size_t given_up = SIZE_MAX;
};

struct Run {
    test::MemoryFileSystem disk;
    test::FakeClock clock;
    std::unique_ptr<Ring> ring;
    std::uint64_t next = 1;
    std::map<std::uint64_t, Promise> promises;

    void open() {
        ring.reset();
        auto opened = Ring::open(disk, kPath, kOptions, clock);
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
void checkCut(const Run& run, std::size_t step, std::uint64_t seed) {
    const auto disk = run.disk.powerCut(step, seed);
    test::FakeClock clock;
    auto ring = Ring::open(*disk, kPath, kOptions, clock);
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

void checkAll(Run& run, std::size_t from, std::uint64_t seeds, std::uint64_t seed_base) {
    for (std::size_t step = from; step <= run.disk.steps(); ++step) {
        for (std::uint64_t seed = 0; seed < seeds; ++seed)
            checkCut(run, step, seed_base + step * 1000 + seed);
    }
}

}  // namespace

TEST_CASE("ring: a power cut during set-up leaves no ring or a whole one", "[ring][fault]") {
    Run run;
    run.open();
    run.append(2, 4000);
    checkAll(run, 0, 100, 1);
}

TEST_CASE("ring: nothing acknowledged is lost and no frame is wrong, behind every step", "[ring][fault]") {
    Run run;
    run.open();
    // Rounds of 1 to 4 records of 100 kB: some 40 fill an extent, three extents, two turns and more.
    for (int i = 0; i < 40; ++i) run.append(static_cast<std::size_t>(1 + i % 4), 100'000);
    run.disk.settle();
    const std::size_t first = 0;
    for (auto& [sequence, promise] : run.promises) {
        promise.acknowledged = 0;
        if (promise.given_up != SIZE_MAX) promise.given_up = 0;
    }
    std::erase_if(run.promises, [](const auto& entry) { return entry.second.given_up == 0; });
    for (int i = 0; i < 45; ++i) run.append(static_cast<std::size_t>(1 + i % 4), 100'000);
    checkAll(run, first, 14, 7);
}

TEST_CASE("ring: cuts after cuts, with starts in between, lose nothing acknowledged", "[ring][fault]") {
    std::uint64_t cuts = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        std::mt19937_64 random(seed);
        std::unique_ptr<test::MemoryFileSystem> disk = std::make_unique<test::MemoryFileSystem>();
        std::set<std::uint64_t> promised;
        std::uint64_t next = 1;
        for (int life = 0; life < 12; ++life) {
            test::FakeClock clock;
            auto ring = Ring::open(*disk, kPath, kOptions, clock);
            REQUIRE(ring);
            const auto list = [&ring](bool look = false) {
                std::set<std::uint64_t> numbers;
                const auto found =
                    (*ring)->find(7, media::StreamKind::Main, WallTime(0s), WallTime(4'000'000'000s));
                REQUIRE(found);
                for (const auto& info : *found) {
                    if (look && !test::holdsItsContent(**ring, info)) {
                        FAIL("a record that is not what was written");
                    }
                    numbers.insert(info.header.sequence);
                }
                return numbers;
            };
            CAPTURE(seed, life);
            const auto there = list(true);
            for (const auto sequence : promised) {
                if (!there.contains(sequence)) FAIL("lost " << sequence);
            }
            next = std::max(next, (*ring)->nextSequence(7, media::StreamKind::Main));
            std::size_t cut_from = disk->steps();
            const auto rounds = random() % 12;
            for (std::uint64_t i = 0; i < rounds; ++i) {
                std::vector<RecordDraft> round;
                for (std::uint64_t k = 0; k <= random() % 3; ++k) {
                    test::DraftWish wish;
                    wish.sequence = next++;
                    wish.samples = 2;
                    wish.sample_bytes = static_cast<std::size_t>(500 + random() % 200'000);
                    wish.first_decode = BootTime(100s + std::chrono::seconds(wish.sequence));
                    round.push_back(test::makeDraft(wish));
                }
                if (i + 1 == rounds) {
                    // The cut falls into this round: nothing of it is promised, and what it opens is given
                    // up.
                    cut_from = disk->steps();
                    REQUIRE((*ring)->append(round));
                    const auto kept = list();
                    std::erase_if(promised,
                                  [&kept](std::uint64_t sequence) { return !kept.contains(sequence); });
                } else {
                    REQUIRE((*ring)->append(round));
                    const auto kept = list();
                    promised = kept;
                }
            }
            const std::size_t steps = disk->steps() - cut_from;
            auto after = disk->powerCut(
                cut_from + (steps == 0 ? 0 : static_cast<std::size_t>(random() % (steps + 1))), random());
            ring->reset();
            disk = std::move(after);
            ++cuts;
        }
    }
    CHECK(cuts == 480);
}
