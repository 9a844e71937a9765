#include "outbox/outbox.hpp"

#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "outbox/sqlite.hpp"
#include "support/base/temp_directory.hpp"
#include "support/outbox/rows.hpp"

using namespace camgate;
using namespace camgate::outbox;
using namespace std::chrono_literals;
using test::ids;
using test::opened;
using test::row;
using test::withRow;

namespace {

std::string contentOf(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("outbox: a row keeps all of its fields across a restart", "[outbox]") {
    const test::TempDirectory directory;
    Row made = row("aa", Priority::Alarm);
    made.payload = {0, 1, 255};
    made.correlation = {7, 0, 7};
    made.created = WallTime(1'772'366'400s + 5ns);
    REQUIRE(opened(directory)->apply(withRow(made)));

    const auto outbox = opened(directory);
    const auto page = outbox->page(Priority::Alarm, 0, 10, 1000).value();
    REQUIRE(page.rows.size() == 1);
    CHECK(page.rows[0].id == "aa");
    CHECK(page.rows[0].topic == "event/gate");
    CHECK(page.rows[0].payload == made.payload);
    CHECK(page.rows[0].correlation == made.correlation);
    CHECK(page.rows[0].created == made.created);
    CHECK(page.rows[0].priority == Priority::Alarm);
    CHECK_FALSE(page.more);
    CHECK(outbox->figures().rows == 1);
    CHECK(outbox->figures().bytes == 3 + kRowOverhead_bytes);
}

TEST_CASE("outbox: pages follow the order of putting, by rows and by bytes", "[outbox]") {
    const test::TempDirectory directory;
    const auto outbox = opened(directory);
    for (const char* id : {"01", "02", "03"}) REQUIRE(outbox->apply(withRow(row(id))));

    const auto first = outbox->page(Priority::Event, 0, 2, 1000).value();
    REQUIRE(first.rows.size() == 2);
    CHECK(first.more);
    const auto rest = outbox->page(Priority::Event, first.rows[1].position, 2, 1000).value();
    REQUIRE(rest.rows.size() == 1);
    CHECK(rest.rows[0].id == "03");
    CHECK_FALSE(rest.more);
    // A single row larger than the limit still comes.
    const auto narrow = outbox->page(Priority::Event, 0, 10, 1).value();
    CHECK(narrow.rows.size() == 1);
    CHECK(narrow.more);
}

TEST_CASE("outbox: a position is not given again after its row has gone", "[outbox]") {
    const test::TempDirectory directory;
    const auto outbox = opened(directory);
    const auto before = outbox->apply(withRow(row("01")))->positions[0];
    Changes removal;
    removal.remove_rows = {"01", "unknown"};
    REQUIRE(outbox->apply(removal));
    CHECK(outbox->figures().rows == 0);
    CHECK(outbox->figures().bytes == 0);
    CHECK(outbox->apply(withRow(row("02")))->positions[0] > before);
}

TEST_CASE("outbox: a row whose id is there already keeps its place", "[outbox]") {
    const test::TempDirectory directory;
    const auto outbox = opened(directory);
    const auto first = outbox->apply(withRow(row("01")))->positions[0];
    CHECK(outbox->apply(withRow(row("01")))->positions[0] == first);
    CHECK(outbox->figures().rows == 1);
}

TEST_CASE("outbox: counters never fall", "[outbox]") {
    const test::TempDirectory directory;
    auto outbox = opened(directory);
    CHECK(outbox->highestCounter("hub").value() == 0);
    REQUIRE(outbox->storeCounter("hub", 7));
    REQUIRE(outbox->storeCounter("hub", 5));
    outbox = nullptr;
    outbox = opened(directory);
    CHECK(outbox->highestCounter("hub").value() == 7);
    CHECK(outbox->highestCounter("other").value() == 0);
}

TEST_CASE("outbox: replies are bounded in number, bytes and age", "[outbox]") {
    const test::TempDirectory directory;
    OutboxLimits limits;
    limits.replies = 3;
    limits.reply_bytes = 100;
    const auto outbox = opened(directory, limits);
    const auto put = [&](std::uint8_t key, std::size_t size) {
        Changes changes;
        changes.replies.push_back({Bytes{key}, std::string(size, 'r'), WallTime(1000s)});
        REQUIRE(outbox->apply(changes));
    };
    const auto has = [&](std::uint8_t key, WallTime now = WallTime(1001s)) {
        return outbox->findReply(Bytes{key}, now)->has_value();
    };
    for (std::uint8_t key = 1; key <= 4; ++key) put(key, 10);
    CHECK_FALSE(has(1));
    CHECK(has(2));
    CHECK(has(4));
    put(5, 75);  // 75 + 10 + 10 fit 100, a fourth would not have
    CHECK_FALSE(has(2));
    CHECK(has(3));
    put(6, 90);  // with 5 it is 165
    CHECK(has(6));
    CHECK_FALSE(has(5));
    CHECK_FALSE(has(6, WallTime(1000s) + 25h));
}

TEST_CASE("outbox: events are remembered in their newest state, the oldest forgotten", "[outbox]") {
    const test::TempDirectory directory;
    OutboxLimits limits;
    limits.events = 2;
    const auto outbox = opened(directory, limits);
    const auto put = [&](const std::string& event, const std::string& camera, int start_s,
                         const std::string& json) {
        Changes changes;
        changes.events.push_back({event, camera, WallTime(std::chrono::seconds(start_s)), json});
        REQUIRE(outbox->apply(changes));
    };
    put("e1", "gate", 10, "{}");
    put("e2", "yard", 20, "{}");
    put("e3", "gate", 30, "{}");
    put("e3", "gate", 30, "{\"end\":1}");

    const auto all = outbox->events({}).value();
    REQUIRE(all.size() == 2);
    CHECK(all[0].event == "e3");
    CHECK(all[0].json == "{\"end\":1}");
    CHECK(all[1].event == "e2");
    EventQuery query;
    query.camera = "gate";
    CHECK(outbox->events(query)->size() == 1);
    query.camera.reset();
    query.to = WallTime(30s);
    CHECK(outbox->events(query)->at(0).event == "e2");
    query.from = WallTime(21s);
    CHECK(outbox->events(query)->empty());
}

TEST_CASE("outbox: clips are wanted, open and closed in one transaction each", "[outbox]") {
    const test::TempDirectory directory;
    auto outbox = opened(directory);
    Changes wish;
    wish.want_clips.push_back({"e1", "gate", WallTime(1s), WallTime(2s)});
    REQUIRE(outbox->apply(wish));
    CHECK(outbox->wantedClips()->size() == 1);
    Changes open;
    open.unwant_clips = {"e1"};
    open.open_clips.push_back({"c1", {1, 2}, "e1", {}, "", WallTime(3s), {7}});
    REQUIRE(outbox->apply(open));
    outbox = nullptr;
    outbox = opened(directory);
    CHECK(outbox->wantedClips()->empty());
    const auto clips = outbox->openClips().value();
    REQUIRE(clips.size() == 1);
    CHECK(clips[0].plan == Bytes{1, 2});
    CHECK(clips[0].event == "e1");
    // Asked for once more: what it was sealed with stays.
    open.open_clips[0].seed = {8};
    REQUIRE(outbox->apply(open));
    CHECK(outbox->openClips()->at(0).seed == Bytes{7});
    Changes close;
    close.close_clips = {"c1"};
    REQUIRE(outbox->apply(close));
    CHECK(outbox->openClips()->empty());
}

TEST_CASE("outbox: a corrupt database is moved aside whole and a new one begun", "[outbox][fault]") {
    const test::TempDirectory directory;
    const std::string path = directory.file("outbox.db");
    std::string garbage;
    SECTION("not a database") {
        garbage = std::string(5000, 'z');
    }
    SECTION("a damaged page") {
        auto outbox = opened(directory);
        for (int i = 0; i < 50; ++i)
            REQUIRE(outbox->apply(withRow(row("r" + std::to_string(i), Priority::Event, "gate", 4000))));
        outbox = nullptr;
        garbage = contentOf(path);
        for (std::size_t i = 4096; i < 40960; ++i) garbage[i] = '\x55';
    }
    SECTION("of no known version") {
        auto database = Database::open(path);
        REQUIRE(database->script("CREATE TABLE other(x)"));
        database = Database::open(directory.file("unused.db"));
        garbage = contentOf(path);
    }
    std::ofstream(path, std::ios::binary | std::ios::trunc) << garbage;

    auto outbox = opened(directory);
    CHECK(outbox->movedAside() == path + ".corrupt-1");
    CHECK((contentOf(outbox->movedAside()) == garbage));
    CHECK(outbox->figures().rows == 0);
    CHECK(outbox->apply(withRow(row("01"))));
    outbox = nullptr;
    outbox = opened(directory);
    CHECK(outbox->movedAside().empty());
    CHECK(outbox->figures().rows == 1);
}

TEST_CASE("outbox: an empty file, as a power cut leaves it, becomes an outbox", "[outbox][fault]") {
    const test::TempDirectory directory;
    std::ofstream(directory.file("outbox.db")).flush();
    const auto outbox = opened(directory);
    CHECK(outbox->movedAside().empty());
    CHECK(outbox->apply(withRow(row("01"))));
}

TEST_CASE("outbox: a database of a newer firmware is refused and left as it is", "[outbox][fault]") {
    const test::TempDirectory directory;
    const std::string path = directory.file("outbox.db");
    {
        auto database = Database::open(path);
        REQUIRE(database->script("CREATE TABLE future(x); PRAGMA user_version = 2"));
    }
    const std::string before = contentOf(path);
    const auto refused = Outbox::open(directory.path());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().kind == ErrorKind::FailedPrecondition);
    CHECK(refused.error().context.find("newer firmware (version 2, known is 1)") != std::string::npos);
    CHECK(contentOf(path) == before);
    CHECK(std::distance(std::filesystem::directory_iterator(directory.path()), {}) == 1);
}

TEST_CASE("outbox: a missing directory and a file in its place are said clearly", "[outbox][fault]") {
    const test::TempDirectory directory;
    const auto missing = Outbox::open(directory.file("none"));
    REQUIRE_FALSE(missing);
    CHECK(missing.error().kind == ErrorKind::NotFound);
    CHECK(missing.error().context.find(directory.file("none")) != std::string::npos);
    std::ofstream(directory.file("plain")) << "x";
    const auto plain = Outbox::open(directory.file("plain"));
    REQUIRE_FALSE(plain);
    CHECK(plain.error().sys_errno == ENOTDIR);
}

TEST_CASE("outbox: a second process is refused", "[outbox][fault]") {
    const test::TempDirectory directory;
    const auto holder = opened(directory);
    const auto second = Outbox::open(directory.path());
    REQUIRE_FALSE(second);
    CHECK(second.error().kind == ErrorKind::FailedPrecondition);
    CHECK(second.error().context.find("in use by another process") != std::string::npos);
}

TEST_CASE("outbox: a medium that refuses a write keeps what was there and heals", "[outbox][fault]") {
    const test::TempDirectory directory;
    auto outbox = opened(directory);
    REQUIRE(outbox->apply(withRow(row("01"))));
    // A limit on file size: the failing medium that a test can make without root.
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const rlimit small{64U << 10U, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
    const auto failed = outbox->apply(withRow(row("02", Priority::Event, "gate", 500000)));
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    REQUIRE_FALSE(failed);
    CHECK(failed.error().kind == ErrorKind::Unavailable);
    CHECK(failed.error().context.starts_with("writing to the outbox"));
    CHECK(outbox->figures().rows == 1);
    CHECK(ids(*outbox, Priority::Event) == std::vector<std::string>{"01"});
    CHECK(outbox->apply(withRow(row("03"))));
    outbox = nullptr;
    CHECK(ids(*opened(directory), Priority::Event) == std::vector<std::string>{"01", "03"});
}

namespace {

LedgerEntry ledgerEntry(const std::string& digest, std::uint64_t first, std::uint64_t last,
                        const std::string& camera = "gate") {
    LedgerEntry entry;
    entry.digest = digest;
    entry.camera = camera;
    entry.ring = "aa";
    entry.first_sequence = first;
    entry.last_session = 0xF000000000000001;  // uses all bits
    entry.last_sequence = last;
    entry.to = WallTime(1000s + 7ns);
    entry.document = "{\"d\":\"" + digest + "\"}";
    return entry;
}

}  // namespace

TEST_CASE("outbox: a checkpoint's row and entry are one, and its countersignature is kept across a restart",
          "[outbox]") {
    const test::TempDirectory directory;
    {
        auto outbox = opened(directory);
        Changes changes = withRow(row("c1", Priority::Checkpoint));
        changes.ledger.push_back(ledgerEntry("d1", 1, 10));
        changes.ledger.push_back(ledgerEntry("d2", 11, 20));
        changes.ledger.push_back(ledgerEntry("d3", 1, 99, "yard"));
        REQUIRE(outbox->apply(changes));
        Changes word;
        word.countersigned.push_back({"d1", "{\"hub\":1}"});
        word.countersigned.push_back({"unknown", "{}"});
        REQUIRE(outbox->apply(word));
    }
    auto outbox = opened(directory);
    CHECK(ids(*outbox, Priority::Checkpoint) == std::vector<std::string>{"c1"});
    const auto newest = outbox->newestInLedger({"gate", 0, "aa"}).value();
    REQUIRE(newest);
    CHECK(newest->digest == "d2");
    CHECK(newest->last_session == 0xF000000000000001);
    CHECK(newest->to == WallTime(1000s + 7ns));
    CHECK(newest->countersignature.empty());
    const auto both = outbox->ledgerOf({"gate", 0, "aa"}, 10, 11).value();
    REQUIRE(both.size() == 2);
    CHECK(both[0].countersignature == "{\"hub\":1}");
    CHECK(outbox->ledgerOf({"gate", 0, "aa"}, 12, 12).value().size() == 1);
    CHECK(outbox->ledgerOf({"gate", 1, "aa"}, 1, 99).value().empty());
    CHECK_FALSE(outbox->newestInLedger({"gate", 0, "other ring"}).value());
}

TEST_CASE("outbox: the oldest checkpoints go when there are too many", "[outbox]") {
    const test::TempDirectory directory;
    OutboxLimits limits;
    limits.ledger = 3;
    auto outbox = opened(directory, limits);
    for (std::uint64_t i = 0; i < 5; ++i) {
        Changes changes;
        changes.ledger.push_back(ledgerEntry("d" + std::to_string(i), 10 * i, 10 * i + 9));
        REQUIRE(outbox->apply(changes));
    }
    CHECK(outbox->ledgerOf({"gate", 0, "aa"}, 0, 100).value().size() == 3);
    CHECK(outbox->newestInLedger({"gate", 0, "aa"}).value()->digest == "d4");
}
