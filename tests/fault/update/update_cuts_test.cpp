// The power is cut behind every step of updates, good and bad, from the order to the end: of the bundle's
// file, the record, RAUC's slot and state, the boot environment, the loader's counting. A box always comes
// up on a whole slot, keeps nothing that did not prove itself, and says why it went back.
#include <catch2/catch.hpp>
#include <random>

#include "support/update/update_box.hpp"

using namespace camgate;
using namespace camgate::update;
using test::FakeBundle;

namespace {

constexpr int kMostBootsOfAStory = 12;
constexpr Duration kLongest = std::chrono::minutes(30);

struct Story {
    test::MemoryFileSystem& disk;
    FakeBundle bundle;
    Slot from;
    int boots = 0;
    std::optional<UpdateRecord> ended = {};
    std::uint8_t runs = 0;  ///< the version that the story ended on
};

/// Ended by this story's own bundle, not before it.
bool hasEnded(const UpdateRecord& record, const FakeBundle& bundle) {
    return record.order.sha256 == bundle.sha256() && record.phase > Phase::Trial;
}

/// One start of whatever the loader takes; false: nothing in that slot starts.
bool startOnce(Story& story) {
    ++story.boots;
    const Slot slot = test::bootOnce(story.disk);
    const auto version = test::versionIn(story.disk, slot);
    if (!version || *version == test::kDead) return false;
    test::BoxRun run(story.disk, slot);
    run.start();
    const auto phase = run.record().phase;
    const bool known = run.record().order.sha256 == story.bundle.sha256();
    // Whoever brings the bundle repeats himself until it is all there.
    if (!known || phase == Phase::Downloading) {
        if (const auto have = run.order(test::orderOf(story.bundle))) (void)run.bring(story.bundle, *have);
    }
    run.live(kLongest);
    if (*version == test::kSick) CHECK(run.rauc.marked_good == 0);
    if (run.rauc.restarted) return true;
    CHECK(hasEnded(run.record(), story.bundle));
    story.ended = run.record();
    story.runs = *version;
    return true;
}

void liveToTheEnd(Story& story) {
    while (!story.ended && story.boots < kMostBootsOfAStory) (void)startOnce(story);
    REQUIRE(story.ended.has_value());
}

BootState bootOf(test::MemoryFileSystem& disk) {
    return BootStore::open(disk, test::kBootDevice)->state();
}

void checkEnd(const Story& story, std::uint8_t before) {
    const UpdateRecord& record = *story.ended;
    const std::uint8_t wanted = story.bundle.version;
    const bool good = wanted == test::kFine || wanted == test::kFineToo;
    INFO("phase " << toString(record.phase) << " " << record.reason << " " << record.detail);
    // Three starts that are cut short count as three that failed.
    const bool ran_out = record.phase == Phase::RolledBack && record.reason == "did-not-start";
    if (record.phase == Phase::Committed) {
        CHECK(good);
        CHECK(story.runs == wanted);
    } else {
        CHECK(story.runs == before);
        CHECK_FALSE(record.reason.empty());
        CHECK_FALSE(record.detail.empty());
        if (good) CHECK(ran_out);
        if (wanted == test::kSick) CHECK((record.reason == "not-healthy" || ran_out));
        if (wanted == test::kDead) CHECK(ran_out);
    }
    CHECK_FALSE(story.disk.exists("/disk/data/update/bundle.raucb"));
    const BootState boot = bootOf(story.disk);
    CHECK(boot.triesLeft(nextSlot(boot)) == kProvenTries);
    CHECK(test::versionIn(story.disk, nextSlot(boot)) == story.runs);
}

}  // namespace

TEST_CASE("updates: the power is cut behind every step, and once more on the way", "[update][fault]") {
    const auto version = GENERATE(as<std::uint8_t>(), test::kFine, test::kSick, test::kDead);
    const auto seed = GENERATE(range(1U, 9U));
    const FakeBundle bundle{.version = version};
    const Slot from = seed % 2 == 0 ? Slot::A : Slot::B;
    const auto disk = test::newBox(from);
    Story whole{*disk, bundle, from};
    liveToTheEnd(whole);
    checkEnd(whole, test::kProven);

    std::mt19937 random(seed);
    std::size_t cuts = 0;
    for (std::size_t step = 0; step <= disk->steps(); ++step, ++cuts) {
        INFO("version " << int(version) << ", seed " << seed << ", cut behind step " << step << " of "
                        << disk->steps());
        auto cut = disk->powerCut(step, seed * 1000 + step);
        Story first{*cut, bundle, from};
        cut->settle();
        liveToTheEnd(first);
        checkEnd(first, test::kProven);

        // The same way again, and the power goes a second time somewhere on it.
        auto twice = cut->powerCut(random() % (cut->steps() + 1), random());
        Story second{*twice, bundle, from};
        liveToTheEnd(second);
        checkEnd(second, test::kProven);
    }
    CHECK(cuts > 50);
}

TEST_CASE("updates: one after another, good and bad, each cut once", "[update][fault]") {
    const auto seed = GENERATE(range(1U, 41U));
    std::mt19937 random(seed);
    auto disk = test::newBox(seed % 2 == 0 ? Slot::A : Slot::B);
    std::uint8_t runs = test::kProven;
    for (int update = 0; update < 8; ++update) {
        std::uint8_t next =
            std::array{test::kFine, test::kSick, test::kDead, test::kFineToo}.at(random() % 4);
        if (next <= runs) next = test::kFineToo;
        if (next == runs) break;  // the newest there is
        INFO("seed " << seed << ", update " << update << " to " << int(next));
        disk->settle();
        const Slot from = nextSlot(bootOf(*disk));
        const FakeBundle bundle{.version = next};
        auto before = disk->powerCut(disk->steps(), 0);
        Story dry{*disk, bundle, from};
        liveToTheEnd(dry);
        disk = disk->powerCut(random() % (disk->steps() + 1), random());
        Story story{*disk, bundle, from};
        liveToTheEnd(story);
        checkEnd(story, runs);
        runs = story.runs;
    }
}
