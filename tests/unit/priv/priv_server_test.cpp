#include "app/priv_server.hpp"

#include <catch2/catch.hpp>
#include <optional>

#include "support/ipc/fake_worker.hpp"

using namespace camgate;
using ipc::PrivMessage;

namespace {

/// Remembers what it was told to do.
class FakeControl final : public update::SlotControl {
  public:
    Result<update::Slots> slots() override { return state; }
    Result<update::BundleInfo> inspect(const std::string& path) override {
        did.push_back("inspect " + path);
        return fail(ErrorKind::PermissionDenied, "signature verification failed");
    }
    Status install(const std::string& path, const std::function<void(int)>& progress) override {
        did.push_back("install " + path);
        progress(30);
        progress(130);
        return {};
    }
    Status activate(update::Slot slot) override {
        did.push_back("activate " + std::string(update::nameOf(slot)));
        return {};
    }
    Status markGood() override {
        did.emplace_back("mark-good");
        return {};
    }
    Status restart() override {
        did.emplace_back("restart");
        return {};
    }

    Result<update::Slots> state =
        update::Slots{update::Slot::B, update::Slot::A, {0, 2}, {"0.1.0", "0.2.0"}, "camgate-test", false};
    std::vector<std::string> did;
};

struct Rig {
    test::FakeClock clock;
    test::FakeLoop loop{clock};
    test::FakeLauncher launcher;
    std::unique_ptr<ipc::WorkerProcess> process = std::move(*launcher.launch(ipc::WorkerRole::Priv));
    FakeControl control;
    std::optional<int> ended;
    std::optional<app::WiredNetwork> network;
    app::PrivServer server{loop, std::move(launcher.started[0].worker_end), control,
                           [this](const app::WiredNetwork& asked) {
                               network = asked;
                               return Status();
                           },
                           [this](int how) { ended = how; }};
    std::vector<std::pair<std::uint16_t, Bytes>> heard;
    ipc::FrameChannel daemon{loop,
                             process->takeSocket(),
                             {ipc::longestFromPriv},
                             [this](std::uint16_t type, ByteView payload) {
                                 heard.emplace_back(type, Bytes(payload.begin(), payload.end()));
                             },
                             [](const Error&) {}};

    void ask(PrivMessage verb, const Bytes& payload = {}) {
        (void)daemon.send(static_cast<std::uint16_t>(verb), payload);
        for (int i = 0; i < 3; ++i) loop.makeAllReadable();
    }
    PrivMessage lastType() const { return static_cast<PrivMessage>(heard.back().first); }
};

}  // namespace

TEST_CASE("camgate-priv: each verb is done and answered", "[app]") {
    Rig rig;
    rig.ask(PrivMessage::Slots);
    REQUIRE(rig.lastType() == PrivMessage::SlotsAre);
    const auto slots = ipc::decodeSlotsReport(rig.heard.back().second);
    REQUIRE(slots.has_value());
    CHECK(*slots == ipc::SlotsReport{1, 0, {0, 2}, {"0.1.0", "0.2.0"}, "camgate-test", false});

    rig.ask(PrivMessage::Inspect, ipc::encodePrivPath("/a/b.raucb"));
    REQUIRE(rig.lastType() == PrivMessage::Failed);
    CHECK(ipc::decodePrivFailure(rig.heard.back().second).kind == ErrorKind::PermissionDenied);

    rig.heard.clear();
    rig.ask(PrivMessage::Install, ipc::encodePrivPath("/a/b.raucb"));
    REQUIRE(rig.heard.size() == 3);
    CHECK(ipc::decodePrivProgress(rig.heard[1].second) == 100);
    CHECK(rig.lastType() == PrivMessage::Done);

    rig.ask(PrivMessage::Activate, ipc::encodePrivSlot(1));
    rig.ask(PrivMessage::MarkGood);
    rig.ask(PrivMessage::Restart);
    CHECK(rig.control.did == std::vector<std::string>{"inspect /a/b.raucb", "install /a/b.raucb",
                                                      "activate B", "mark-good", "restart"});
    CHECK_FALSE(rig.ended.has_value());
}

TEST_CASE("camgate-priv: a network is set that can be, and refused with the field otherwise", "[app]") {
    Rig rig;
    rig.ask(PrivMessage::Network, ipc::encode(ipc::NetworkOrder{"10.0.0.5/24", "10.0.1.1", {}}));
    REQUIRE(rig.lastType() == PrivMessage::Failed);
    CHECK_THAT(ipc::decodePrivFailure(rig.heard.back().second).context, Catch::StartsWith("router: found"));
    CHECK_FALSE(rig.network.has_value());
    rig.ask(PrivMessage::Network, ipc::encode(ipc::NetworkOrder{"10.0.0.5/24", "10.0.0.1", {}}));
    CHECK(rig.lastType() == PrivMessage::Done);
    REQUIRE(rig.network.has_value());
    CHECK(rig.network->address == "10.0.0.5");
}

TEST_CASE("camgate-priv: what is no verb ends it, and nothing was done", "[app]") {
    Rig rig;
    SECTION("a path that leads elsewhere") {
        rig.ask(PrivMessage::Install, ipc::encodePrivPath("/a/../etc/shadow"));
    }
    SECTION("a path that begins nowhere") {
        rig.ask(PrivMessage::Inspect, ipc::encodePrivPath("https://example.org/b.raucb"));
    }
    SECTION("a third slot") {
        rig.ask(PrivMessage::Activate, {2});
    }
    SECTION("an answer") {
        rig.ask(PrivMessage::Done);
    }
    SECTION("a verb of tomorrow") {
        rig.ask(static_cast<PrivMessage>(9));
    }
    SECTION("more than a verb takes") {
        rig.ask(PrivMessage::Restart, Bytes(10));
    }
    CHECK(rig.ended == 3);
    CHECK(rig.control.did.empty());
}
