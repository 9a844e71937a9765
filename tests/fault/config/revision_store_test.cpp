// The power is cut behind every step of every save.
#include "config/revision_store.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/bytes.hpp"
#include "support/base/faulty_file_system.hpp"
#include "support/base/memory_file_system.hpp"

using namespace camgate;
using namespace camgate::config;

namespace {

const std::string kFolder = "/state";

History historyOf(std::uint64_t newest) {
    History history;
    for (std::uint64_t number = 1; number <= newest; ++number) {
        history.current = number;
        history.add({number, number - 1, "hub", "operator", "2026-03-01T22:15:00.000Z",
                     std::string(static_cast<std::size_t>(300 * (number % 4 + 1)), 'x')});
    }
    return history;
}

RevisionStore opened(FileSystem& files) {
    auto store = RevisionStore::open(files, kFolder);
    REQUIRE(store.has_value());
    return std::move(*store);
}

}  // namespace

TEST_CASE("revision store: a cut behind any step leaves the history before or the one after",
          "[config][fault]") {
    test::MemoryFileSystem disk;
    REQUIRE(disk.makeDirectory(kFolder));
    disk.settle();
    std::vector<std::size_t> done_at{0};  // steps after which so many saves had returned
    RevisionStore store = opened(disk);
    constexpr std::uint64_t kSaves = 8;
    for (std::uint64_t save = 1; save <= kSaves; ++save) {
        REQUIRE(store.save(historyOf(save)));
        done_at.push_back(disk.steps());
    }
    std::size_t cuts = 0;
    for (std::size_t steps = 0; steps <= disk.steps(); ++steps) {
        for (std::uint64_t seed = 1; seed <= 20; ++seed, ++cuts) {
            const auto after = disk.powerCut(steps, seed);
            const auto found = RevisionStore::open(*after, kFolder);
            CAPTURE(steps, seed);
            REQUIRE(found.has_value());
            REQUIRE(found->damage().empty());
            const auto kept = static_cast<std::uint64_t>(
                std::upper_bound(done_at.begin(), done_at.end(), steps) - done_at.begin() - 1);
            const auto& history = found->history();
            REQUIRE((history == historyOf(kept) || history == historyOf(kept + 1)));
            // And it goes on from there.
            RevisionStore again = opened(*after);
            REQUIRE(again.save(historyOf(20)));
            REQUIRE(opened(*after).history() == historyOf(20));
        }
    }
    CHECK(cuts > 20 * 2 * kSaves);
}

TEST_CASE("revision store: the 20 newest are kept, and what counts", "[config]") {
    History history = historyOf(1);
    history.trial = 2;
    for (std::uint64_t number = 2; number <= 50; ++number) history.add({number, 1, "hub", "", "", ""});
    CHECK(history.revisions.size() == kKeptRevisions);
    CHECK(history.find(1) != nullptr);  // in force
    CHECK(history.find(2) != nullptr);  // on trial
    CHECK(history.find(3) == nullptr);
    CHECK(history.newest() == 50);
}

TEST_CASE("revision store: a full or failing disk leaves what was there", "[config][fault]") {
    test::MemoryFileSystem disk;
    REQUIRE(disk.makeDirectory(kFolder));
    test::FaultyFileSystem faulty(disk);
    RevisionStore store = opened(faulty);
    REQUIRE(store.save(historyOf(1)));
    for (int fault = 0; fault < 3; ++fault) {
        faulty.faults = {};
        if (fault == 0) faulty.faults.fail_after_bytes = 100;
        if (fault == 1) faulty.faults.error_on_sync = 1;
        if (fault == 2) faulty.faults.read_only = true;
        CAPTURE(fault);
        CHECK_FALSE(store.save(historyOf(2)));
        CHECK(store.history() == historyOf(1));
        CHECK(opened(disk).history().current >= 1);
    }
    faulty.faults = {};
    REQUIRE(store.save(historyOf(3)));
    CHECK(opened(disk).history() == historyOf(3));
}

TEST_CASE("revision store: one damaged slot leaves the other, two are told", "[config][fault]") {
    test::MemoryFileSystem disk;
    REQUIRE(disk.makeDirectory(kFolder));
    RevisionStore store = opened(disk);
    REQUIRE(store.save(historyOf(1)));
    REQUIRE(store.save(historyOf(2)));
    disk.overwrite(kFolder + "/config.b", 40, Bytes{0xFF});
    CHECK(opened(disk).history() == historyOf(1));
    disk.overwrite(kFolder + "/config.a", 40, Bytes{0xFF});
    const RevisionStore lost = opened(disk);
    CHECK(lost.history() == History());
    CHECK_THAT(lost.damage(), Catch::Matchers::Contains("config"));
}

TEST_CASE("revision store: what a newer firmware wrote is left as it is", "[config]") {
    test::MemoryFileSystem disk;
    REQUIRE(disk.makeDirectory(kFolder));
    REQUIRE(opened(disk).save(historyOf(1)));
    Bytes slot = disk.contentOf(kFolder + "/config.a");
    slot[4] = 2;  // format
    const std::uint32_t crc = crc32c(ByteView(slot).first(28));
    for (std::size_t i = 0; i < 4; ++i) slot[28 + i] = static_cast<std::uint8_t>(crc >> (8 * i));
    disk.overwrite(kFolder + "/config.a", 0, slot);
    const auto store = RevisionStore::open(disk, kFolder);
    REQUIRE_FALSE(store.has_value());
    CHECK(store.error().kind == ErrorKind::FailedPrecondition);
}
