#include "app/priv_installer.hpp"

#include <catch2/catch.hpp>
#include <optional>

#include "ipc/priv_messages.hpp"
#include "support/ipc/fake_worker.hpp"

using namespace camgate;
using ipc::PrivMessage;
using test::FakeWorker;

namespace {

struct InstallerRig {
    test::FakeClock clock;
    test::FakeLoop loop{clock};
    test::FakeLauncher launcher;
    app::PrivInstaller installer{loop, launcher, "0.1.0+1"};
    std::optional<FakeWorker> worker;

    FakeWorker& priv() {
        loop.runPosted();
        return worker.emplace(loop, launcher.started.back());
    }
};

}  // namespace

TEST_CASE("priv installer: slots are told with the version that runs", "[app]") {
    InstallerRig rig;
    std::optional<Result<update::Slots>> said;
    rig.installer.slots([&said](Result<update::Slots> slots) { said = std::move(slots); });
    FakeWorker& priv = rig.priv();
    REQUIRE(priv.heard().size() == 1);
    priv.say(PrivMessage::SlotsAre,
             ipc::encode(ipc::SlotsReport{1, 0, {0, 2}, {"0.0.9", ""}, "camgate-test", false}));
    REQUIRE(said.has_value());
    REQUIRE(said->has_value());
    CHECK((*said)->running == update::Slot::B);
    CHECK((*said)->first == update::Slot::A);
    CHECK((*said)->triesLeft(update::Slot::B) == 2);
    CHECK((*said)->version(update::Slot::B) == "0.1.0+1");
    CHECK((*said)->version(update::Slot::A) == "0.0.9");
    CHECK(priv.ended());
}

TEST_CASE("priv installer: an installation's progress is heard until its end", "[app]") {
    InstallerRig rig;
    std::vector<int> percents;
    std::optional<Status> done;
    rig.installer.install(
        "/data/update/bundle.raucb", [&](int percent) { percents.push_back(percent); },
        [&](Status said) { done = std::move(said); });
    FakeWorker& priv = rig.priv();
    const auto heard = priv.heard();
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].type == static_cast<std::uint16_t>(PrivMessage::Install));
    CHECK(ipc::decodePrivPath(heard[0].payload) == std::string("/data/update/bundle.raucb"));
    priv.say(PrivMessage::Progress, ipc::encodePrivProgress(20));
    priv.say(PrivMessage::Progress, ipc::encodePrivProgress(80));
    CHECK_FALSE(done.has_value());
    priv.say(PrivMessage::Failed, ipc::encodePrivFailure({ErrorKind::Internal, 0, "no space on slot"}));
    CHECK(percents == std::vector{20, 80});
    REQUIRE(done.has_value());
    REQUIRE_FALSE(done->has_value());
    CHECK(done->error().kind == ErrorKind::Internal);
    CHECK(done->error().context == "no space on slot");
}

TEST_CASE("priv installer: a helper that dies, lies or is not there has refused nothing", "[app]") {
    InstallerRig rig;
    std::optional<Status> done;
    rig.installer.activate(update::Slot::B, [&](Status said) { done = std::move(said); });
    FakeWorker& priv = rig.priv();
    SECTION("dies") {
        priv.leave();
    }
    SECTION("answers what was not asked") {
        priv.say(PrivMessage::BundleIs, ipc::encode(ipc::BundleReport{"a", "b"}));
    }
    SECTION("says nothing") {
        rig.loop.advance(std::chrono::minutes(3));
    }
    REQUIRE(done.has_value());
    REQUIRE_FALSE(done->has_value());
    CHECK(done->error().kind == ErrorKind::Unavailable);

    rig.launcher.refuse = true;
    done.reset();
    rig.installer.markGood([&](Status said) { done = std::move(said); });
    REQUIRE(done.has_value());
    CHECK(done->error().kind == ErrorKind::Unavailable);
}
