#include "outbox/async_outbox.hpp"

#include <catch2/catch.hpp>
#include <deque>

#include "base/task_thread.hpp"
#include "support/base/fake_loop.hpp"
#include "support/base/temp_directory.hpp"

using namespace camgate;
using namespace camgate::outbox;

namespace {

Changes oneRow(const std::string& id) {
    Row row;
    row.id = id;
    row.topic = "event/gate";
    row.camera = "gate";
    Changes changes;
    changes.rows.push_back(std::move(row));
    return changes;
}

}  // namespace

TEST_CASE("async outbox: answers come on the loop, in order, after the call", "[outbox]") {
    const test::TempDirectory directory;
    test::FakeClock clock;
    test::FakeLoop loop(clock);
    std::deque<std::function<void()>> jobs;
    AsyncOutbox outbox(
        loop,
        [&](std::function<void()> job) {
            jobs.push_back(std::move(job));
            return true;
        },
        Outbox::open(directory.path()));
    std::string order;
    outbox.apply(oneRow("01"), [&](Result<Applied> applied) { order += applied ? "a" : "x"; });
    outbox.ask<Page>([](Outbox& each) { return each.page(Priority::Event, 0, 10, 1000); },
                     [&](Result<Page> page) { order += std::to_string(page->rows.size()); });
    CHECK(order.empty());
    for (const auto& job : jobs) job();
    CHECK(order.empty());
    loop.runPosted();
    CHECK(order == "a1");
    CHECK(outbox.figures().rows == 1);
}

TEST_CASE("async outbox: a full queue and a missing outbox are errors, not silence", "[outbox]") {
    const test::TempDirectory directory;
    test::FakeClock clock;
    test::FakeLoop loop(clock);
    std::vector<ErrorKind> kinds;
    const auto keep = [&](Result<Applied> applied) { kinds.push_back(applied.error().kind); };
    AsyncOutbox busy(
        loop, [](const std::function<void()>&) { return false; }, Outbox::open(directory.path()));
    busy.apply(oneRow("01"), keep);
    AsyncOutbox none(
        loop, [](const std::function<void()>&) { return true; }, Outbox::open(directory.file("none")));
    none.apply(oneRow("01"), keep);
    loop.runPosted();
    CHECK(kinds == std::vector{ErrorKind::Unavailable, ErrorKind::NotFound});
    CHECK(none.error()->kind == ErrorKind::NotFound);
}

TEST_CASE("async outbox: works on a thread of its own", "[outbox]") {
    const test::TempDirectory directory;
    test::FakeClock clock;
    test::FakeLoop loop(clock);
    // The loop of the test is not thread-safe: the answers are looked at in the database afterwards.
    {
        auto opened = Outbox::open(directory.path());
        Outbox* outbox = opened->get();
        TaskThread thread("state", 100);
        for (int i = 0; i < 20; ++i) {
            CHECK(thread.tryPost(
                [outbox, i] { static_cast<void>(outbox->apply(oneRow("0" + std::to_string(i)))); }));
        }
        // The thread ends before the outbox does.
    }
    CHECK(Outbox::open(directory.path()).value()->figures().rows == 20);
}
