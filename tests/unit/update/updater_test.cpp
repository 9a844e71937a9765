#include "update/updater.hpp"

#include <catch2/catch.hpp>

#include "support/update/update_box.hpp"

using namespace camgate;
using namespace camgate::update;
using test::FakeBundle;

namespace {

constexpr Duration kLong = std::chrono::minutes(20);

BootState bootOf(test::MemoryFileSystem& disk) {
    return BootStore::open(disk, test::kBootDevice)->state();
}

/// From the order to the restart.
void installOn(test::MemoryFileSystem& disk, const FakeBundle& bundle) {
    REQUIRE(test::bootOnce(disk) == Slot::A);
    test::BoxRun run(disk, Slot::A);
    run.start();
    REQUIRE(run.give(bundle));
    run.live(kLong);
    REQUIRE(run.rauc.restarted);
}

/// What came of a bundle that is refused.
UpdateRecord refusedOn(test::MemoryFileSystem& disk, const FakeBundle& bundle, Order order) {
    test::BoxRun run(disk, Slot::A);
    run.start();
    const auto have = run.order(order);
    REQUIRE(have.has_value());
    (void)run.bring(bundle, *have);
    run.live(std::chrono::minutes(2));
    CHECK(run.rauc.installations == 0);
    CHECK_FALSE(run.rauc.restarted);
    CHECK_FALSE(disk.exists("/disk/data/update/bundle.raucb"));
    CHECK_FALSE(disk.exists("/disk/data/update/bundle.part"));
    CHECK(bootOf(disk).first == Slot::A);
    return run.record();
}

}  // namespace

TEST_CASE("updater: a bundle is installed, tried and kept", "[update]") {
    const auto disk = test::newBox(Slot::A);
    installOn(*disk, {.version = test::kFine});
    REQUIRE(test::bootOnce(*disk) == Slot::B);
    CHECK(bootOf(*disk).triesLeft(Slot::B) == kTrialTries - 1);

    test::BoxRun run(*disk, Slot::B);
    run.health.live_cameras = {"gate"};
    run.health.other_cameras = {"yard"};
    run.start();
    run.live(std::chrono::minutes(4));
    CHECK(run.record().phase == Phase::Trial);
    CHECK(run.rauc.marked_good == 0);
    CHECK(bootOf(*disk).triesLeft(Slot::B) == kTrialTries - 1);

    run.health.live_cameras = {"gate", "yard"};
    run.live(std::chrono::seconds(10));
    CHECK(run.record().phase == Phase::Committed);
    CHECK(run.record().order.version == "0.2.0");
    CHECK(bootOf(*disk).triesLeft(Slot::B) == kProvenTries);
    CHECK_FALSE(disk->exists("/disk/data/update/bundle.raucb"));
    REQUIRE(run.audited.size() == 1);
    CHECK(run.audited.front().phase == Phase::Committed);
}

TEST_CASE("updater: a version that is not healthy in 5 minutes goes back and says why", "[update]") {
    const auto disk = test::newBox(Slot::A);
    installOn(*disk, {.version = test::kSick});
    REQUIRE(test::bootOnce(*disk) == Slot::B);
    test::BoxRun trial(*disk, Slot::B);
    trial.health.link_up = false;
    trial.start();
    trial.live(Updater::kTrial - std::chrono::seconds(10));
    CHECK_FALSE(trial.rauc.restarted);
    trial.live(std::chrono::minutes(1));
    CHECK(trial.rauc.restarted);

    REQUIRE(test::bootOnce(*disk) == Slot::A);
    test::BoxRun back(*disk, Slot::A);
    back.start();
    back.live(std::chrono::minutes(2));
    CHECK(back.record().phase == Phase::RolledBack);
    CHECK(back.record().reason == "not-healthy");
    CHECK(back.record().detail == "the hub link is not back, camera yard is not back");
    CHECK(bootOf(*disk).first == Slot::A);
    CHECK(bootOf(*disk).triesLeft(Slot::A) == kProvenTries);
}

TEST_CASE("updater: a version whose daemon never starts is given up after three boots", "[update]") {
    const auto disk = test::newBox(Slot::A);
    installOn(*disk, {.version = test::kDead});
    for (int boot = 0; boot < kTrialTries; ++boot) CHECK(test::bootOnce(*disk) == Slot::B);
    REQUIRE(test::bootOnce(*disk) == Slot::A);
    test::BoxRun back(*disk, Slot::A);
    back.start();
    back.live(std::chrono::minutes(2));
    CHECK(back.record().phase == Phase::RolledBack);
    CHECK(back.record().reason == "did-not-start");
    CHECK(bootOf(*disk).first == Slot::A);
}

TEST_CASE("updater: what is paused or no longer configured is not waited for", "[update]") {
    Demands demands{false, true, {"gate", "yard"}};
    Health health{false, true, {"gate"}, {}};
    CHECK(lacking(demands, health).empty());
    health.other_cameras = {"yard"};
    CHECK(lacking(demands, health) == "camera yard is not back");
    health.card_works = false;
    CHECK(lacking(demands, health) == "the card does not take footage, camera yard is not back");
}

TEST_CASE("updater: the link is demanded if the hub gave the order or it was up", "[update]") {
    const Health down{false, true, {}, {}};
    CHECK_FALSE(demandsOf(down, Source::Console).link);
    CHECK(demandsOf(down, Source::Url).link);
    CHECK(demandsOf({true, true, {}, {}}, Source::Console).link);
}

TEST_CASE("updater: each bundle that does not fit is named and leaves the box as it was", "[update]") {
    struct Row {
        FakeBundle bundle;
        std::string ordered_version;
        std::string reason;
        std::string detail;
    };
    const auto row = GENERATE(
        Row{{.version = 2, .trusted = false},
            "",
            "bad-signature",
            "signature verification failed; use a bundle that is signed for these boxes"},
        Row{{.version = 2, .compatible = "camgate-other"},
            "",
            "wrong-board",
            "the bundle is for camgate-other, this box is camgate-test; use the bundle of this board"},
        Row{{.version = 2},
            "0.3.0",
            "wrong-version",
            "the bundle has version 0.2.0, ordered was 0.3.0; correct the order or the bundle"},
        Row{{.version = 1}, "", "already-running", "version 0.1.0 runs already; there is nothing to do"});
    const auto disk = test::newBox(Slot::A);
    Order order = test::orderOf(row.bundle);
    order.version = row.ordered_version;
    const UpdateRecord record = refusedOn(*disk, row.bundle, order);
    CHECK(record.phase == Phase::Failed);
    CHECK(record.reason == row.reason);
    CHECK(record.detail == row.detail);
}

TEST_CASE("updater: a bundle that is not the ordered one is refused by its hash", "[update]") {
    const auto disk = test::newBox(Slot::A);
    FakeBundle other{.version = 5};
    const UpdateRecord record = refusedOn(*disk, other, test::orderOf({.version = 2}));
    CHECK(record.reason == "wrong-hash");
}

TEST_CASE("updater: an older version comes by a signed flag alone", "[update]") {
    const auto disk = test::newBox(Slot::A);
    auto store = BootStore::open(*disk, test::kBootDevice);
    REQUIRE(test::installInto(*disk, *store, Slot::A, test::kFineToo));
    test::BoxRun run(*disk, Slot::A);
    run.start();
    Order order = test::orderOf({.version = 2});
    order.version = "0.2.0";
    const auto refused = run.order(order);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().context ==
          "downgrade: version 0.2.0 is older than 0.5.0, which runs; only the hub's signed order can allow "
          "that");
    CHECK(run.record().phase == Phase::None);
    order.allow_downgrade = true;
    const auto have = run.order(order);
    REQUIRE(have.has_value());
    REQUIRE(run.bring({.version = 2}, *have));
    run.live(kLong);
    CHECK(run.rauc.restarted);
}

TEST_CASE("updater: an order waits for its time, and for a clock that can tell it", "[update]") {
    const auto disk = test::newBox(Slot::A);
    test::BoxRun run(*disk, Slot::A);
    run.start();
    Order order = test::orderOf({.version = 2});
    order.not_before = run.clock.wallNow().time + std::chrono::minutes(10);
    const auto have = run.order(order);
    REQUIRE(have.has_value());
    REQUIRE(run.bring({.version = 2}, *have));
    run.live(std::chrono::minutes(9));
    CHECK(run.record().phase == Phase::Verifying);
    CHECK(run.record().verified);
    run.clock.setWall({*order.not_before, WallQuality::Unsynced, {}});
    run.live(std::chrono::minutes(5));
    CHECK(run.record().phase == Phase::Verifying);
    run.clock.setWall({*order.not_before, WallQuality::Ntp, {}});
    run.live(std::chrono::minutes(1));
    CHECK(run.rauc.restarted);
}

TEST_CASE("updater: a repeat is the same order, another one waits for the end", "[update]") {
    const auto disk = test::newBox(Slot::A);
    test::BoxRun run(*disk, Slot::A);
    run.start();
    const FakeBundle bundle{.version = 2};
    const FakeBundle another{.version = 5};
    REQUIRE(run.order(test::orderOf(another)) == 0U);
    REQUIRE(run.order(test::orderOf(bundle)) == 0U);  // nothing of the first was installed yet
    CHECK(run.record().order.sha256 == bundle.sha256());
    Order timed = test::orderOf(bundle);
    REQUIRE(run.bring(bundle, 0));
    CHECK(run.record().phase == Phase::Rebooting);
    CHECK(run.order(test::orderOf(bundle)) == bundle.bytes().size());
    const auto busy = run.order(test::orderOf(another));
    REQUIRE_FALSE(busy.has_value());
    CHECK(busy.error().context == "busy: an update is rebooting; wait for its end");
}

TEST_CASE("updater: a delivery that breaks off is taken up again or given up", "[update]") {
    const auto disk = test::newBox(Slot::A);
    const FakeBundle bundle{.version = 2};
    Order order = test::orderOf(bundle);
    order.source = GENERATE(Source::Url, Source::Hub);
    if (order.source == Source::Url) order.url = "https://example.org/b";
    {
        test::BoxRun run(*disk, Slot::A);
        run.start();
        REQUIRE(run.order(order) == 0U);
        CHECK(run.fetched_from == 0U);
        Status late;
        run.updater.deliver(512, Bytes(10), [&late](Status said) { late = std::move(said); });
        CHECK_FALSE(late.has_value());
        CHECK(run.updater.haveBytes() == 0);
    }
    test::BoxRun again(*disk, Slot::A);
    again.start();
    CHECK(again.fetched_from == 0U);
    again.live(std::chrono::hours(25));
    CHECK(again.record().phase == Phase::Failed);
    CHECK(again.record().reason == "not-delivered");
}

TEST_CASE("updater: what RAUC says is told", "[update]") {
    const auto disk = test::newBox(Slot::A);
    test::BoxRun run(*disk, Slot::A);
    run.rauc.fails_with = "failed to write to slot: Input/output error";
    run.start();
    REQUIRE(run.give({.version = 2}));
    run.live(std::chrono::minutes(2));
    CHECK(run.record().phase == Phase::Failed);
    CHECK(run.record().reason == "install-failed");
    CHECK(run.record().detail == "failed to write to slot: Input/output error");
}

TEST_CASE("updater: without slots an order is answered with the reason", "[update]") {
    const auto disk = test::newBox(Slot::A);
    test::BoxRun run(*disk, Slot::A);
    run.rauc.away = true;
    run.start();
    const auto said = run.order(test::orderOf({.version = 2}));
    REQUIRE_FALSE(said.has_value());
    CHECK(said.error().kind == ErrorKind::Unavailable);
    CHECK(run.updater.fault().find("nothing here changes slots") != std::string::npos);
    run.rauc.away = false;
    CHECK(run.order(test::orderOf({.version = 2})) == 0U);
}

TEST_CASE("updater: a card that takes no record holds the update, and is tried again", "[update]") {
    const auto disk = test::newBox(Slot::A);
    test::BoxRun run(*disk, Slot::A);
    run.start();
    REQUIRE(run.order(test::orderOf({.version = 2})) == 0U);
    run.stuck = true;
    CHECK_FALSE(run.bring({.version = 2}, 0).has_value());
    run.live(std::chrono::minutes(2));
    CHECK(run.record().phase == Phase::Failed);
    run.stuck = false;
    run.live(std::chrono::minutes(1));
    CHECK(UpdateFiles::open(*disk, test::kBoxData)->store().record().phase == Phase::Failed);
}

TEST_CASE("updater: with nothing under way a start that lasts gives its try back", "[update]") {
    const auto disk = test::newBox(Slot::A);
    REQUIRE(test::bootOnce(*disk) == Slot::A);
    test::BoxRun run(*disk, Slot::A);
    run.start();
    run.live(std::chrono::seconds(50));
    CHECK(bootOf(*disk).triesLeft(Slot::A) == kTrialTries - 1);
    run.live(std::chrono::seconds(20));
    CHECK(bootOf(*disk).triesLeft(Slot::A) == kProvenTries);
}

TEST_CASE("updater: a try is given back later where nobody answers at first", "[update]") {
    const auto disk = test::newBox(Slot::A);
    REQUIRE(test::bootOnce(*disk) == Slot::A);
    test::BoxRun run(*disk, Slot::A);
    SECTION("on the question which slot runs") {
        run.rauc.away = true;
        run.start();
        run.live(std::chrono::minutes(2));
    }
    SECTION("on the wish to mark it") {
        run.start();
        run.rauc.away = true;
        run.live(std::chrono::minutes(2));
    }
    CHECK(bootOf(*disk).triesLeft(Slot::A) == kTrialTries - 1);
    run.rauc.away = false;
    run.live(std::chrono::minutes(5));
    CHECK(bootOf(*disk).triesLeft(Slot::A) == kProvenTries);
    CHECK(run.rauc.marked_good == 1);
}

TEST_CASE(
    "updater: what worked when the installation began is demanded, also of a restart that caught it away",
    "[update]") {
    const auto disk = test::newBox(Slot::A);
    REQUIRE(test::bootOnce(*disk) == Slot::A);
    {
        test::BoxRun run(*disk, Slot::A);
        run.health.live_cameras = {"gate"};
        run.rauc.on_install = [&] {
            run.health.live_cameras = {};
            run.health.other_cameras = {"gate"};
        };
        run.start();
        REQUIRE(run.give({.version = test::kFine}));
        run.live(kLong);
        REQUIRE(run.rauc.restarted);
    }
    REQUIRE(test::bootOnce(*disk) == Slot::B);
    test::BoxRun run(*disk, Slot::B);
    run.health.live_cameras = {};
    run.health.other_cameras = {"gate"};
    run.start();
    run.live(std::chrono::minutes(4));
    CHECK(run.record().phase == Phase::Trial);
}
