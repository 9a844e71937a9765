// The outbox's crash order, proven on SQLite itself: the power is cut behind every write and sync of a life
// with rows, receipts, counters, replies and clips, of its log's checkpoints, and of the recovery from an
// earlier cut.
#include <catch2/catch.hpp>
#include <random>

#include "fault/outbox/memory_vfs.hpp"
#include "outbox/outbox.hpp"
#include "support/base/temp_directory.hpp"

using namespace camgate;
using namespace camgate::outbox;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kEverything = 1U << 20U;

/// All that an outbox holds, as text that can be compared.
std::string contentOf(Outbox& outbox) {
    std::string text;
    const auto say = [&text](std::string_view word, const auto&... more) {
        text += word;
        ((text += " " + std::string(more)), ...);
        text += "\n";
    };
    for (std::size_t priority = 0; priority < kPriorities; ++priority) {
        const auto page = outbox.page(static_cast<Priority>(priority), 0, kEverything, kEverything);
        REQUIRE(page);
        for (const Row& row : page->rows) {
            say("row", std::to_string(row.position), row.id, std::to_string(crc32c(row.payload)));
        }
    }
    const auto gaps = outbox.gaps();
    const auto clips = outbox.openClips();
    const auto wanted = outbox.wantedClips();
    const auto events = outbox.events({.camera = {}, .from = {}, .to = {}, .limit = kEverything});
    REQUIRE((gaps && clips && wanted && events));
    for (const Gap& gap : *gaps) say("gap", gap.camera, std::to_string(gap.count));
    for (const OpenClip& clip : *clips) say("clip", clip.id, toHex(clip.plan));
    for (const WantedClip& clip : *wanted) say("wanted", clip.event);
    for (const EventEntry& event : *events) say("event", event.event, event.json);
    say("counter", std::to_string(outbox.highestCounter("hub").value()));
    const auto reply = outbox.findReply(asBytes("ask"), WallTime(1000s));
    REQUIRE(reply);
    if (*reply) say("reply", (*reply)->json);
    return text;
}

/// One step of the gateway's life; number n always does the same.
Status live(Outbox& outbox, std::uint64_t n, std::size_t payload_bytes) {
    if (n % 5 == 4) return outbox.storeCounter("hub", n);
    const std::string id = "row-" + std::to_string(n);
    Changes changes;
    Row row{id,
            static_cast<Priority>(n % kPriorities),
            "event/gate",
            Bytes(payload_bytes, static_cast<std::uint8_t>(n)),
            "gate",
            {},
            WallTime(1000s),
            0};
    changes.rows.push_back(std::move(row));
    if (n >= 3) changes.remove_rows.push_back("row-" + std::to_string(n - 3));
    changes.events.push_back(
        {"event-" + std::to_string(n / 2), "gate", WallTime(1000s), "{\"n\":" + std::to_string(n) + "}"});
    changes.want_clips.push_back({"event-" + std::to_string(n), "gate", WallTime(1000s), WallTime(1001s)});
    if (n > 0) changes.unwant_clips.push_back("event-" + std::to_string(n - 1));
    changes.open_clips.push_back({"clip-" + std::to_string(n % 3),
                                  Bytes(20, static_cast<std::uint8_t>(n)),
                                  "",
                                  {},
                                  "",
                                  WallTime(1000s),
                                  {5}});
    changes.replies.push_back({{'a', 's', 'k'}, "{\"reply\":" + std::to_string(n) + "}", WallTime(1000s)});
    const auto applied = outbox.apply(changes);
    return applied ? Status() : std::unexpected(applied.error());
}

/// What was held behind a step, from the moment that it was promised.
struct Promise {
    std::size_t since;
    std::string content;
};

class Life {
  public:
    explicit Life(const OutboxLimits& limits = {}) : limits_(limits) {
        disk_.makeDirectory(directory_.path()).value();
    }

    test::MemoryFileSystem& disk() { return disk_; }

    void settle() {
        disk_.settle();
        promises_ = {{0, promises_.back().content}};
    }
    void run(std::uint64_t from, std::uint64_t to, std::size_t payload_bytes) {
        vfs_.use(disk_);
        auto outbox = Outbox::open(directory_.path(), limits_);
        REQUIRE(outbox);
        note(**outbox);
        for (std::uint64_t n = from; n < to; ++n) {
            REQUIRE(live(**outbox, n, payload_bytes));
            note(**outbox);
        }
    }
    /// What lies on the disk after the cut is what was promised last, or that and all of what was under way.
    void cut(std::size_t step, std::uint64_t seed) {
        CAPTURE(step, seed);
        auto after = disk_.powerCut(step, seed);
        const std::string first = recovered(*after, step);
        // The power goes again while the first recovery, or what comes after, is written.
        std::mt19937_64 random(seed * 1000 + step);
        const auto again =
            after->powerCut(static_cast<std::size_t>(random() % (after->steps() + 1)), random());
        vfs_.use(*again);
        auto outbox = Outbox::open(directory_.path(), limits_);
        if (!outbox) FAIL("after a cut in the recovery: " << outbox.error().describe());
        const std::string second = contentOf(**outbox);
        if (second != first && second != lived_on_)
            FAIL("a cut in the recovery left\n" << second << "of\n" << first);
    }

  private:
    void note(Outbox& outbox) { promises_.push_back({disk_.steps(), contentOf(outbox)}); }

    std::string recovered(test::MemoryFileSystem& disk, std::size_t step) {
        vfs_.use(disk);
        auto outbox = Outbox::open(directory_.path(), limits_);
        if (!outbox) FAIL(outbox.error().describe());
        CHECK((*outbox)->movedAside().empty());
        const std::string content = contentOf(**outbox);
        checkPromised(content, step);
        REQUIRE(live(**outbox, 1'000'000, 10));
        lived_on_ = contentOf(**outbox);
        return content;
    }

    void checkPromised(const std::string& content, std::size_t step) const {
        const auto next =
            std::ranges::find_if(promises_, [step](const Promise& each) { return each.since > step; });
        if (next != promises_.end() && content == next->content) return;
        if (next == promises_.begin()) return;  // nothing was promised yet
        if (content != std::prev(next)->content)
            FAIL("neither\n" << std::prev(next)->content << "nor what followed, but\n" << content);
    }

    test::TempDirectory directory_;  // the outbox asks the system whether it is there; nothing is put into it
    OutboxLimits limits_;
    test::MemoryFileSystem disk_;
    test::MemoryVfs vfs_{disk_};
    std::vector<Promise> promises_;
    std::string lived_on_;
};

}  // namespace

TEST_CASE("outbox: a cut behind any step, the first set-up included, loses nothing that was promised",
          "[outbox][fault]") {
    Life life;
    life.run(0, 12, 300);
    life.run(12, 16, 5000);  // closed in between: its log is folded in and deleted
    for (std::size_t step = 0; step <= life.disk().steps(); ++step) {
        for (std::uint64_t seed = 0; seed < 4; ++seed) life.cut(step, seed);
    }
}

TEST_CASE("outbox: a cut while the log is folded back into the database loses nothing", "[outbox][fault]") {
    // SQLite folds at 1000 pages of 4 KiB: a row of 250 kB is over 60 of them, and a log begun anew follows.
    Life life;
    life.run(0, 3, 250'000);
    life.settle();
    life.run(3, 24, 250'000);
    const std::size_t stride = life.disk().steps() / 300 + 1;
    for (std::size_t step = 0; step <= life.disk().steps(); step += stride) life.cut(step, step);
}

TEST_CASE("outbox: rows that have to go for better ones go whole, behind any cut", "[outbox][fault]") {
    Life life(OutboxLimits{.rows = 2});
    life.run(0, 8, 300);
    life.settle();
    life.run(8, 20, 300);
    for (std::size_t step = 0; step <= life.disk().steps(); ++step) life.cut(step, step);
}
