#include "app/link_transport.hpp"

#include <catch2/catch.hpp>

#include "ipc/camera_messages.hpp"
#include "support/ipc/fake_worker.hpp"

using namespace camgate;
using namespace camgate::app;
using namespace std::chrono_literals;
using ipc::encode;
using ipc::LinkMessage;
using ipc::LinkState;

namespace {

struct Listener final : uplink::TransportListener {
    int ups = 0;
    std::vector<std::string> downs;
    std::vector<std::pair<std::uint64_t, uplink::Fate>> published;
    std::vector<uplink::HubMessage> messages;
    void onUp() override { ++ups; }
    void onDown(const std::string& why) override { downs.push_back(why); }
    void onPublished(std::uint64_t id, uplink::Fate fate) override { published.emplace_back(id, fate); }
    void onMessage(const uplink::HubMessage& message) override { messages.push_back(message); }
};

struct LinkFixture {
    test::FakeClock clock;
    test::FakeLoop loop{clock};
    test::FakeLauncher launcher;
    Listener listener;
    std::string will = "first";
    LinkTransport link{loop, launcher, ipc::WorkerRole::LinkControl, [this] {
                           ipc::LinkSettings settings;
                           settings.host = "hub.example";
                           settings.client_id = "cg-1";
                           settings.will_payload = will;
                           return settings;
                       }};
    std::unique_ptr<test::FakeWorker> worker;

    LinkFixture() {
        link.setListener(&listener);
        link.open();
        meetWorker();
    }
    void meetWorker() { worker = std::make_unique<test::FakeWorker>(loop, launcher.started.back()); }
    void report(LinkState state, const std::string& detail = "") {
        ipc::LinkReport report;
        report.state = state;
        report.detail = detail;
        report.window = state == LinkState::Up ? 12 : 0;
        report.round_trip_ms = state == LinkState::Up ? 40 : 0;
        worker->say(LinkMessage::Report, encode(report));
    }
    bool killed() const { return launcher.started.back().killed; }
};

constexpr std::uint16_t number(LinkMessage type) {
    return static_cast<std::uint16_t>(type);
}

}  // namespace

TEST_CASE("link transport: the settings come first, asked for anew for each worker", "[app]") {
    LinkFixture f;
    CHECK(f.launcher.started[0].role == ipc::WorkerRole::LinkControl);
    auto heard = f.worker->heard();
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].type == number(LinkMessage::Settings));
    auto settings = ipc::decodeLinkSettings(heard[0].payload);
    REQUIRE(settings);
    CHECK(settings->host == "hub.example");
    CHECK(settings->will_payload == "first");

    f.will = "second";
    f.worker->leave();
    f.loop.advance(1s);
    REQUIRE(f.launcher.started.size() == 2);
    f.meetWorker();
    heard = f.worker->heard();
    REQUIRE(heard.size() == 1);
    settings = ipc::decodeLinkSettings(heard[0].payload);
    REQUIRE(settings);
    CHECK(settings->will_payload == "second");
}

TEST_CASE("link transport: up and down are told once each", "[app]") {
    LinkFixture f;
    f.worker->say(LinkMessage::Hello, encode(ipc::WorkerHello{ipc::kProtocolVersion, 7}));
    f.report(LinkState::Connecting);
    CHECK_FALSE(f.link.up());
    f.report(LinkState::Up);
    f.report(LinkState::Up);
    CHECK(f.link.up());
    CHECK(f.link.window() == 12);
    CHECK(f.link.roundTrip() == 40ms);
    CHECK(f.listener.ups == 1);
    CHECK(f.listener.downs.empty());
    SECTION("a worker that says so and then ends") {
        f.report(LinkState::Lost, "the broker closed the connection");
        f.report(LinkState::Lost, "the broker closed the connection");
        f.worker->leave();
        CHECK(f.listener.downs == std::vector<std::string>{"the broker closed the connection"});
    }
    SECTION("a worker that just ends") {
        f.worker->leave();
        CHECK(f.listener.downs.size() == 1);
        CHECK(f.link.report().state == LinkState::Lost);
    }
    SECTION("a worker that falls silent") {
        f.loop.advance(16s);
        CHECK(f.listener.downs.size() == 1);
        CHECK(f.link.report().state == LinkState::Lost);
    }
    CHECK_FALSE(f.link.up());
    f.loop.advance(1s);
    f.meetWorker();
    f.report(LinkState::Up);
    CHECK(f.listener.ups == 2);
    CHECK(f.listener.downs.size() == 1);
}

TEST_CASE("link transport: a connection that never was is not told to be down", "[app]") {
    LinkFixture f;
    f.report(LinkState::Unreachable, "no route");
    f.worker->leave();
    CHECK(f.listener.ups == 0);
    CHECK(f.listener.downs.empty());
}

TEST_CASE("link transport: publishes go out as they are, and only while up", "[app]") {
    LinkFixture f;
    const uplink::HubMessage message{
        "camgate/v1/cg-1/event/gate", {1, 2, 3}, "application/json", "back", {9, 8}, true, 3600};
    CHECK_FALSE(f.link.publish(1, message));
    f.report(LinkState::Up);
    (void)f.worker->heard();
    CHECK(f.link.publish(2, message));
    const auto heard = f.worker->heard();
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].type == number(LinkMessage::Publish));
    const auto request = ipc::decodePublishRequest(heard[0].payload);
    REQUIRE(request);
    CHECK(request->id == 2);
    CHECK(request->expiry_s == 3600);
    CHECK(
        request->message ==
        ipc::MqttMessage{"camgate/v1/cg-1/event/gate", {1, 2, 3}, "application/json", "back", {9, 8}, true});
    f.report(LinkState::AckOverdue, "no acknowledgement for 10 s");
    CHECK_FALSE(f.link.publish(3, message));
    CHECK(f.worker->heard().empty());
}

TEST_CASE("link transport: a worker that does not read is told no more", "[app]") {
    LinkFixture f;
    f.report(LinkState::Up);
    uplink::HubMessage chunk;
    chunk.topic = "chunk";
    chunk.payload.resize(200'000);
    int taken = 0;
    // Nobody reads in this loop: the socket's buffer and 8 MiB are all there is.
    while (taken < 100 && f.link.publish(static_cast<std::uint64_t>(taken + 1), chunk)) ++taken;
    CHECK(taken >= 40);
    CHECK(taken < 60);
}

TEST_CASE("link transport: what the broker answered is handed on, refusals as such", "[app]") {
    LinkFixture f;
    f.report(LinkState::Up);
    // MQTT 5: 0x10 no matching subscribers is a success, 0x80 and above are not.
    f.worker->say(LinkMessage::Published, encode(ipc::Published{1, 0x00}));
    f.worker->say(LinkMessage::Published, encode(ipc::Published{2, 0x10}));
    f.worker->say(LinkMessage::Published, encode(ipc::Published{3, 0x80}));
    f.worker->say(LinkMessage::Published, encode(ipc::Published{4, 0x97}));
    CHECK(f.listener.published ==
          std::vector<std::pair<std::uint64_t, uplink::Fate>>{{1, uplink::Fate::Accepted},
                                                              {2, uplink::Fate::Unheard},
                                                              {3, uplink::Fate::Refused},
                                                              {4, uplink::Fate::Refused}});
}

TEST_CASE("link transport: what arrives is handed on whole", "[app]") {
    LinkFixture f;
    f.report(LinkState::Up);
    const ipc::MqttMessage sent{
        "camgate/v1/cg-1/command/clip.get", Bytes(100'000, 5), "application/json", "reply", {1, 2}, true};
    f.worker->say(LinkMessage::Arrived, encode(sent));
    REQUIRE(f.listener.messages.size() == 1);
    const auto& got = f.listener.messages[0];
    CHECK(ipc::MqttMessage{got.topic, got.payload, got.content_type, got.response_topic, got.correlation,
                           got.retain} == sent);
}

TEST_CASE("link transport: a worker that lies is ended", "[app][hostile]") {
    LinkFixture f;
    f.report(LinkState::Up);
    SECTION("another protocol") {
        f.worker->say(LinkMessage::Hello, encode(ipc::WorkerHello{ipc::kProtocolVersion + 1, 7}));
    }
    SECTION("a report that does not decode") {
        f.worker->say(LinkMessage::Report, {0xFF});
    }
    SECTION("an acknowledgement that does not decode") {
        f.worker->say(LinkMessage::Published, {1, 2, 3});
    }
    SECTION("a message that does not decode") {
        f.worker->say(LinkMessage::Arrived, {1, 2, 3});
    }
    SECTION("a type that only camgated sends") {
        f.worker->say(LinkMessage::Disconnect, {});
    }
    SECTION("more than a message may hold") {
        f.worker->say(LinkMessage::Arrived, Bytes(1U << 20U));
    }
    CHECK(f.killed());
    CHECK(f.worker->ended());
    CHECK(f.listener.downs.size() == 1);
}

TEST_CASE("link transport: closing lets the worker take its leave, and it stays closed", "[app]") {
    LinkFixture f;
    f.report(LinkState::Up);
    (void)f.worker->heard();
    f.link.close();
    CHECK_FALSE(f.link.up());
    CHECK_FALSE(f.link.publish(1, {}));
    const auto heard = f.worker->heard();
    REQUIRE(heard.size() == 1);
    CHECK(heard[0].type == number(LinkMessage::Disconnect));
    CHECK_FALSE(f.killed());
    f.loop.advance(2s);
    CHECK(f.killed());
    f.loop.advance(60s);
    CHECK(f.launcher.started.size() == 1);
    CHECK(f.listener.downs.empty());  // who closed knows

    f.link.open();
    REQUIRE(f.launcher.started.size() == 2);
    f.meetWorker();
    f.report(LinkState::Up);
    CHECK(f.listener.ups == 2);
}

TEST_CASE("link transport: with other settings another connection is made at once", "[app]") {
    LinkFixture f;
    f.report(LinkState::Up);
    f.will = "second";
    f.link.renew();
    CHECK(f.listener.downs.size() == 1);
    CHECK_FALSE(f.link.up());
    REQUIRE(f.launcher.started.size() == 2);
    f.meetWorker();
    f.report(LinkState::Up);
    CHECK(f.listener.ups == 2);
    f.link.close();
    f.link.renew();
    CHECK(f.launcher.started.size() == 2);
}

TEST_CASE("link transport: why there is no link stays known between workers", "[app]") {
    LinkFixture f;
    f.report(LinkState::TlsFailed, "the certificate is for another name");
    f.worker->leave();
    CHECK(f.link.report().state == LinkState::TlsFailed);
    CHECK(f.link.report().detail == "the certificate is for another name");
    f.loop.advance(1s);
    REQUIRE(f.launcher.started.size() == 2);
    CHECK(f.link.report().detail == "the certificate is for another name");
}
