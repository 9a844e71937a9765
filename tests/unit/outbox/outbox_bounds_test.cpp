// What goes when the outbox is full, and what says that it went.
#include <catch2/catch.hpp>

#include "outbox/outbox.hpp"
#include "support/base/temp_directory.hpp"
#include "support/outbox/rows.hpp"

using namespace camgate;
using namespace camgate::outbox;
using namespace std::chrono_literals;
using test::ids;
using test::opened;
using test::row;
using test::withRow;

TEST_CASE("outbox: when full the oldest of the least priority goes and its loss is kept", "[outbox]") {
    const test::TempDirectory directory;
    OutboxLimits limits;
    limits.rows = 3;
    auto outbox = opened(directory, limits);
    auto early = row("01", Priority::Event, "yard");
    early.created = WallTime(500s);
    REQUIRE(outbox->apply(withRow(row("00", Priority::Alarm))));
    REQUIRE(outbox->apply(withRow(early)));
    REQUIRE(outbox->apply(withRow(row("02", Priority::Event, "yard"))));
    REQUIRE(outbox->apply(withRow(row("03", Priority::Alarm))));
    REQUIRE(outbox->apply(withRow(row("04", Priority::Alarm))));

    CHECK(ids(*outbox, Priority::Alarm) == std::vector<std::string>{"00", "03", "04"});
    CHECK(ids(*outbox, Priority::Event).empty());
    outbox = nullptr;
    outbox = opened(directory, limits);
    const auto gaps = outbox->gaps().value();
    REQUIRE(gaps.size() == 1);
    CHECK(gaps[0].camera == "yard");
    CHECK(gaps[0].count == 2);
    CHECK(gaps[0].first == WallTime(500s));
    CHECK(gaps[0].last == WallTime(1000s));
    CHECK(outbox->figures().dropped == 2);
}

TEST_CASE("outbox: a row less urgent than all that fill it is the one that goes", "[outbox]") {
    const test::TempDirectory directory;
    OutboxLimits limits;
    limits.bytes = 2 * (100 + kRowOverhead_bytes);
    const auto outbox = opened(directory, limits);
    REQUIRE(outbox->apply(withRow(row("01", Priority::Alarm, "gate", 100))));
    REQUIRE(outbox->apply(withRow(row("02", Priority::Alarm, "gate", 100))));
    CHECK(outbox->apply(withRow(row("03", Priority::Bulk, "", 100)))->positions[0] == 0);
    CHECK(outbox->figures().rows == 2);
    CHECK(outbox->figures().dropped == 1);
    CHECK(outbox->gaps()->at(0).camera.empty());
}

TEST_CASE("outbox: a still goes before a checkpoint, and after a bulk row", "[outbox]") {
    const test::TempDirectory directory;
    OutboxLimits limits;
    limits.rows = 4;
    const auto outbox = opened(directory, limits);
    auto still = row("02", Priority::Alarm);
    still.expendable = true;
    REQUIRE(outbox->apply(withRow(row("01", Priority::Alarm))));
    REQUIRE(outbox->apply(withRow(still)));
    REQUIRE(outbox->apply(withRow(row("03", Priority::Checkpoint))));
    REQUIRE(outbox->apply(withRow(row("04", Priority::Bulk))));

    REQUIRE(outbox->apply(withRow(row("05", Priority::Alarm))));
    CHECK(ids(*outbox, Priority::Bulk).empty());
    // Another still has no better claim than the first: the older goes.
    still.id = "06";
    REQUIRE(outbox->apply(withRow(still)));
    CHECK(ids(*outbox, Priority::Alarm) == std::vector<std::string>{"01", "05", "06"});
    REQUIRE(outbox->apply(withRow(row("07", Priority::Checkpoint))));
    CHECK(ids(*outbox, Priority::Alarm) == std::vector<std::string>{"01", "05"});
    CHECK(ids(*outbox, Priority::Checkpoint) == std::vector<std::string>{"03", "07"});
    // Bulk is worth less than all that is there.
    CHECK(outbox->apply(withRow(row("08", Priority::Bulk)))->positions[0] == 0);
    CHECK(outbox->figures().dropped == 4);
}

TEST_CASE("outbox: one large row drives out as many as it takes", "[outbox]") {
    const test::TempDirectory directory;
    OutboxLimits limits;
    limits.bytes = 10 * (100 + kRowOverhead_bytes);
    const auto outbox = opened(directory, limits);
    for (int i = 0; i < 10; ++i)
        REQUIRE(outbox->apply(withRow(row("0" + std::to_string(i), Priority::Event, "gate", 100))));
    // 3 x 356 bytes of room are needed for 700 + 256.
    REQUIRE(outbox->apply(withRow(row("10", Priority::Alarm, "gate", 700))));
    CHECK(ids(*outbox, Priority::Event).size() == 7);
    CHECK(outbox->figures().bytes <= limits.bytes);
    CHECK(outbox->figures().dropped == 3);
}

TEST_CASE("outbox: a database of a firmware that knew neither stills nor seeds is taken on", "[outbox]") {
    const test::TempDirectory directory;
    REQUIRE(opened(directory)->apply(withRow(row("01", Priority::Alarm))));
    {
        auto database = Database::open(directory.file("outbox.db"));
        REQUIRE(
            database->script("DROP INDEX rows_expendable; ALTER TABLE rows DROP COLUMN expendable;"
                             "ALTER TABLE clips DROP COLUMN seed"));
    }
    const auto outbox = opened(directory);
    CHECK(outbox->movedAside().empty());
    const auto page = outbox->page(Priority::Alarm, 0, 10, 1000).value();
    REQUIRE(page.rows.size() == 1);
    CHECK_FALSE(page.rows[0].expendable);
    CHECK(outbox->openClips());
}
