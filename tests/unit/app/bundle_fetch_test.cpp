#include "app/bundle_fetch.hpp"

#include <catch2/catch.hpp>
#include <optional>

#include "support/ipc/fake_worker.hpp"

using namespace camgate;
using namespace std::chrono_literals;
using ipc::FetchMessage;
using test::FakeWorker;

namespace {

struct BundleFetchRig {
    test::FakeClock clock;
    test::FakeLoop loop{clock};
    test::FakeLauncher launcher;
    Bytes written;
    std::vector<std::function<void(Status)>> untaken;
    bool card_waits = false;
    std::optional<Error> failed;
    app::BundleFetch fetch{
        {loop, launcher, [] { return std::uint64_t{32'000}; },
         [this](std::uint64_t offset, const Bytes& bytes, std::function<void(Status)> taken) {
             CHECK(offset == written.size());
             written.insert(written.end(), bytes.begin(), bytes.end());
             if (card_waits) return untaken.push_back(std::move(taken));
             taken({});
         },
         [this](const Error& why) { failed = why; }}};
    std::optional<FakeWorker> worker;

    FakeWorker& started() {
        loop.advance(0s);
        loop.runPosted();
        return worker.emplace(loop, launcher.started.back());
    }
    static Bytes piece(std::uint64_t offset, std::size_t length) {
        return ipc::encode(ipc::FetchPiece{offset, Bytes(length, 7)});
    }
};

ipc::FetchOrder orderIn(const std::vector<FakeWorker::Heard>& heard) {
    REQUIRE(heard.size() == 1);
    const auto order = ipc::decodeFetchOrder(heard[0].payload);
    REQUIRE(order.has_value());
    return *order;
}

}  // namespace

TEST_CASE("bundle fetch: pieces are written in order and acknowledged once they are", "[app]") {
    BundleFetchRig rig;
    rig.fetch.begin("https://a/b", 1000, 0);
    FakeWorker& worker = rig.started();
    CHECK(orderIn(worker.heard()) == ipc::FetchOrder{"https://a/b", 0, 1000, 32'000});
    rig.card_waits = true;
    worker.say(FetchMessage::Piece, BundleFetchRig::piece(0, 600));
    CHECK(worker.heard().empty());
    rig.untaken.back()({});
    CHECK(worker.heard().size() == 1);
    worker.say(FetchMessage::Piece, BundleFetchRig::piece(600, 400));
    worker.say(FetchMessage::Done, {});
    CHECK(rig.written.size() == 1000);
    CHECK(worker.ended());
    rig.loop.advance(2h);
    CHECK(rig.launcher.started.size() == 1);
    CHECK_FALSE(rig.failed.has_value());
}

TEST_CASE("bundle fetch: what broke off goes on behind what was written, ever less often", "[app]") {
    BundleFetchRig rig;
    rig.fetch.begin("https://a/b", 1000, 0);
    FakeWorker& first = rig.started();
    first.say(FetchMessage::Piece, BundleFetchRig::piece(0, 600));
    first.leave();
    CHECK(rig.launcher.started.size() == 1);
    rig.loop.advance(61s);
    FakeWorker& second = rig.started();
    REQUIRE(rig.launcher.started.size() == 2);
    CHECK(orderIn(second.heard()).offset == 600);
    second.say(FetchMessage::Failed, ipc::encodeFetchFailure({ErrorKind::Unavailable, 0, "no route"}));
    rig.loop.advance(61s);
    CHECK(rig.launcher.started.size() == 2);
    rig.loop.advance(60s);
    CHECK(rig.launcher.started.size() == 3);
    CHECK_FALSE(rig.failed.has_value());
    rig.fetch.stop();
    rig.loop.advance(24h);
    CHECK(rig.launcher.started.size() == 3);
}

TEST_CASE("bundle fetch: an address without a bundle ends it, a worker that lies is started anew", "[app]") {
    BundleFetchRig rig;
    rig.fetch.begin("https://a/b", 1000, 0);
    FakeWorker& worker = rig.started();
    SECTION("no bundle") {
        worker.say(FetchMessage::Failed, ipc::encodeFetchFailure({ErrorKind::NotFound, 0, "404"}));
        REQUIRE(rig.failed.has_value());
        CHECK(rig.failed->context == "404");
    }
    SECTION("a piece that was not due") {
        worker.say(FetchMessage::Piece, BundleFetchRig::piece(500, 10));
        CHECK(worker.ended());
        CHECK(rig.written.empty());
        CHECK_FALSE(rig.failed.has_value());
    }
    SECTION("more than the whole") {
        worker.say(FetchMessage::Piece, BundleFetchRig::piece(0, 1001));
        CHECK(worker.ended());
        CHECK(rig.written.empty());
    }
}
